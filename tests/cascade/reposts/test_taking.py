"""Links of takers' own, what is counted with them, and the one letter that asks how it went."""

import re
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from cascade.audience.suppression import suppress
from cascade.database import Database
from cascade.errors import BadInput
from cascade.letters.records import Letter
from cascade.library.publish import find
from cascade.reposts import counting, taking
from cascade.reposts.counting import OTHERS, UNKNOWN, Batch, Gathering, is_machine, site_of, write
from cascade.reposts.following_up import AT_ONCE, FollowUp
from cascade.reposts.records import EmbedCount, Taker, TakerVisit
from cascade.reposts.taking import Asked
from tests import world
from tests.cascade.reposts.conftest import Used

WAIT = timedelta(days=14)
DAY = date(2026, 11, 21)
EMAIL = "jo@club.example.org"
ASK = FollowUp(world.LINKS, world.IDENTITY)


def take(database: Database, now: datetime, email: str = EMAIL, name: str = "") -> None:
    with database.writing() as session:
        toolkit = find(session, "cold-snap")
        taking.take(
            session,
            toolkit.id,
            "Cold snap",
            Asked(email, name),
            links=world.LINKS,
            cell="The cell",
            follow_up=WAIT,
            now=now,
        )


def letters(database: Database) -> list[Letter]:
    with database.reading() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def follow(database: Database, taker: int = 1) -> None:
    with database.writing() as session:
        write(session, Batch(followed=Counter({(taker, DAY): 1})))


def ask(database: Database, now: datetime) -> int:
    with database.writing() as session:
        return ASK(session, now)


def test_a_taker_gets_two_links_that_open_different_things(
    library: Database, now: datetime
) -> None:
    take(library, now, name="Lunch Club")

    (letter,) = letters(library)
    assert (letter.to, letter.name) == (EMAIL, "")
    public, own = re.findall(r"/t/([0-9a-f-]+)", letter.text)[:2]
    assert world.LINKS.read("taker", public) == world.LINKS.read("used", own) == 1
    assert world.LINKS.read("used", public) is None
    assert world.LINKS.read("taker", own) is None


CLAIM = "You won £500! Claim at https://evil.example/claim?now Zebra\r\nBcc: all@evil.example"


def test_no_word_that_a_stranger_typed_is_in_a_letter(library: Database, now: datetime) -> None:
    take(library, now, name=CLAIM)
    follow(library)
    assert ask(library, now + WAIT) == 1

    first, second = letters(library)
    for letter in (first, second):
        assert letter.text.startswith("Hello,\n")
        assert letter.name == ""
        written = f"{letter.subject} {letter.text} {letter.html or ''}"
        assert not re.search("won|500|evil|zebra|bcc", written, re.IGNORECASE)
    take(library, now, email="ann@elsewhere.example.org")
    nameless = letters(library)[2].text
    token = re.compile(r"/[a-z]+/[0-9a-f-]{10,}")
    assert token.sub("", first.text) == token.sub("", nameless)


@pytest.mark.parametrize(
    ("email", "typed"),
    [(EMAIL, "the CARE-HOMES 2"), ("", "Care-homes, 2"), ("pat3@care-homes.example.org", CLAIM)],
)
def test_an_organisation_of_ours_is_greeted_with_its_name_as_we_have_it(
    library: Database, now: datetime, email: str, typed: str
) -> None:
    take(library, now, email, typed)
    follow(library)
    ask(library, now + WAIT)

    for letter in letters(library):
        assert letter.text.startswith("Hello Care-Homes 2,\n")
        assert letter.name == "Care-Homes 2"
    assert len(letters(library)) == 2


def test_an_organisation_gets_its_link_at_the_address_we_know(
    library: Database, now: datetime
) -> None:
    take(library, now, email="", name="care-homes 2")
    take(library, now, email="", name="Nobody we know")

    assert [one.to for one in letters(library)] == ["pat3@care-homes.example.org"]


@pytest.mark.parametrize("reason", ["bounced", "complained"])
def test_nothing_is_written_to_an_address_that_must_not_be(
    library: Database, now: datetime, reason: str
) -> None:
    with library.writing() as session:
        suppress(session, EMAIL, reason, now)  # type: ignore[arg-type]
    take(library, now)

    assert letters(library) == []


def test_nobody_s_mailbox_is_filled(library: Database, now: datetime) -> None:
    for _ in range(5):
        take(library, now)

    assert len(letters(library)) == 3
    with library.reading() as session:
        assert session.scalar(select(func.count(Taker.id))) == 1


@pytest.mark.parametrize("asked", [Asked("", ""), Asked("jo", "Club"), Asked("a@b@c.org", "")])
def test_who_cannot_be_written_to_is_told_what_to_enter(asked: Asked) -> None:
    with pytest.raises(BadInput):
        taking.checked(asked)


def test_a_taker_who_told_nothing_is_asked_once(library: Database, now: datetime) -> None:
    take(library, now)
    follow(library)

    assert ask(library, now + WAIT - timedelta(seconds=1)) == 0
    assert ask(library, now + WAIT) == 1
    assert ask(library, now + WAIT * 9) == 0
    assert [one.subject for one in letters(library)][1:] == ["Did you use Cold snap?"]
    assert world.LINKS.stop(1) in letters(library)[1].text


def test_who_never_opened_the_link_is_not_asked(library: Database, now: datetime) -> None:
    take(library, now)

    assert ask(library, now + WAIT) == 1
    assert len(letters(library)) == 1


def test_who_told_us_is_not_asked(library: Database, used: Used, now: datetime) -> None:
    take(library, now)
    follow(library)
    used(taker=1)

    assert ask(library, now + WAIT) == 0
    assert len(letters(library)) == 1


def test_who_wants_no_letters_is_never_asked_about_any_toolkit(
    library: Database, now: datetime
) -> None:
    take(library, now)
    follow(library)
    with library.writing() as session:
        taking.stop(session, taking.known(session, 1), now)
        world.publish_toolkit(session, world.TOOLKIT.replace("cold-snap", "thaw"), now)
        taking.take(
            session,
            find(session, "thaw").id,
            "Thaw",
            Asked(EMAIL, ""),
            links=world.LINKS,
            cell="The cell",
            follow_up=WAIT,
            now=now,
        )
    follow(library, 2)

    assert ask(library, now + WAIT) == 0


def test_an_address_that_unsubscribed_is_not_asked(library: Database, now: datetime) -> None:
    take(library, now)
    follow(library)
    with library.writing() as session:
        suppress(session, EMAIL, "unsubscribed", now)

    assert ask(library, now + WAIT) == 1
    assert len(letters(library)) == 1


def test_many_are_asked_some_at_a_time(library: Database, now: datetime) -> None:
    with library.writing() as session:
        toolkit = find(session, "cold-snap").id
        session.add_all(
            Taker(
                toolkit_id=toolkit,
                email=f"{n}@example.org",
                name="",
                asked_at=now,
                follow_up_at=now,
            )
            for n in range(AT_ONCE + 5)
        )

    assert [ask(library, now) for _ in range(3)] == [AT_ONCE, 5, 0]


def shown(database: Database) -> dict[str, int]:
    with database.reading() as session:
        rows = session.execute(select(EmbedCount.site, EmbedCount.shown))
        return dict(rows.all())  # type: ignore[arg-type]


def test_counts_add_up_by_day(library: Database, now: datetime) -> None:
    take(library, now)
    for _ in range(2):
        counts = Gathering()
        counts.follow(1, DAY)
        counts.follow(1, DAY)
        counts.follow(99, DAY)
        counts.show(1, DAY, "club.example.org")
        with library.writing() as session:
            write(session, counts.take())
            write(session, counts.take())

    with library.reading() as session:
        visits = session.execute(select(TakerVisit.taker_id, TakerVisit.visits)).all()
    assert [tuple(one) for one in visits] == [(1, 4)]
    assert shown(library) == {"club.example.org": 2}


def test_invented_sites_become_others(library: Database) -> None:
    counts = Gathering()
    for _ in range(2):
        counts.show(1, DAY, "club.example.org")
    for one in range(5_000):
        counts.show(1, DAY, f"x{one}.example.org")
    with library.writing() as session:
        write(session, counts.take())
    counts.show(1, DAY, "late.example.org")
    counts.show(1, DAY, "club.example.org")
    with library.writing() as session:
        write(session, counts.take())

    found = shown(library)
    assert len(found) <= counting.MOST_SITES + 1
    assert sum(found.values()) == 5_004
    assert found["club.example.org"] == 3
    assert found[OTHERS] > 4_900


@pytest.mark.parametrize(
    ("referrer", "site"),
    [
        ("https://Club.Example.org:8443/secret?name=jo#x", "club.example.org"),
        ("http://[::1/", UNKNOWN),
        ("https://others/", UNKNOWN),
        ("android-app://org.example", "org.example"),
        ("", UNKNOWN),
    ],
)
def test_of_a_referrer_only_the_site_is_kept(referrer: str, site: str) -> None:
    assert site_of(referrer) == site


@given(st.text() | st.text().map("https://{}/".format))
def test_a_site_is_a_name_and_nothing_else(referrer: str) -> None:
    site = site_of(referrer)
    assert site.isascii()
    assert len(site) <= 253
    assert not set(site) & set("/?#@:<>'\" ")


@pytest.mark.parametrize("agent", ["", "Googlebot/2.1", "curl/8", "python-requests/2", "Slackbot"])
def test_programs_that_say_so_are_not_counted(agent: str) -> None:
    assert is_machine(agent)
    assert not is_machine("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0")

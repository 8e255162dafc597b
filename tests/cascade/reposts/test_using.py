"""“We used it”: what is kept of a report, what is refused, and what it adds up to."""

import io
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given as property_of
from hypothesis import strategies as st
from PIL import Image

from cascade.database import Database
from cascade.errors import BadInput, Refused
from cascade.library.publish import find
from cascade.reposts import checking, rolling_up, using
from cascade.reposts.by_segment import Share
from cascade.reposts.checking import Finding
from cascade.reposts.listing import Wanted, listing, story
from cascade.reposts.records import Repost, RepostPicture
from cascade.reposts.rolling_up import Target
from tests.cascade.reposts.conftest import Used, given

SINCE = datetime.fromisoformat("2026-11-07T09:30:00+00:00")


def repost(database: Database, number: int) -> Repost:
    with database.reading() as session:
        return using.get(session, number)


def looked(database: Database, now: datetime, state: str) -> None:
    """The link that is due was looked at."""
    with database.writing() as session:
        claimed = checking.claim(session, now)
        assert claimed is not None
        checking.record(session, claimed, Finding(state, "so many words", "An excerpt"), now)


def picture(width: int = 40) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 30), "red").save(out, "JPEG", comment=b"taken at home")
    return out.getvalue()


def test_a_report_is_kept_as_it_was_told(library: Database, used: Used, now: datetime) -> None:
    number = used(words="On page <3>\r\nand 4", people=" 1,200 ", email="Jo@Example.org")

    kept = repost(library, number)
    assert (kept.group_name, kept.group_key) == ("Westport Lunch Club", "n:westport lunch club")
    assert (kept.words, kept.people, kept.email) == ("On page <3>\nand 4", 1200, "jo@example.org")
    assert (kept.used_on, kept.grade, kept.reported_at) == (date(2026, 11, 20), "reported", now)


def test_without_a_name_it_is_unverified(library: Database, used: Used) -> None:
    assert repost(library, used(group=" \u200b ")).grade == "unverified"


@pytest.mark.parametrize("name", ["-", "🎈", "...", "360", "\u0301", "\u3164"])
def test_a_name_without_a_letter_stands_for_nobody(
    library: Database, used: Used, now: datetime, name: str
) -> None:
    with pytest.raises(BadInput) as refused:
        using.checked(given(group=name), SINCE, now)
    assert refused.value.problems == ("group: Enter the name in letters, or leave this empty",)

    named = using.checked(given(people="50000", link="https://club.example.org/"), SINCE, now)
    with library.writing() as session:
        toolkit = find(session, "cold-snap")
        rolling_up.set_target(session, toolkit.id, "people", "1000")
        kept = using.keep(session, toolkit.id, replace(named, group=name), now=now)
        assert (kept.grade, kept.group_key) == ("unverified", "")
        (target,) = rolling_up.summary(session, toolkit.id).targets
        assert target.reached == 0


def test_an_address_that_we_know_stands_for_its_organisation(library: Database, used: Used) -> None:
    known = repost(library, used(group="", email="pat1@care-homes.example.org"))

    assert known.grade == "reported"
    assert repost(library, used(group="", email="jo@club.example.org")).grade == "unverified"


def test_a_group_is_an_organisation_where_it_surely_is_one(library: Database, used: Used) -> None:
    by_name = repost(library, used(group="the CARE-HOMES, 3"))
    by_email = repost(library, used(group="Us", email="pat1@care-homes.example.org"))
    nobody = repost(library, used(group="Care-Homes"))

    assert by_name.organisation_id is not None
    assert by_name.group_key == f"o:{by_name.organisation_id}"
    assert (by_name.kind, by_email.kind, nobody.kind) == ("care-homes", "care-homes", "")
    assert nobody.organisation_id is None


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"way": "carrier pigeon"}, "way: Choose where"),
        ({"used_on": "2026-11-22"}, "used_on: Enter a day that is not in the future"),
        ({"used_on": "2026-11-06"}, "used_on: Enter a day since this toolkit was published"),
        ({"used_on": "yesterday"}, "used_on: Enter the day"),
        ({"people": "many"}, "people: Enter the number"),
        ({"people": "0"}, "people: Enter a number"),
        ({"people": "9" * 40}, "people: Enter the number"),
        ({"people": "\u0663"}, "people: Enter the number"),
        ({"way": "link"}, "link: Enter the address"),
        ({"link": "http://10.0.0.1/"}, ""),
        ({"link": "javascript:alert(1)"}, "link: We cannot look"),
        ({"link": "http://localhost/"}, "link: We cannot look"),
        ({"email": "jo"}, "email: Enter an email address"),
        ({"words": "x" * 2_001}, "words: Shorten"),
        ({"picture": b"%PDF-1.7\n%%EOF"}, "picture: The file must be a picture"),
        ({"picture": b"<script>alert(1)</script>"}, "picture: The file must be a picture"),
        ({"picture": b"\x89PNG\r\n\x1a\nbroken"}, "picture: The picture is damaged"),
        ({"picture": b"x" * 5_000_001}, "picture: The picture must be 5 MB"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_place(
    changed: dict[str, object], problem: str, now: datetime
) -> None:
    if not problem:  # a literal address is judged when it is opened
        using.checked(given(**changed), SINCE, now)
        return
    with pytest.raises(BadInput) as refused:
        using.checked(given(**changed), SINCE, now)
    assert len(refused.value.problems) == 1
    assert refused.value.problems[0].startswith(problem)


def test_an_address_as_people_copy_it_gets_its_beginning(now: datetime) -> None:
    kept = using.checked(given(way="link", link="www.example.org/news"), SINCE, now)

    assert kept.link == "https://www.example.org/news"


@property_of(
    st.builds(
        given,
        **{
            name: st.text(max_size=30)
            for name in ("group", "email", "way", "used_on", "people", "link", "words")
        },
    )
)
def test_any_report_is_kept_or_refused_with_places(report: using.Given) -> None:
    now = SINCE + timedelta(days=14)
    try:
        kept = using.checked(report, SINCE, now)
    except BadInput as refused:
        fields = {one.partition(":")[0] for one in refused.problems}
        assert fields <= set(using.Given.__dataclass_fields__)
    else:
        assert kept.used_on <= now.date()


def test_a_picture_is_drawn_anew(library: Database, used: Used) -> None:
    number = used(picture=picture())

    with library.reading() as session:
        kept = session.get_one(RepostPicture, number)
        assert (kept.width, kept.height) == (40, 30)
        assert b"taken at home" not in kept.content


@pytest.mark.parametrize(
    ("state", "group", "grade"),
    [
        ("seen", "Club", "seen"),
        ("seen", "", "seen"),
        ("not-found", "Club", "unverified"),
        ("unreachable", "Club", "unverified"),
        ("refused", "Club", "unverified"),
    ],
)
def test_a_look_at_the_link_makes_the_grade(
    library: Database, used: Used, now: datetime, state: str, group: str, grade: str
) -> None:
    number = used(group=group, link="https://club.example.org/news")
    looked(library, now, state)

    assert repost(library, number).grade == grade
    with library.reading() as session:
        found = story(session, number)
    assert found is not None
    assert [(one.state, one.excerpt) for one in found.checks] == [(state, "An excerpt")]


def test_what_was_seen_once_stays_seen(library: Database, used: Used, now: datetime) -> None:
    number = used(link="https://club.example.org/news")
    looked(library, now, "seen")
    with library.writing() as session:
        assert checking.ask(session, using.get(session, number), by="ann@example.org", now=now)
        assert not checking.ask(session, using.get(session, number), by="ann@example.org", now=now)
    looked(library, now, "not-found")

    assert repost(library, number).grade == "seen"


def test_figures_stand_by_grade_with_what_they_are_of(
    library: Database, used: Used, now: datetime
) -> None:
    used(group="Care-Homes 0", link="https://a.example.org/")
    looked(library, now, "seen")
    used(group="Care-Homes 0", people="")
    used(group="Lunch Club", people="30")
    used(group="The lunch CLUB", people="40")
    used(group="", people="1000")
    gone = used(group="Twice", people="500")
    with library.writing() as session:
        using.withdraw(session, using.get(session, gone), "twice", by="ann", now=now)
        toolkit = find(session, "cold-snap").id
        rolling_up.set_target(session, toolkit, "groups", "3")
        rolling_up.set_target(session, toolkit, "people", "1,000")
        found = rolling_up.summary(session, toolkit)

    assert found.reports == {"seen": 1, "reported": 3, "unverified": 1}
    assert found.people == {"seen": 120, "reported": 70, "unverified": 1000}
    assert [(one.key[:2], one.grade, one.reports) for one in found.groups] == [
        ("o:", "seen", 2),
        ("n:", "reported", 2),
    ]
    assert found.segments.shares == (Share("Care homes", 1, 1, 120, 5),)
    assert found.segments.together == Share("", 1, 1, 120, 5)
    assert found.targets == (Target("groups", 3, 2, 1), Target("people", 1000, 190, 120))
    assert (found.total, found.withdrawn) == (5, 1)


def test_a_target_is_set_changed_and_taken_away(library: Database) -> None:
    with library.writing() as session:
        toolkit = find(session, "cold-snap").id
        steps = [rolling_up.set_target(session, toolkit, "groups", one) for one in ("3", "4", "")]
        for wrong in ("-1", "0", "many", "9" * 30):
            with pytest.raises(BadInput):
                rolling_up.set_target(session, toolkit, "groups", wrong)

    assert steps == [(0, 3), (3, 4), (4, 0)]


def test_a_report_is_withdrawn_once_and_with_a_reason(
    library: Database, used: Used, now: datetime
) -> None:
    number = used()
    with library.writing() as session:
        found = using.get(session, number)
        with pytest.raises(BadInput):
            using.withdraw(session, found, "  ", by="ann", now=now)
        using.withdraw(session, found, "twice", by="ann", now=now)
        with pytest.raises(Refused):
            using.withdraw(session, found, "again", by="ann", now=now)
    assert repost(library, number).withdrawn_why == "twice"


def test_the_list_finds_what_is_asked_for(library: Database, used: Used) -> None:
    used(group="Care-Homes 1", way="radio")
    used(group="Lunch 100% Club", words="in the window")
    used(group="", link="https://club.example.org/a_b")

    def found(**asked: object) -> list[str]:
        with library.reading() as session:
            lines = listing(session, Wanted(**asked), page=1, size=10).page.lines  # type: ignore[arg-type]
        return [line.repost.group_name for line in lines]

    assert found() == ["", "Lunch 100% Club", "Care-Homes 1"]
    assert found(search="WINDOW") == found(search="100%") == ["Lunch 100% Club"]
    assert found(search="a_b") == found(grade="unverified") == [""]
    assert found(segment="care-homes") == found(way="radio") == ["Care-Homes 1"]
    assert found(toolkit="other") == found(withdrawn=True) == found(segment="absent") == []
    assert found(group="n:lunch 100 club") == ["Lunch 100% Club"]

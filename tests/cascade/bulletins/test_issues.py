"""Issues: what comes in, in which order, what editors do with it, and what the text is."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import toolkits
from cascade.audience.records import Contact
from cascade.bulletins import (
    arranging,
    candidates,
    collecting,
    issues,
    making,
    submitting,
    subscribers,
)
from cascade.bulletins.assembling import assemble, text_of
from cascade.bulletins.records import Bulletin, Issue
from cascade.bulletins.schedules import Schedule
from cascade.database import Database
from cascade.errors import BadInput, NotFound, Overtaken, Refused
from cascade.library.publish import find, publish
from cascade.sending.records import Cascade
from cascade.sending.states import Tier
from tests.cascade.bulletins.county import (
    HOUSE,
    MONDAY,
    bulletin,
    items,
    opened,
    released,
    submitted,
    text,
    toolkit,
)
from tests.world import add_people, publish_toolkit, send


def made(session: Session, of: Bulletin, issue: Issue, which: int = 0) -> str:
    found = assemble(session, of, issue, sign_off=False, home=HOUSE.home)
    return found[which].text


def read_by(written: str, *segments: str) -> str:
    return toolkits.text(toolkits.parse(written, HOUSE.home), segments)


def test_an_issue_collects_what_is_meant_for_it(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        of = bulletin(session)
        toolkit(session, "mine")
        toolkit(session, "somebody-elses", bulletins="other")
        toolkit(session, "for-nobody-here", segments="universities")
        toolkit(session, "over", expires="2026-11-30")
        toolkit(session, "changed")
        toolkit(session, "changed", bulletins="other")
        assert items(session, opened(session, of)) == ["mine"]


def test_what_nobody_approved_stays_out(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        of = bulletin(session)
        toolkit(session, "mine")
        issue = issues.open_next(session, of, by="Ann", now=MONDAY)
        assert collecting.collect(session, of, issue, now=MONDAY, sign_off=True) == 0


def test_items_are_ordered_by_heading_tier_deadline_and_freshness(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        add_people(session, 1)
        of = bulletin(session)
        for hours, (name, more) in enumerate(
            {
                "plain": {},
                "newer": {},
                "soon": {"expires": "2026-12-20"},
                "later": {"expires": "2027-01-20"},
                "urgent": {},
                "top": {"heading": "top-story"},
            }.items()
        ):
            toolkit(session, name, now=MONDAY + timedelta(hours=hours), **more)
        send(session, MONDAY, toolkit="urgent", tier=Tier.IMPORTANT)
        issue = opened(session, of)
        assert items(session, issue) == ["top", "urgent", "soon", "later", "newer", "plain"]


def test_an_issue_begins_with_a_list_of_its_items_in_their_order(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        of = bulletin(session)
        toolkit(session, "later", heading="for-information")
        toolkit(session, "now", heading="for-action")
        toolkit(session, "top", heading="top-story")
        issue = opened(session, of)
        found = text_of(session, of, issue, sign_off=False, home=HOUSE.home)[0].text
        listed = "::: contents top, now, later\n## In this issue\n\n- Top\n- Now\n- Later\n:::"
        assert listed in found
        of.contents = False
        without = text_of(session, of, issue, sign_off=False, home=HOUSE.home)[0].text
        assert "In this issue" not in without


def after_an_issue_with_flu(session: Session) -> tuple[Bulletin, Issue]:
    """A bulletin, one issue of which went out, and the next one."""
    publish_toolkit(session)
    add_people(session, 2)
    of = bulletin(session)
    toolkit(session, "flu")
    released(session, of)
    return of, opened(session, of, now=MONDAY + timedelta(days=1))


def test_what_is_offered_to_be_taken_in_is_approved_and_was_in_no_issue(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        of, issue = after_an_issue_with_flu(session)
        for name in ("old", "new", "taken"):
            toolkit(session, name, bulletins="[]")
        collecting.take_in(session, of, issue, "taken", sign_off=False)
        offered = candidates.offered(session, of, issue, sign_off=False)
        assert [name for name, _ in offered] == ["new", "old", "cold-snap"]
        assert candidates.offered(session, of, issue, sign_off=True) == []


def test_what_was_in_an_issue_comes_again_only_when_it_changed_and_somebody_says_so(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        of, issue = after_an_issue_with_flu(session)
        assert items(session, issue) == []
        with pytest.raises(BadInput, match="taken in"):
            collecting.take_in(session, of, issue, "flu", sign_off=False)
        toolkit(session, "flu", body="Another text.")
        changed = candidates.changed_since(session, of, issue, sign_off=False)
        assert [one.toolkit.name for one in changed] == ["flu"]
        entry = collecting.take_in(session, of, issue, "flu", sign_off=False)
        assert entry.item == "flu.v2"
        assert candidates.changed_since(session, of, issue, sign_off=False) == []
        submitting.submit(
            session, of, issue, seen=issue.revision, by="Ann", person=None, house=HOUSE, now=MONDAY
        )
        sent = submitting.send(session, of, issue, by="Ann", person=None, house=HOUSE, now=MONDAY)
        assert sent.recipients == 2


def test_what_is_held_back_comes_next_time_or_never(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        add_people(session, 2)
        of = bulletin(session)
        for name in ("goes", "waits", "never"):
            toolkit(session, name)
        issue = opened(session, of)
        numbers = {entry.item: entry.id for entry, _ in issues.entries(session, issue)}
        for name, until in (("waits", "next"), ("never", "never")):
            arranging.hold(
                session, issue, numbers[name], until, seen=issue.revision, by="Ann", now=MONDAY
            )
        assert items(session, issue) == ["goes"]
        submitting.submit(
            session, of, issue, seen=issue.revision, by="Ann", person=None, house=HOUSE, now=MONDAY
        )
        submitting.send(session, of, issue, by="Ann", person=None, house=HOUSE, now=MONDAY)
        assert items(session, opened(session, of, now=MONDAY)) == ["waits"]


def test_what_an_editor_arranged_stays_so(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        of = bulletin(session)
        for name in ("a", "b", "c"):
            toolkit(session, name)
        issue = opened(session, of)
        first, second, third = (entry.id for entry, _ in issues.entries(session, issue))
        arranging.shift(session, issue, third, -1, seen=1, by="Ann", now=MONDAY)
        assert [one.id for one, _ in issues.entries(session, issue)] == [first, third, second]
        arranging.shift(session, issue, first, -1, seen=2, by="Ann", now=MONDAY)
        order = [(second, "top-story"), (first, "for-information")]
        arranging.arrange(session, issue, order, seen=3, by="Ann", now=MONDAY)
        assert [one.id for one, _ in issues.entries(session, issue)] == [second, first, third]
        toolkit(session, "urgent", heading="for-information", now=MONDAY + timedelta(hours=1))
        collecting.collect(session, of, issue, now=MONDAY, sign_off=False)
        assert items(session, issue)[-1] == "urgent"


def test_somebody_elses_edit_is_never_overwritten(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        of = bulletin(session)
        toolkit(session, "a")
        issue = opened(session, of)
        arranging.introduce(session, issue, lead="Hers", note="", seen=1, by="Ann", now=MONDAY)
        with pytest.raises(Overtaken, match="Ann changed this issue"):
            arranging.introduce(session, issue, lead="His", note="", seen=1, by="Bo", now=MONDAY)
        assert issue.lead == "Hers"


@pytest.mark.parametrize(
    "note", ["::: for care-homes\nx\n:::", "```\nx", "{{ nonsense }}", "<script>x</script>"]
)
def test_a_note_that_would_break_the_issue_is_refused(sqlite_database: Database, note: str) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        of = bulletin(session)
        issue = opened(session, of)
        with pytest.raises(BadInput) as raised:
            arranging.introduce(session, issue, lead="", note=note, seen=1, by="Ann", now=MONDAY)
        assert raised.value.problems[0].startswith("note: ")
        assert issue.revision == 1


def test_an_item_is_its_newsletter_copy_or_its_summary(sqlite_database: Database) -> None:
    body = "Long.\n\n::: newsletter for care-homes\n## Copy\nFor homes.\n:::"
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        of = bulletin(session)
        toolkit(session, "flu", body=body, key_messages="[Wash hands.]", action="Book it.")
        issue = opened(session, of)
        written = made(session, of, issue)
        homes, practices = (read_by(written, one) for one in ("care-homes", "gp-practices"))
        assert "For homes." in homes
        assert "Summary of flu." not in homes
        assert "Summary of flu." in practices
        assert "Wash hands." in practices
        assert "https://cascade.example.org/library/flu" in practices
        assert "Long." not in homes + practices
        assert "\n#### Copy\n" in written
        entry = issues.entries(session, issue)[0][0]
        arranging.detail(
            session, issue, entry.id, heading="for-action", note="*From us.*",
            whole=True, asks=True, seen=1, by="Ann", now=MONDAY,
        )  # fmt: skip
        assert "Long." in read_by(made(session, of, issue), "gp-practices")
        assert "From us." in read_by(made(session, of, issue), "gp-practices")


def test_items_keep_their_own_slots_and_references(sqlite_database: Database) -> None:
    body = "::: newsletter\nRing {{ hotline }}, see [it][1]. {{ title }}\n:::\n\n"
    body += "[1]: https://{}.example.org"
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        of = bulletin(session)
        for name, number in (("one", "0300 1"), ("two", "0300 2")):
            written = text(name, body=body.replace("{}", name), slots=f"\n  hotline: {number}")
            publish(session, written, by="Ann", now=MONDAY)
        written = made(session, of, opened(session, of))
        assert 'i1_hotline: "0300 ' in written
        page = toolkits.html(toolkits.parse(written), ["care-homes"])
        assert "https://one.example.org" in page
        assert "https://two.example.org" in page
        assert [
            one for one in toolkits.check(toolkits.parse(written)) if one.level == "error"
        ] == []


def test_an_issue_is_made_in_each_language_with_items_where_they_are_written_in_it(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        of = bulletin(session, languages=("en", "ur"))
        toolkit(session, "flu")
        toolkit(session, "flu", language="ur", summary="Urdu.")
        toolkit(session, "heat")
        issue = submitted(session, of)
        assert set(issue.versions) == {"en", "ur"}
        urdu = read_by(made(session, of, issue, 1), "care-homes")
        assert "Urdu." in urdu
        assert "Summary of heat." in urdu


def test_an_empty_issue_cannot_be_submitted(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        with pytest.raises(Refused, match="nothing in this issue"):
            submitted(session, bulletin(session))


def test_what_was_submitted_can_be_taken_back_and_is_fixed_until_then(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        of = bulletin(session)
        toolkit(session, "flu")
        issue = submitted(session, of)
        with pytest.raises(Refused, match="is submitted"):
            arranging.introduce(
                session, issue, lead="x", note="", seen=issue.revision, by="Ann", now=MONDAY
            )
        submitting.take_back(session, issue, by="Ann", now=MONDAY)
        arranging.introduce(
            session, issue, lead="x", note="", seen=issue.revision, by="Ann", now=MONDAY
        )
        with pytest.raises(Refused, match="under way"):
            issues.open_next(session, of, by="Ann", now=MONDAY)


def test_a_bulletin_is_no_toolkit(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        bulletin(session)
        with pytest.raises(NotFound):
            find(session, "round-up")
        with pytest.raises(BadInput, match="bulletin called"):
            toolkit(session, "round-up")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "Cold Snap"}, "name"),
        ({"name": "cold-snap"}, "name"),
        ({"name": "new"}, "name"),
        ({"title": " "}, "title"),
        ({"title": "{{ place }}"}, "title"),
        ({"segments": ["nobody"]}, "segments"),
        ({"languages": ["klingon"]}, "languages"),
        ({"reply_to": "x"}, "reply_to"),
        ({"cut_off_hours": -1}, "cut_off_hours"),
        ({"schedule": Schedule("fortnightly", time(10))}, "start"),
    ],
)
def test_what_a_bulletin_cannot_be_is_named(
    sqlite_database: Database, changed: dict[str, object], field: str
) -> None:
    values = {
        "name": "weekly",
        "title": "Weekly",
        "segments": ["care-homes"],
        "schedule": Schedule("weekly", time(10)),
    }
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        with pytest.raises(BadInput) as raised:
            making.add(session, making.Wanted(**values | changed), by="Ann", now=MONDAY)  # type: ignore[arg-type]
        assert [one.partition(":")[0] for one in raised.value.problems] == [field]


def test_who_subscribes_gets_the_next_issue_once(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        add_people(session, 1)
        of = bulletin(session)
        toolkit(session, "flu")
        there = session.scalars(select(Contact.email)).first()
        for address in ("new@example.org", str(there)):
            asked = subscribers.ask(session, of, address, MONDAY)
            subscribers.confirm(session, of, asked.ticket, MONDAY)
        _, planned = released(session, of)
        assert planned.recipients == 2
        cascade = session.get_one(Cascade, planned.cascade)
        assert cascade.look == {"sender_name": "Round-up"}
        assert "subscribers-round-up" in cascade.segments


def test_who_asks_and_does_not_confirm_is_forgotten(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        of = bulletin(session)
        asked = subscribers.ask(session, of, "new@example.org", MONDAY)
        later = MONDAY + subscribers.VALID
        with pytest.raises(NotFound):
            subscribers.pending(session, of, asked.ticket, later)
        subscribers.forget(session, later)
        assert subscribers.listing(session, of).total == 0
        assert subscribers.ask(session, of, "new@example.org", later).asked_at == later


def test_the_date_of_an_issue_is_after_that_of_the_one_before(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        add_people(session, 1)
        of = bulletin(session, schedule=Schedule("weekly", time(10), weekday=3))
        toolkit(session, "flu")
        first, _ = released(session, of)
        second = opened(session, of)
        assert first.send_at == datetime(2026, 11, 26, 10, tzinfo=UTC)
        assert second.send_at.date() == date(2026, 12, 3)
        assert (first.number, second.number) == (1, 2)

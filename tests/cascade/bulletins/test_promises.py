"""What an issue goes out with is what was submitted and seen, and what was undone comes again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.bulletins import candidates, collecting, dates, issues, making, submitting
from cascade.bulletins.making import Wanted
from cascade.bulletins.records import Bulletin, Issue
from cascade.bulletins.schedules import Schedule
from cascade.database import Database
from cascade.errors import BadInput, Refused
from cascade.sending import control
from cascade.sending.records import Cascade
from tests.cascade.bulletins.county import (
    FORTNIGHTLY,
    HOUSE,
    MONDAY,
    bulletin,
    items,
    opened,
    submitted,
    toolkit,
)
from tests.world import add_people, publish_toolkit
from workers.editions import Editions

DAY = timedelta(days=1)


def wanted(of: Bulletin) -> Wanted:
    return Wanted(of.name, of.title, of.segments, FORTNIGHTLY, of.languages, sender_name="Round-up")


def change(session: Session, of: Bulletin, to: Wanted, by: str = "Ann") -> None:
    making.change(session, of, to, seen=of.revision, by=by, now=MONDAY + timedelta(minutes=1))


def county(session: Session) -> Bulletin:
    publish_toolkit(session)
    add_people(session, 2, kind="care-homes")
    add_people(session, 1, kind="pharmacies")
    return bulletin(session, segments=["care-homes"], languages=["en", "ur"])


def waiting(session: Session) -> tuple[Bulletin, Issue]:
    """A bulletin, and an issue of it that was submitted."""
    of = county(session)
    toolkit(session, "flu")
    return of, submitted(session, of)


def test_a_change_of_its_bulletin_does_not_change_where_an_issue_goes_that_was_submitted(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        of, issue = waiting(session)
        elsewhere = replace(
            wanted(of), segments=["pharmacies"], languages=["ur", "en"], sender_name="Mallory"
        )
        change(session, of, elsewhere)
        assert submitting.segments_of(of, issue) == ["care-homes"]
        english = issue.versions["en"]
    Editions(sqlite_database, "off", HOUSE.home).tend(issue.send_at)
    with sqlite_database.reading() as session:
        cascade = session.scalars(select(Cascade)).one()
    assert cascade.segments == ["care-homes"]
    assert cascade.look["sender_name"] == "Round-up"
    assert cascade.version_id == english
    assert cascade.recipients == 2


def test_what_is_not_submitted_goes_where_its_bulletin_goes_then(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        of, issue = waiting(session)
        submitting.take_back(session, issue, by="Ann", now=MONDAY)
        change(session, of, replace(wanted(of), segments=["pharmacies"]))
        assert submitting.segments_of(of, issue) == ["pharmacies"]


def test_what_was_undone_comes_into_the_next_issue(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        of = county(session)
        toolkit(session, "flu")
        sent = submitting.send(
            session, of, submitted(session, of), by="Ann", person=None, house=HOUSE,
            now=MONDAY, send_at=MONDAY + timedelta(seconds=30),
        )  # fmt: skip
        assert sent.cascade is not None
        later = opened(session, of, now=MONDAY + timedelta(seconds=5))
        assert items(session, later) == []
        control.withdraw(session, sent.cascade, by="Ann", now=MONDAY + timedelta(seconds=9))
        assert "flu" in dict(candidates.offered(session, of, later, sign_off=False))
        collecting.collect(session, of, later, now=MONDAY + DAY, sign_off=False)
        assert items(session, later) == ["flu"]


def test_what_was_undone_may_be_taken_in_by_hand_and_what_went_out_may_not(
    sqlite_database: Database,
) -> None:
    with sqlite_database.writing() as session:
        of, issue = waiting(session)
        sent = submitting.send(session, of, issue, by="Ann", person=None, house=HOUSE, now=MONDAY)
        assert sent.cascade is not None
        later = opened(session, of, now=MONDAY + DAY)
        with pytest.raises(BadInput, match="taken in"):
            collecting.take_in(session, of, later, "flu", sign_off=False)
        control.withdraw(session, sent.cascade, by="Ann", now=MONDAY + DAY)
        assert collecting.take_in(session, of, later, "flu", sign_off=False).item == "flu"


@pytest.mark.parametrize("hours", [12, 13])
def test_after_an_outage_an_issue_that_is_late_waits_for_a_person(
    sqlite_database: Database, hours: int
) -> None:
    with sqlite_database.writing() as session:
        of, issue = waiting(session)
    late = issue.send_at + timedelta(hours=hours)
    for minutes in (0, 1):
        Editions(sqlite_database, "off", HOUSE.home).tend(late + timedelta(minutes=minutes))
    with sqlite_database.writing() as session:
        of, issue = session.get_one(Bulletin, of.id), session.get_one(Issue, issue.id)
        if hours == 12:
            assert issue.state == "released"
            return
        assert issue.state == "submitted"
        assert "release it by hand" in issue.waits_for
        submitting.send(session, of, issue, by="Ann", person=None, house=HOUSE, now=late)
        assert issue.state == "released"


def test_an_issue_with_something_that_is_over_does_not_go_out(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        of = county(session)
        toolkit(session, "clinic", expires="2026-12-01")
        toolkit(session, "flu")
        issue = submitted(session, of)
        day_after = issue.send_at + DAY
        with pytest.raises(Refused, match="“Clinic” is over"):
            submitting.send(session, of, issue, by="Ann", person=None, house=HOUSE, now=day_after)
        submitting.take_back(session, issue, by="Ann", now=day_after)
        clinic = next(one for one, _ in issues.entries(session, issue) if one.item == "clinic")
        clinic.held = "never"
        session.flush()
        submitting.submit(
            session, of, issue, seen=issue.revision, by="Ann", person=None, house=HOUSE,
            now=day_after,
        )  # fmt: skip
        submitting.send(session, of, issue, by="Ann", person=None, house=HOUSE, now=day_after)
        assert issue.state == "released"


def test_a_schedule_that_had_run_out_goes_on_when_it_is_mended(sqlite_database: Database) -> None:
    over = Schedule("after", FORTNIGHTLY.at, days=1, dates=(date(2026, 11, 2),))
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        of = bulletin(session, schedule=over)
    tend = Editions(sqlite_database, "off", HOUSE.home).tend
    tend(MONDAY)
    with sqlite_database.writing() as session:
        of = session.get_one(Bulletin, of.id)
        assert issues.last_of(session, of) is None
        change(session, of, wanted(of))
    tend(MONDAY + DAY)
    with sqlite_database.reading() as session:
        issue = issues.last_of(session, of)
    assert issue is not None
    assert issue.send_at.date() == date(2026, 12, 1)


def test_a_wrong_year_is_put_right_by_another_schedule_and_a_skip(
    sqlite_database: Database,
) -> None:
    wrong = replace(FORTNIGHTLY, start=date(2027, 12, 1))
    with sqlite_database.writing() as session:
        publish_toolkit(session)
        of = bulletin(session, schedule=wrong)
        issue = opened(session, of)
        assert issue.send_at.year == 2027
        change(session, of, wanted(of))
        issues.skip(session, of, issue, by="Ann", now=MONDAY + timedelta(hours=1))
        coming = dates.upcoming(session, of, MONDAY + timedelta(hours=1), 1)
        second = opened(session, of, now=MONDAY + timedelta(hours=1))
        assert coming == [(2, second.send_at)]
        assert second.send_at.date() == date(2026, 12, 1)


def test_after_a_skip_alone_the_next_date_comes(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        of = county(session)
        issue = opened(session, of)
        issues.skip(session, of, issue, by="Ann", now=MONDAY + timedelta(hours=1))
        assert opened(session, of, now=MONDAY + DAY).send_at.date() == date(2026, 12, 15)

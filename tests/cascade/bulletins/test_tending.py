"""What the clock does with bulletins."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from cascade.accounts import users
from cascade.bulletins import issues, making, submitting
from cascade.bulletins.records import Bulletin, Issue
from cascade.bulletins.submitting import House
from cascade.database import Database
from cascade.letters.records import Letter
from cascade.sending.records import Cascade
from cascade.sign_off import signing
from tests.at_once import together
from tests.cascade.bulletins.county import HOUSE, MONDAY, bulletin, items, submitted, toolkit
from tests.world import add_people, publish_toolkit
from workers.editions import Editions

SIGNED = House(sign_off=True, home=HOUSE.home)
EDITOR = "ann@example.org"


def county(database: Database, *, toolkits: int = 1) -> None:
    """A bulletin, its readers, something for it and an author."""
    with database.writing() as session:
        publish_toolkit(session)
        add_people(session, 3)
        users.add(session, email=EDITOR, name="Ann", organisation="", roles=["author"], now=MONDAY)
        bulletin(session)
        for number in range(toolkits):
            toolkit(session, f"item-{number}")


def tend(database: Database, now: datetime, *, sign_off: bool = False) -> None:
    Editions(database, "on" if sign_off else "off", HOUSE.home).tend(now)


def newest(session: Session) -> Issue:
    return session.scalars(select(Issue).order_by(Issue.id.desc()).limit(1)).one()


def told(session: Session) -> list[str]:
    return [f"{one.subject}: {one.text}" for one in session.scalars(select(Letter))]


def test_the_clock_opens_collects_and_closes_an_issue(sqlite_database: Database) -> None:
    county(sqlite_database)
    tend(sqlite_database, MONDAY)
    with sqlite_database.writing() as session:
        issue = newest(session)
        assert (issue.state, items(session, issue)) == ("collecting", ["item-0"])
        toolkit(session, "late")
    tend(sqlite_database, issue.cut_off_at)
    with sqlite_database.writing() as session:
        issue = newest(session)
        assert (issue.state, items(session, issue)) == ("closed", ["item-0", "late"])
        toolkit(session, "too-late")
    tend(sqlite_database, issue.cut_off_at + timedelta(hours=1))
    with sqlite_database.reading() as session:
        assert items(session, newest(session)) == ["item-0", "late"]


def test_an_issue_that_nobody_submitted_waits_and_says_so_once(sqlite_database: Database) -> None:
    county(sqlite_database)
    tend(sqlite_database, MONDAY)
    for minutes in (0, 1, 2, 3):
        at = datetime(2026, 12, 1, 10, minutes, tzinfo=MONDAY.tzinfo)
        tend(sqlite_database, at)
    with sqlite_database.reading() as session:
        assert newest(session).state == "closed"
        letters = told(session)
        assert len(letters) == 1
        assert "Nobody has submitted it" in letters[0]
        assert "/editions/round-up/1" in letters[0]


def test_an_empty_issue_is_not_sent_and_the_cell_is_told(sqlite_database: Database) -> None:
    county(sqlite_database, toolkits=0)
    tend(sqlite_database, MONDAY)
    for minutes in (0, 1):
        tend(sqlite_database, datetime(2026, 12, 1, 10, minutes, tzinfo=MONDAY.tzinfo))
    with sqlite_database.reading() as session:
        states = [one.state for one in session.scalars(select(Issue).order_by(Issue.id))]
        assert states == ["empty"]
        assert "nothing was due" in told(session)[0]
        assert not session.scalar(select(func.count()).select_from(Cascade))
    tend(sqlite_database, datetime(2026, 12, 1, 10, 2, tzinfo=MONDAY.tzinfo))
    with sqlite_database.reading() as session:
        assert f"{newest(session).send_at:%Y-%m-%d}" == "2026-12-15"


def test_an_issue_that_is_approved_goes_out_at_its_time(sqlite_database: Database) -> None:
    county(sqlite_database)
    with sqlite_database.writing() as session:
        author = users.find(session, EDITOR)
        users.add(
            session, email="cy@example.org", name="Cy", organisation="",
            roles=["approver"], now=MONDAY,
        )  # fmt: skip
        approver = users.find(session, "cy@example.org")
        of = session.scalars(select(Bulletin)).one()
        signing_of(session, "item-0", author, approver)
        issue = issues.open_next(session, of, by="x", now=MONDAY)
        from cascade.bulletins import collecting

        collecting.collect(session, of, issue, now=MONDAY, sign_off=True)
        submitting.submit(
            session, of, issue, seen=issue.revision, by=EDITOR, person=author, house=SIGNED,
            now=MONDAY,
        )  # fmt: skip
        at, version = issue.send_at, issue.versions["en"]
    tend(sqlite_database, at, sign_off=True)
    with sqlite_database.writing() as session:
        assert newest(session).waits_for == "Nobody has approved it."
        signing.approve(session, version, by=approver, now=MONDAY)
    tend(sqlite_database, at + timedelta(minutes=1), sign_off=True)
    with sqlite_database.reading() as session:
        found = session.scalars(select(Cascade)).one()
        assert (found.released_by, found.recipients) == ("clock", 3)
        assert session.scalars(select(Issue).where(Issue.number == 1)).one().state == "released"


def signing_of(session: Session, name: str, author: users.Person, approver: users.Person) -> None:
    """Submit and approve the newest version of a toolkit."""
    from cascade.library.publish import find, own

    version = own(session, find(session, name))
    signing.submit(session, version.id, by=author, now=MONDAY)
    signing.approve(session, version.id, by=approver, now=MONDAY)


def test_two_clocks_release_an_issue_once(database: Database) -> None:
    with database.writing() as session:
        publish_toolkit(session)
        add_people(session, 3)
        toolkit(session, "flu")
        at = submitted(session, bulletin(session)).send_at
    together(*(lambda: tend(database, at) for _ in range(2)))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Cascade)) == 1


def test_a_bulletin_that_can_not_be_tended_keeps_no_other_waiting(
    sqlite_database: Database,
) -> None:
    county(sqlite_database)
    with sqlite_database.writing() as session:
        other = bulletin(session, "other")
        of = making.find(session, "round-up")
        of.schedule = {**of.schedule, "at": "no time"}
    with capture_logs() as logged:
        tend(sqlite_database, MONDAY)
    with sqlite_database.reading() as session:
        assert newest(session).bulletin_id == other.id
    [told] = [one for one in logged if one["event"] == "bulletin_waits"]
    assert (told["act"], told["exc_info"]) == ("open", True)


def test_a_date_kept_beyond_the_years_opens_no_issue_and_stops_nothing(
    sqlite_database: Database,
) -> None:
    county(sqlite_database)
    with sqlite_database.writing() as session:
        of = making.find(session, "round-up")
        of.schedule = {**of.schedule, "kind": "after", "days": 3, "dates": ["9999-12-31"]}
    with capture_logs() as logged:
        tend(sqlite_database, MONDAY)
    assert logged == []
    with sqlite_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Issue)) == 0

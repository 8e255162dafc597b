"""Visits: who is there, for how long, and with which browsers."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from cascade.accounts import users, visits
from cascade.accounts.records import Visit
from cascade.database import Database
from tests.cascade.accounts.people import BROWSER, add


def begin(database: Database, user_id: int, now: datetime, browser: str = BROWSER) -> str:
    with database.writing() as session:
        return visits.begin(session, user_id, address="192.0.2.7", browser=browser, now=now)


def test_a_visit_lasts_twelve_hours(sqlite_database: Database, now: datetime) -> None:
    person = add(sqlite_database, now)
    token = begin(sqlite_database, person.id, now)
    with sqlite_database.reading() as session:
        there = visits.current(session, token, now + visits.LASTS - timedelta(seconds=1))
        assert there is not None
        assert there.person == person
        assert visits.current(session, token, now + visits.LASTS) is None


def test_whose_visit_it_is_is_told_by_one_statement(
    sqlite_database: Database, now: datetime
) -> None:
    token = begin(sqlite_database, add(sqlite_database, now).id, now)
    statements: list[str] = []
    event.listen(
        sqlite_database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: statements.append(statement),
    )
    with sqlite_database.reading() as session:
        assert visits.current(session, token, now)
    assert [one.split()[0] for one in statements] == ["BEGIN", "SELECT"]


def test_closed_people_are_not_there(sqlite_database: Database, now: datetime) -> None:
    person = add(sqlite_database, now)
    with sqlite_database.writing() as session:
        users.close(session, person.id, now)
    token = begin(sqlite_database, person.id, now)
    with sqlite_database.reading() as session:
        assert visits.current(session, token, now) is None


def test_ending_the_others_keeps_this_one(database: Database, now: datetime) -> None:
    person, other = add(database, now), add(database, now, "jo@example.org")
    tokens = [begin(database, person.id, now, f"Browser {n}") for n in range(3)]
    stranger = begin(database, other.id, now)
    with database.writing() as session:
        here = visits.current(session, tokens[1], now)
        assert here
        assert visits.end_others(session, person.id, here.visit_id, now) == 2
        assert [one.browser for one in visits.open_visits(session, person.id, now)] == ["Browser 1"]
        assert visits.current(session, stranger, now)
        visits.end(session, here.visit_id, now)
        assert not visits.open_visits(session, person.id, now)
        assert visits.current(session, tokens[1], now) is None


def test_an_ended_visit_keeps_the_time_it_ended(sqlite_database: Database, now: datetime) -> None:
    begin(sqlite_database, add(sqlite_database, now).id, now)
    with sqlite_database.writing() as session:
        visits.end(session, 1, now)
        visits.end(session, 1, now + timedelta(hours=1))
        assert session.scalar(select(Visit.ended_at)) == now


@pytest.mark.parametrize("browser", ["", "x" * 1_000, "a\x00b\u202e", "\ud800"])
def test_whatever_a_browser_calls_itself_is_kept_as_far_as_it_fits(
    database: Database, now: datetime, browser: str
) -> None:
    token = begin(database, add(database, now).id, now, browser)
    with database.reading() as session:
        assert visits.current(session, token, now)
        assert visits.current(session, f"{token}\x00", now) is None

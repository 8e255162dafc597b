"""Counting failed tries: the limits, their window, and tries at the same time."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cascade.accounts.records import Throttle
from cascade.accounts.throttling import LIMITS, WINDOW, blocked, cleared, failed, taken_back
from cascade.database import Database
from tests.at_once import at_once

ACCOUNT, PLACE = "account:pat@example.org", "address:192.0.2.7"


def fail(database: Database, names: list[str], now: datetime, times: int = 1) -> None:
    with database.writing() as session:
        for _ in range(times):
            failed(session, names, now)


def is_blocked(database: Database, names: list[str], now: datetime) -> bool:
    with database.reading() as session:
        return blocked(session, names, now)


@pytest.mark.parametrize("name", [ACCOUNT, PLACE])
def test_a_name_is_blocked_from_its_limit_on(
    sqlite_database: Database, now: datetime, name: str
) -> None:
    limit = LIMITS[name.partition(":")[0]]
    fail(sqlite_database, [name], now, limit - 1)
    assert not is_blocked(sqlite_database, [name], now)
    fail(sqlite_database, [name], now)
    assert is_blocked(sqlite_database, [name], now)
    assert is_blocked(sqlite_database, ["account:other@example.org", name], now)
    assert not is_blocked(sqlite_database, ["account:other@example.org"], now)


def test_after_the_window_the_count_starts_anew(database: Database, now: datetime) -> None:
    fail(database, [ACCOUNT], now, 10)
    assert is_blocked(database, [ACCOUNT], now + WINDOW - timedelta(seconds=1))
    assert not is_blocked(database, [ACCOUNT], now + WINDOW)
    fail(database, [ACCOUNT], now + WINDOW)
    with database.reading() as session:
        row = session.scalars(select(Throttle)).one()
    assert (row.failures, row.since) == (1, now + WINDOW)


def test_later_failures_do_not_make_the_window_longer(
    sqlite_database: Database, now: datetime
) -> None:
    fail(sqlite_database, [ACCOUNT], now, 9)
    fail(sqlite_database, [ACCOUNT], now + timedelta(minutes=14))
    assert not is_blocked(sqlite_database, [ACCOUNT], now + WINDOW)


def test_a_cleared_name_may_try_again_and_the_other_stays(
    sqlite_database: Database, now: datetime
) -> None:
    fail(sqlite_database, [ACCOUNT, PLACE], now, 50)
    with sqlite_database.writing() as session:
        cleared(session, ACCOUNT)
    assert not is_blocked(sqlite_database, [ACCOUNT], now)
    assert is_blocked(sqlite_database, [PLACE], now)


def test_a_try_that_did_not_fail_after_all_is_not_counted(
    sqlite_database: Database, now: datetime
) -> None:
    fail(sqlite_database, [ACCOUNT], now, 10)
    with sqlite_database.writing() as session:
        taken_back(session, [ACCOUNT])
    assert not is_blocked(sqlite_database, [ACCOUNT], now)


def test_of_tries_at_the_same_time_exactly_the_limit_is_let_through(
    database: Database, now: datetime
) -> None:
    through = at_once(database, 15, lambda session: failed(session, [PLACE, ACCOUNT], now))
    assert sorted(through) == [False] * 5 + [True] * 10

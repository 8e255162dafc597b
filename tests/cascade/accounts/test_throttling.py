"""Counting failed tries: the limits, their window, and tries at the same time."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address

import pytest
from hypothesis import assume, given
from hypothesis.strategies import ip_addresses
from sqlalchemy import select

from cascade.accounts.records import Throttle
from cascade.accounts.throttling import (
    DAILY,
    DAY,
    LIMITS,
    WINDOW,
    blocked,
    cleared,
    failed,
    forget,
    place,
    taken_back,
)
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


@pytest.mark.parametrize("kind", ["address", "public", "subscriber"])
def test_a_network_of_ipv6_is_one_place(
    sqlite_database: Database, now: datetime, kind: str
) -> None:
    for last in range(LIMITS[kind]):
        fail(sqlite_database, [f"{kind}:2001:db8:0:1::{last:x}"], now)
    assert is_blocked(sqlite_database, [f"{kind}:2001:DB8:0:1:ffff::1"], now)
    assert not is_blocked(sqlite_database, [f"{kind}:2001:db8:0:2::1"], now)


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
        ("a\x00b", "a b"),
        ("x" * 900, "x" * 44 + "…"),
    ],
)
def test_what_counts_as_one_place(address: str, same: str) -> None:
    assert place(address) == same


@given(ip_addresses(v=6))
def test_every_address_of_ipv6_counts_with_its_network_and_no_other(one: IPv6Address) -> None:
    near, far = IPv6Address(int(one) ^ 1), IPv6Address(int(one) ^ (1 << 64))
    assume(one.ipv4_mapped is None and far.ipv4_mapped is None)
    assert place(str(near)) == place(str(one))
    assert place(str(far)) != place(str(one))


def test_a_limit_of_a_day_outlasts_the_short_one(database: Database, now: datetime) -> None:
    name, tries = "subscribe:pat@example.org", DAILY["subscribe"]
    for hour in range(tries):
        at = now + timedelta(hours=hour)
        assert not is_blocked(database, [name], at)
        fail(database, [name], at)
        with database.writing() as session:
            forget(session, at)
    assert is_blocked(database, [name], now + timedelta(hours=tries))
    assert is_blocked(database, [name], now + DAY - timedelta(seconds=1))
    assert not is_blocked(database, [name], now + DAY)
    fail(database, [name], now + DAY)
    with database.reading() as session:
        assert set(session.scalars(select(Throttle.failures))) == {1}


def test_what_is_cleared_or_taken_back_is_so_for_the_day_too(
    sqlite_database: Database, now: datetime
) -> None:
    name, later = "subscribe:pat@example.org", now + WINDOW
    fail(sqlite_database, [name], now, DAILY["subscribe"])
    with sqlite_database.writing() as session:
        taken_back(session, [name])
    assert not is_blocked(sqlite_database, [name], later)
    fail(sqlite_database, [name], later)
    assert is_blocked(sqlite_database, [name], later + WINDOW)
    with sqlite_database.writing() as session:
        cleared(session, name)
    assert not is_blocked(sqlite_database, [name], later)

"""The second step: codes of an app, once each, and recovery codes."""

from datetime import datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cascade.accounts import second_step, users
from cascade.accounts.records import RecoveryCode
from cascade.database import Database
from cascade.errors import BadInput, Refused
from tests.at_once import at_once
from tests.cascade.accounts.people import add, code, turn_on

STEP = timedelta(seconds=30)


def check(database: Database, user_id: int, given_: str, now: datetime) -> bool:
    with database.writing() as session:
        return second_step.check(session, user_id, given_, now)


def test_the_address_tells_an_app_all_it_needs() -> None:
    secret = second_step.new_secret()
    read = pyotp.parse_uri(
        second_step.address(secret, email="pat@example.org", issuer="Ambleby: cell")
    )
    assert isinstance(read, pyotp.TOTP)
    assert (read.secret, read.name, read.issuer) == (secret, "pat@example.org", "Ambleby: cell")


@pytest.mark.parametrize("drift", [-1, 0, 1])
def test_a_phone_may_be_one_step_off(sqlite_database: Database, now: datetime, drift: int) -> None:
    person = add(sqlite_database, now)
    secret, _ = turn_on(sqlite_database, person, now)
    later = now + timedelta(hours=1)
    assert not check(sqlite_database, person.id, code(secret, later + 2 * STEP), later)
    assert not check(sqlite_database, person.id, code(secret, later - 2 * STEP), later)
    assert check(sqlite_database, person.id, code(secret, later + drift * STEP), later)


def test_a_code_works_once_and_so_do_the_ones_before_it(
    sqlite_database: Database, now: datetime
) -> None:
    person = add(sqlite_database, now)
    secret, _ = turn_on(sqlite_database, person, now)
    assert not check(sqlite_database, person.id, code(secret, now), now)
    later = now + 4 * STEP
    assert check(sqlite_database, person.id, code(secret, later), later)
    assert not check(sqlite_database, person.id, code(secret, later), later)
    assert not check(sqlite_database, person.id, code(secret, later - STEP), later)
    assert check(sqlite_database, person.id, code(secret, later + STEP), later)


def test_of_two_who_give_a_code_at_the_same_time_one_is_right(
    database: Database, now: datetime
) -> None:
    person = add(database, now)
    secret, codes = turn_on(database, person, now)
    later = now + 4 * STEP
    for given_ in (code(secret, later), codes[0]):
        right = at_once(
            database,
            4,
            lambda session, given_=given_: second_step.check(session, person.id, given_, later),
        )
        assert sorted(right) == [False, False, False, True]


def test_each_recovery_code_works_once_however_it_is_typed(
    sqlite_database: Database, now: datetime
) -> None:
    person = add(sqlite_database, now)
    _, codes = turn_on(sqlite_database, person, now)
    assert len(set(codes)) == second_step.RECOVERY_CODES
    typed = f" {codes[0].upper().replace('-', ' ').replace('O', '0').replace('L', '1')} "
    assert check(sqlite_database, person.id, typed, now)
    assert not check(sqlite_database, person.id, codes[0], now)
    with sqlite_database.reading() as session:
        assert second_step.codes_left(session, person.id) == 9
        kept = session.scalars(select(RecoveryCode.sha256)).all()
    assert not set(kept) & set(codes)


def test_the_code_of_somebody_else_is_wrong(sqlite_database: Database, now: datetime) -> None:
    person, other = add(sqlite_database, now), add(sqlite_database, now, "jo@example.org")
    _, codes = turn_on(sqlite_database, person, now)
    turn_on(sqlite_database, other, now)
    assert not check(sqlite_database, other.id, codes[0], now)
    assert check(sqlite_database, person.id, codes[0], now)


def test_new_recovery_codes_end_the_old_ones(sqlite_database: Database, now: datetime) -> None:
    person = add(sqlite_database, now)
    _, old = turn_on(sqlite_database, person, now)
    with sqlite_database.writing() as session:
        new = second_step.new_codes(session, person.id)
        assert second_step.codes_left(session, person.id) == 10
    assert not check(sqlite_database, person.id, old[0], now)
    assert check(sqlite_database, person.id, new[0], now)


@pytest.mark.parametrize(
    "secret", ["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "short", "", "not base 32!" * 4]
)
def test_it_is_not_turned_on_before_the_app_shows_that_it_works(
    sqlite_database: Database, now: datetime, secret: str
) -> None:
    person = add(sqlite_database, now)
    with sqlite_database.writing() as session:
        with pytest.raises(BadInput) as caught:
            second_step.turn_on(session, person.id, secret, "12345x", now)
        assert caught.value.problems[0].startswith("code: ")
        assert not users.get(session, person.id).has_second_step


def test_a_second_app_does_not_take_the_place_of_the_first(
    sqlite_database: Database, now: datetime
) -> None:
    person = add(sqlite_database, now)
    turn_on(sqlite_database, person, now)
    with pytest.raises(Refused, match="on already"):
        turn_on(sqlite_database, person, now)


def test_turned_off_no_code_is_right(sqlite_database: Database, now: datetime) -> None:
    person = add(sqlite_database, now)
    secret, codes = turn_on(sqlite_database, person, now)
    with sqlite_database.writing() as session:
        second_step.turn_off(session, person.id)
        assert not users.get(session, person.id).has_second_step
        assert second_step.codes_left(session, person.id) == 0
    assert not check(sqlite_database, person.id, codes[0], now)
    assert not check(sqlite_database, person.id, code(secret, now + STEP), now)


@given(st.text())
def test_no_other_text_is_a_code(typed: str) -> None:
    secret, moment = pyotp.random_base32(), datetime.fromisoformat("2026-11-21T09:30:00Z")
    if typed.strip() not in {code(secret, moment + n * STEP) for n in (-1, 0, 1)}:
        assert second_step._step(secret, typed, moment) is None

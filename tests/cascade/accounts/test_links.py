"""One-time links: what they are for, how long they last, and that each works once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cascade.accounts import users
from cascade.accounts.links import PURPOSES, Purpose, issue, peek, redeem
from cascade.accounts.records import OneTimeLink
from cascade.database import Database
from cascade.errors import Refused
from tests.at_once import at_once
from tests.cascade.accounts.people import add


def issued(database: Database, user_id: int, purpose: Purpose, now: datetime) -> str:
    with database.writing() as session:
        return issue(session, user_id, purpose, now)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_lets_its_person_in_once_and_only_for_its_purpose(
    sqlite_database: Database, now: datetime, purpose: Purpose
) -> None:
    person = add(sqlite_database, now)
    token = issued(sqlite_database, person.id, purpose, now)
    with sqlite_database.writing() as session:
        for other in PURPOSES:
            found = peek(session, other, token, now)
            assert found == (person if other == purpose else None)
        assert redeem(session, purpose, token, now) == person
        assert peek(session, purpose, token, now) is None
        assert redeem(session, purpose, token, now) is None


def test_of_two_who_use_a_link_at_the_same_time_one_comes_in(
    database: Database, now: datetime
) -> None:
    person = add(database, now)
    token = issued(database, person.id, "sign-in", now)
    came_in = at_once(database, 4, lambda session: redeem(session, "sign-in", token, now))
    assert [one for one in came_in if one] == [person]


@pytest.mark.parametrize(("purpose", "lasts"), PURPOSES.items())
def test_a_link_ends_on_time(
    sqlite_database: Database, now: datetime, purpose: Purpose, lasts: timedelta
) -> None:
    person = add(sqlite_database, now)
    token = issued(sqlite_database, person.id, purpose, now)
    with sqlite_database.writing() as session:
        assert peek(session, purpose, token, now + lasts - timedelta(seconds=1)) == person
        assert peek(session, purpose, token, now + lasts) is None
        assert redeem(session, purpose, token, now + lasts) is None


def test_a_new_link_ends_the_earlier_ones_of_its_purpose(
    sqlite_database: Database, now: datetime
) -> None:
    person = add(sqlite_database, now)
    first = issued(sqlite_database, person.id, "reset", now)
    other = issued(sqlite_database, person.id, "invitation", now)
    second = issued(sqlite_database, person.id, "reset", now)
    with sqlite_database.reading() as session:
        assert peek(session, "reset", first, now) is None
        assert peek(session, "reset", second, now) == person
        assert peek(session, "invitation", other, now) == person


def test_of_links_made_at_the_same_time_one_is_left(database: Database, now: datetime) -> None:
    person = add(database, now)
    tokens = at_once(database, 4, lambda session: issue(session, person.id, "reset", now))
    with database.reading() as session:
        assert sum(peek(session, "reset", token, now) == person for token in tokens) == 1


def test_somebody_closed_has_no_links_and_gets_none(
    sqlite_database: Database, now: datetime
) -> None:
    person = add(sqlite_database, now)
    token = issued(sqlite_database, person.id, "sign-in", now)
    with sqlite_database.writing() as session:
        users.close(session, person.id, now)
        assert redeem(session, "sign-in", token, now) is None
        with pytest.raises(Refused, match="Reopen it first"):
            issue(session, person.id, "sign-in", now)
        users.reopen(session, person.id)
        assert peek(session, "sign-in", token, now) is None


def test_the_database_holds_no_token(sqlite_database: Database, now: datetime) -> None:
    token = issued(sqlite_database, add(sqlite_database, now).id, "reset", now)
    assert len(token) == 43
    with sqlite_database.reading() as session:
        row = session.scalars(select(OneTimeLink)).one()
    assert token not in str(vars(row))


@pytest.mark.parametrize("token", ["", "x", "é\ud800", "a" * 10_000])
def test_a_token_that_is_none_leads_nowhere(database: Database, now: datetime, token: str) -> None:
    with database.writing() as session:
        assert peek(session, "reset", token, now) is None
        assert redeem(session, "reset", token, now) is None

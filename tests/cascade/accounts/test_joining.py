"""Invitations and forgotten passwords, from the letter to the password."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cascade.accounts import audit, links, throttling, users, visits
from cascade.accounts.joining import choose_password, forgotten, invite
from cascade.accounts.signing_in import NeedsCode, Rejected, SignedIn
from cascade.accounts.users import Person
from cascade.database import Database
from cascade.errors import BadInput, Refused
from cascade.letters.records import Letter
from tests.at_once import at_once
from tests.cascade.accounts.people import PASSWORD, add, sign_in, turn_on

BASE, CELL = "https://cascade.example.org", "Ambleby cell"
NEW = "violet canyon spoon"


def invited(database: Database, now: datetime) -> tuple[Person, str]:
    with database.writing() as session:
        person = users.add(
            session, email="jo@example.org", name="Jo {x}", roles=["author"], now=now
        )
        invite(session, person, base_url=BASE, cell=CELL, by="ann@example.org", now=now)
    return person, token(database, "welcome")


def forget(database: Database, now: datetime, email: str = "pat@example.org") -> None:
    with database.writing() as session:
        forgotten(session, email, base_url=BASE, cell=CELL, now=now)


def letters(database: Database) -> list[Letter]:
    with database.reading() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def token(database: Database, page: str) -> str:
    found = re.search(rf"^{BASE}/{page}/(\S+)$", letters(database)[-1].text, re.MULTILINE)
    assert found
    return found[1]


def choose(
    database: Database, purpose: str, link: str, now: datetime, password: str = NEW
) -> Person:
    with database.writing() as session:
        return choose_password(session, purpose, link, password, now)


def test_an_invited_person_chooses_a_password_and_comes_in(
    database: Database, now: datetime
) -> None:
    person, link = invited(database, now)
    (letter,) = letters(database)
    assert (letter.to, letter.name, letter.state) == ("jo@example.org", "Jo {x}", "waiting")
    assert CELL in letter.subject
    assert sign_in(database, now, NEW, person.email) == Rejected()
    assert choose(database, "invitation", link, now).has_password
    assert isinstance(sign_in(database, now, NEW, person.email), SignedIn)
    with database.reading() as session:
        trail = [(one.act, one.by) for one in audit.every(session)]
    assert trail[-1] == ("invited", "ann@example.org")
    assert ("password-chosen", "jo@example.org") in trail


def test_a_poor_password_does_not_use_up_the_link(sqlite_database: Database, now: datetime) -> None:
    _, link = invited(sqlite_database, now)
    with sqlite_database.writing() as session:
        with pytest.raises(BadInput) as caught:
            choose_password(session, "invitation", link, "jo", now)
        assert caught.value.problems[0].startswith("password: ")
        assert links.peek(session, "invitation", link, now)


@pytest.mark.parametrize("why", ["used", "expired", "of another purpose", "closed"])
def test_a_spent_link_sets_no_password(sqlite_database: Database, now: datetime, why: str) -> None:
    person, link = invited(sqlite_database, now)
    purpose = "invitation"
    if why == "used":
        choose(sqlite_database, purpose, link, now)
    elif why == "expired":
        now += timedelta(days=7)
    elif why == "closed":
        with sqlite_database.writing() as session:
            users.close(session, person.id, now)
    else:
        purpose = "reset"
    with pytest.raises(Refused, match="used or has expired"):
        choose(sqlite_database, purpose, link, now, "yellow kettle drum")
    assert sign_in(sqlite_database, now, "yellow kettle drum", person.email) == Rejected()


def test_of_two_who_choose_at_the_same_time_one_does(database: Database, now: datetime) -> None:
    person, link = invited(database, now)
    passwords = [NEW, "yellow kettle drum"]

    def one(session) -> str:
        password = passwords.pop()
        try:
            choose_password(session, "invitation", link, password, now)
        except Refused:
            return ""
        return password

    chosen = at_once(database, 2, one)
    assert chosen.count("") == 1
    assert isinstance(sign_in(database, now, max(chosen), person.email), SignedIn)


def test_a_new_password_signs_out_everywhere_and_ends_the_old_one(
    sqlite_database: Database, now: datetime
) -> None:
    person = add(sqlite_database, now)
    turn_on(sqlite_database, person, now)
    with sqlite_database.writing() as session:
        browser = visits.begin(session, person.id, address="", browser="", now=now)
        other = links.issue(session, person.id, "sign-in", now)
    forget(sqlite_database, now)
    choose(sqlite_database, "reset", token(sqlite_database, "reset"), now)
    with sqlite_database.reading() as session:
        assert visits.current(session, browser, now) is None
        assert links.peek(session, "sign-in", other, now) is None
    assert sign_in(sqlite_database, now, PASSWORD) == Rejected()
    assert isinstance(sign_in(sqlite_database, now, NEW), NeedsCode)


def test_a_new_password_lets_in_who_was_blocked(sqlite_database: Database, now: datetime) -> None:
    add(sqlite_database, now)
    for _ in range(10):
        sign_in(sqlite_database, now, "wrong")
    forget(sqlite_database, now)
    choose(sqlite_database, "reset", token(sqlite_database, "reset"), now)
    assert isinstance(sign_in(sqlite_database, now, NEW), SignedIn)


@pytest.mark.parametrize("email", ["nobody@example.org", "no address", "\x00", "pat@example.org"])
def test_nothing_is_written_to_who_is_unknown_or_closed(
    sqlite_database: Database, now: datetime, email: str
) -> None:
    person = add(sqlite_database, now)
    with sqlite_database.writing() as session:
        users.close(session, person.id, now)
    forget(sqlite_database, now, email)
    assert letters(sqlite_database) == []


def test_nobody_s_mailbox_is_filled_by_asking_again_and_again(
    sqlite_database: Database, now: datetime
) -> None:
    add(sqlite_database, now)
    for _ in range(20):
        forget(sqlite_database, now)
    assert len(letters(sqlite_database)) == throttling.LIMITS["reset"]
    assert choose(sqlite_database, "reset", token(sqlite_database, "reset"), now)

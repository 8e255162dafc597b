"""Accounts: added, changed, found, closed; and always an administrator."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.accounts import users, visits
from cascade.accounts.permissions import Permission, Role
from cascade.accounts.users import Person
from cascade.database import Database
from cascade.errors import BadInput, NotFound, Refused
from tests.at_once import at_once
from tests.cascade.accounts.people import add


def test_an_address_is_kept_in_small_letters_and_found_however_it_is_written(
    sqlite_database: Database, now: datetime
) -> None:
    with sqlite_database.writing() as session:
        added = users.add(
            session,
            email=" Pat.Lee@Example.ORG ",
            name="  Pat\u202e\n Lee ",
            organisation="Ambleby ICB",
            roles=["releaser", "author"],
            now=now,
        )
        assert (added.email, added.name) == ("pat.lee@example.org", "Pat Lee")
        assert added.roles == ("author", "releaser")
        assert (added.has_password, added.has_second_step) == (False, False)
        assert users.find(session, "PAT.LEE@example.org") == users.get(session, added.id) == added


def test_one_address_has_one_account(database: Database, now: datetime) -> None:
    add(database, now)
    with database.writing() as session:
        with pytest.raises(Refused, match="already an account for pat@example.org"):
            users.add(session, email="PAT@example.org", name="P", roles=["viewer"], now=now)
        assert users.listing(session).total == 1


@pytest.mark.parametrize(
    ("email", "name", "roles", "field"),
    [
        ("pat", "Pat", ["viewer"], "email"),
        ("pat@example.org\nbcc: x@example.org", "Pat", ["viewer"], "email"),
        ("pat@example.org", " \u200b ", ["viewer"], "name"),
        ("pat@example.org", "Pat", [], "roles"),
        ("pat@example.org", "Pat", ["viewer", "king"], "roles"),
    ],
)
def test_what_is_wrong_is_said_by_its_field(
    sqlite_database: Database, now: datetime, email: str, name: str, roles: list[str], field: str
) -> None:
    with sqlite_database.writing() as session, pytest.raises(BadInput) as caught:
        users.add(session, email=email, name=name, roles=roles, now=now)
    assert [one.partition(":")[0] for one in caught.value.problems] == [field]


@given(st.text() | st.emails())
def test_an_address_that_is_taken_is_taken_again_as_it_is_kept(email: str) -> None:
    with suppress(BadInput):
        written = users.checked_email(email)
        assert users.as_written(written) == written


def test_who_is_not_there_is_not_found(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        for email in ("pat@example.org", "no address", "\x00"):
            with pytest.raises(NotFound):
                users.find(session, email)
        with pytest.raises(NotFound):
            users.get(session, 7)


def test_a_change_is_kept(sqlite_database: Database, now: datetime) -> None:
    person = add(sqlite_database, now)
    with sqlite_database.writing() as session:
        users.change(session, person.id, name="Pat Moss", organisation="Trust", roles=["viewer"])
    with sqlite_database.reading() as session:
        kept = users.get(session, person.id)
    assert (kept.name, kept.organisation, kept.roles) == ("Pat Moss", "Trust", ("viewer",))


def test_the_last_administrator_can_not_be_closed_or_made_something_else(
    database: Database, now: datetime
) -> None:
    last = add(database, now, roles=["administrator"])
    gone = add(database, now, "gone@example.org", roles=["administrator"])
    add(database, now, "jo@example.org")
    with database.writing() as session:
        users.close(session, gone.id, now)
        with pytest.raises(Refused, match="last administrator"):
            users.close(session, last.id, now)
        with pytest.raises(Refused, match="last administrator"):
            users.change(session, last.id, name="Pat", organisation="", roles=["viewer"])
        users.change(session, last.id, name="P", organisation="", roles=["viewer", "administrator"])
        users.reopen(session, gone.id)
        users.close(session, last.id, now)
        assert users.get(session, last.id).closed_at == now


def test_of_two_administrators_who_close_each_other_one_is_left(
    database: Database, now: datetime
) -> None:
    leaving = [
        add(database, now, f"{name}@example.org", roles=["administrator"]).id
        for name in ("ann", "bob")
    ]

    def close(session) -> bool:
        try:
            users.close(session, leaving.pop(), now)
        except Refused:
            return False
        return True

    assert sorted(at_once(database, 2, close)) == [False, True]


def test_closing_signs_out_everywhere(sqlite_database: Database, now: datetime) -> None:
    person = add(sqlite_database, now)
    with sqlite_database.writing() as session:
        token = visits.begin(session, person.id, address="", browser="", now=now)
        users.close(session, person.id, now)
        assert visits.current(session, token, now) is None
        users.reopen(session, person.id)
        assert visits.current(session, token, now) is None


def test_the_list_is_searched_and_paged(database: Database, now: datetime) -> None:
    for number in range(5):
        add(database, now, f"p{number}@example.org", name=f"Person {number}")
    odd = add(database, now, "odd@example.org", name="100% Odd_one")
    with database.writing() as session:
        users.close(session, odd.id, now)
    with database.reading() as session:
        second = users.listing(session, page=2, size=2)
        assert ([one.name for one in second.lines], second.total) == (["Person 2", "Person 3"], 5)
        assert users.listing(session, search="P3@EXAMPLE").total == 1
        assert users.listing(session, search="%").total == 0
        assert users.listing(session, search="0% o", closed=True).lines[0].id == odd.id
        assert users.listing(session, search="\x00").total == 5


def test_a_new_installation_has_nobody(sqlite_database: Database, now: datetime) -> None:
    with sqlite_database.reading() as session:
        assert users.nobody(session)
    add(sqlite_database, now)
    with sqlite_database.reading() as session:
        assert not users.nobody(session)


def person(now: datetime, *roles: str, second_step: bool, closed: bool = False) -> Person:
    return Person(
        id=1,
        email="pat@example.org",
        name="Pat",
        organisation="",
        roles=roles,
        has_password=True,
        has_second_step=second_step,
        added_at=now,
        closed_at=now if closed else None,
    )


def test_nobody_releases_without_a_second_step(now: datetime) -> None:
    without = person(now, "releaser", "author", second_step=False)
    assert Permission.RELEASE not in without.permissions
    assert Permission.WRITE in without.permissions
    assert without.lacks_second_step
    with_it = person(now, "releaser", second_step=True)
    assert Permission.RELEASE in with_it.permissions
    assert not with_it.lacks_second_step
    assert not person(now, "author", second_step=False).lacks_second_step


@pytest.mark.parametrize("role", Role)
def test_who_is_closed_may_do_nothing(now: datetime, role: Role) -> None:
    assert person(now, role, second_step=True).permissions
    assert not person(now, role, second_step=True, closed=True).permissions

"""Signing in: what lets somebody in, what is refused without a word why, and how often."""

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from cascade.accounts import audit, passwords, signing_in, throttling, users, visits
from cascade.accounts.records import Throttle, User
from cascade.accounts.signing_in import Blocked, Expired, NeedsCode, Rejected, SignedIn, Try
from cascade.database import Database
from tests.at_once import at_once, together
from tests.cascade.accounts.conftest import CountingHasher
from tests.cascade.accounts.people import (
    ADDRESS,
    BROWSER,
    PASSWORD,
    add,
    code,
    give_code,
    sign_in,
    turn_on,
)

LATER = timedelta(minutes=2)


def acts(database: Database) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        return [(one.act, one.by, one.address) for one in audit.listing(session).page.lines]


def pending(database: Database, now: datetime) -> str:
    outcome = sign_in(database, now)
    assert isinstance(outcome, NeedsCode)
    return outcome.pending


def test_the_right_password_lets_in(sqlite_database: Database, now: datetime) -> None:
    person = add(sqlite_database, now)
    outcome = sign_in(sqlite_database, now, email=" PAT@example.org")
    assert isinstance(outcome, SignedIn)
    with sqlite_database.reading() as session:
        visitor = visits.current(session, outcome.token, now)
        assert visitor
        assert visitor.person == person
        (visit,) = visits.open_visits(session, person.id, now)
    assert (visit.address, visit.browser) == (ADDRESS, BROWSER)
    assert acts(sqlite_database) == [("signed-in", "pat@example.org", ADDRESS)]


@pytest.mark.parametrize("reason", ["wrong", "unknown", "not an address", "closed", "no password"])
def test_every_rejection_is_alike_and_costs_one_hash(
    sqlite_database: Database, now: datetime, hasher: CountingHasher, reason: str
) -> None:
    person = add(sqlite_database, now)
    email, password = "pat@example.org", PASSWORD
    with sqlite_database.writing() as session:
        if reason == "wrong":
            password = "another one"
        elif reason == "unknown":
            email = "nobody@example.org"
        elif reason == "not an address":
            email = "my secret\x00password"
        elif reason == "closed":
            users.close(session, person.id, now)
        else:
            session.execute(update(User).values(password_hash=None))
    hasher.asked = 0
    assert sign_in(sqlite_database, now, password, email) == Rejected()
    assert hasher.asked == 1
    written = "" if reason == "not an address" else email
    assert acts(sqlite_database) == [("sign-in-failed", written, ADDRESS)]


def test_what_was_typed_in_place_of_an_address_is_kept_nowhere(
    database: Database, now: datetime
) -> None:
    for email in ("plum orbit ladder", "x\x00y", "a" * 10_000 + "@example.org", "\ud800"):
        assert sign_in(database, now, email=email) == Rejected()
    with database.reading() as session:
        entries = audit.listing(session).page.lines
        names = session.scalars(select(Throttle.name)).all()
    assert {(one.by, one.subject, one.detail) for one in entries} == {("", "user unknown", "")}
    assert names == [f"address:{ADDRESS}"]


def test_after_ten_failures_the_account_is_blocked_for_the_rest_of_the_window(
    sqlite_database: Database, now: datetime, hasher: CountingHasher
) -> None:
    add(sqlite_database, now)
    for number in range(10):
        assert sign_in(sqlite_database, now, "wrong", address=f"192.0.2.{number}") == Rejected()
    hasher.asked = 0
    assert sign_in(sqlite_database, now, address="198.51.100.1") == Blocked()
    assert hasher.asked == 0
    assert isinstance(sign_in(sqlite_database, now + throttling.WINDOW), SignedIn)


def test_an_account_that_is_not_there_is_blocked_like_one_that_is(
    sqlite_database: Database, now: datetime
) -> None:
    tries = [sign_in(sqlite_database, now, "wrong", "nobody@example.org") for _ in range(11)]
    assert tries == [Rejected()] * 10 + [Blocked()]


def test_after_fifty_failures_an_address_is_blocked_for_every_account(
    sqlite_database: Database, now: datetime
) -> None:
    add(sqlite_database, now)
    for number in range(50):
        assert sign_in(sqlite_database, now, "x", f"p{number}@example.org") == Rejected()
    assert sign_in(sqlite_database, now) == Blocked()
    assert isinstance(sign_in(sqlite_database, now, address="198.51.100.1"), SignedIn)


def test_coming_in_clears_the_account_and_never_counts_against_the_address(
    sqlite_database: Database, now: datetime
) -> None:
    add(sqlite_database, now)
    for _ in range(6):
        for _ in range(9):
            assert sign_in(sqlite_database, now, "x", address="198.51.100.1") == Rejected()
            now += timedelta(minutes=2)
        assert isinstance(sign_in(sqlite_database, now), SignedIn)
    for _ in range(60):
        assert isinstance(sign_in(sqlite_database, now), SignedIn)


def test_who_has_an_account_can_not_clear_the_failures_of_their_address(
    sqlite_database: Database, now: datetime
) -> None:
    add(sqlite_database, now)
    for number in range(50):
        sign_in(sqlite_database, now, "x", f"p{number}@example.org")
        if number == 30:
            assert isinstance(sign_in(sqlite_database, now), SignedIn)
    assert sign_in(sqlite_database, now) == Blocked()


def test_guesses_at_the_same_time_do_not_slip_past_the_limit(
    database: Database, now: datetime, hasher: CountingHasher
) -> None:
    add(database, now)
    hasher.asked = 0

    outcomes = together(*[lambda: sign_in(database, now, "wrong")] * 14)

    assert outcomes.count(Rejected()) == hasher.asked == 10
    assert outcomes.count(Blocked()) == 4


@pytest.mark.parametrize("meanwhile", ["closed", "another password"])
def test_what_changes_while_the_password_is_hashed_counts(
    database: Database, now: datetime, meanwhile: str
) -> None:
    person = add(database, now)
    with database.writing() as session:
        counted = signing_in.begin(session, person.email, now, address=ADDRESS)
    assert isinstance(counted, Try)
    judged = signing_in.judge(counted, PASSWORD)
    assert judged.is_right
    with database.writing() as session:
        if meanwhile == "closed":
            users.close(session, person.id, now)
        else:
            kept = passwords.hash_("copper lantern drizzle")
            session.execute(update(User).values(password_hash=kept))

    with database.writing() as session:
        outcome = signing_in.sign_in(session, judged, address=ADDRESS, browser="", now=now)

    assert outcome == Rejected()
    with database.reading() as session:
        assert set(session.scalars(select(Throttle.failures))) == {1}


def test_a_hash_with_older_parameters_is_renewed_when_its_person_comes_in(
    sqlite_database: Database, now: datetime
) -> None:
    person = add(sqlite_database, now)
    old = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    with sqlite_database.writing() as session:
        session.execute(update(User).values(password_hash=old))
    assert isinstance(sign_in(sqlite_database, now), SignedIn)
    with sqlite_database.reading() as session:
        kept = session.get_one(User, person.id).password_hash
    assert kept
    assert kept != old
    assert passwords.matches(kept, PASSWORD)


def test_with_a_second_step_the_password_is_not_enough(database: Database, now: datetime) -> None:
    person = add(database, now)
    secret, _ = turn_on(database, person, now)
    now += LATER
    token = pending(database, now)
    assert acts(database) == []
    outcome = give_code(database, token, code(secret, now), now)
    assert isinstance(outcome, SignedIn)
    with database.reading() as session:
        assert visits.current(session, outcome.token, now)
        assert visits.current(session, token, now) is None
    assert acts(database) == [("signed-in", "pat@example.org", ADDRESS)]
    assert give_code(database, token, code(secret, now), now) == Expired()


def test_a_recovery_code_is_as_good_as_one_of_the_app(
    sqlite_database: Database, now: datetime
) -> None:
    _, codes = turn_on(sqlite_database, add(sqlite_database, now), now)
    token = pending(sqlite_database, now)
    assert isinstance(give_code(sqlite_database, token, codes[3], now), SignedIn)
    again = pending(sqlite_database, now)
    assert give_code(sqlite_database, again, codes[3], now) == Rejected()
    assert acts(sqlite_database)[0] == ("code-failed", "pat@example.org", ADDRESS)


def test_a_code_comes_too_late_after_ten_minutes(sqlite_database: Database, now: datetime) -> None:
    secret, _ = turn_on(sqlite_database, add(sqlite_database, now), now)
    token = pending(sqlite_database, now)
    late = now + timedelta(minutes=10)
    assert give_code(sqlite_database, token, code(secret, late), late) == Expired()


def test_somebody_closed_meanwhile_gives_their_code_in_vain(
    sqlite_database: Database, now: datetime
) -> None:
    person = add(sqlite_database, now)
    secret, _ = turn_on(sqlite_database, person, now)
    now += LATER
    token = pending(sqlite_database, now)
    with sqlite_database.writing() as session:
        users.close(session, person.id, now)
    assert give_code(sqlite_database, token, code(secret, now), now) == Expired()


def test_who_knows_the_password_can_not_go_on_guessing_codes(
    sqlite_database: Database, now: datetime
) -> None:
    secret, _ = turn_on(sqlite_database, add(sqlite_database, now), now)
    now += LATER
    for _ in range(10):
        token = pending(sqlite_database, now)
        assert give_code(sqlite_database, token, "no code", now) == Rejected()
    assert give_code(sqlite_database, token, code(secret, now), now) == Blocked()
    assert sign_in(sqlite_database, now) == Blocked()


def test_of_two_who_give_the_same_code_at_the_same_time_one_comes_in(
    database: Database, now: datetime
) -> None:
    secret, _ = turn_on(database, add(database, now), now)
    now += LATER
    token = pending(database, now)

    def give(session):
        return signing_in.give_code(
            session,
            pending=token,
            code=code(secret, now),
            address=ADDRESS,
            browser="",
            now=now,
        )

    outcomes = at_once(database, 3, give)
    assert sum(isinstance(one, SignedIn) for one in outcomes) == 1
    assert {type(one) for one in outcomes} <= {SignedIn, Rejected, Expired}

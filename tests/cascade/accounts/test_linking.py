"""Coming in by the word of a provider, and the link of an account with one there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from cascade.accounts import linking, links, throttling, users, visits
from cascade.accounts.linking import NotInvited
from cascade.accounts.permissions import Permission
from cascade.accounts.records import AuditEntry
from cascade.accounts.signing_in import Blocked, NeedsCode, SignedIn
from cascade.accounts.users import Person
from cascade.database import Database
from cascade.errors import Refused
from cascade.openid.vouching import Vouched
from tests.at_once import at_once
from tests.cascade.accounts.people import (
    ADDRESS,
    BROWSER,
    add,
    code,
    give_code,
    sign_in,
    turn_on,
)

PAT = Vouched("https://sign-in.example.org", "248289761001", "pat@example.org", second_step=False)
STRONG = replace(PAT, second_step=True)
BY = "County sign-in"

Outcome = SignedIn | NeedsCode | NotInvited | Blocked


def come(database: Database, vouched: Vouched, now: datetime) -> Outcome:
    """One try, committed whatever comes of it."""
    with database.writing() as session:
        return linking.sign_in(session, vouched, by=BY, address=ADDRESS, browser=BROWSER, now=now)


def invited(database: Database, now: datetime, *roles: str) -> Person:
    with database.writing() as session:
        return users.add(
            session, email="pat@example.org", name="Pat", roles=roles or ("author",), now=now
        )


def again(database: Database, who: Person) -> Person:
    with database.reading() as session:
        return users.get(session, who.id)


def here(database: Database, outcome: Outcome, now: datetime) -> Person:
    """Who the visit is of."""
    assert isinstance(outcome, SignedIn)
    with database.reading() as session:
        visitor = visits.current(session, outcome.token, now)
    assert visitor is not None
    return visitor.person


def trail(database: Database) -> Sequence[AuditEntry]:
    with database.reading() as session:
        return session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()


def test_who_is_invited_comes_in_and_is_linked(database: Database, now: datetime) -> None:
    who = invited(database, now)
    with database.writing() as session:
        letter = links.issue(session, who.id, "invitation", now)

    assert here(database, come(database, PAT, now), now).id == who.id

    assert again(database, who).is_linked
    with database.reading() as session:
        assert links.peek(session, "invitation", letter, now) is None
    said = [(one.by, one.act, one.after, one.detail) for one in trail(database)]
    assert said == [
        ("pat@example.org", "provider-linked", {"signs in by": BY}, ""),
        ("pat@example.org", "signed-in", None, f"by {BY}"),
    ]


@pytest.mark.parametrize(
    "vouched",
    [replace(PAT, email=""), replace(PAT, email="no@example.org"), replace(PAT, email="x")],
)
def test_who_is_not_invited_stays_out(
    sqlite_database: Database, now: datetime, vouched: Vouched
) -> None:
    who = invited(sqlite_database, now)

    assert come(sqlite_database, vouched, now) == NotInvited()

    assert not again(sqlite_database, who).is_linked
    assert [one.act for one in trail(sqlite_database)] == ["sign-in-failed"]


def test_once_linked_the_address_does_not_matter(sqlite_database: Database, now: datetime) -> None:
    who = invited(sqlite_database, now)
    come(sqlite_database, PAT, now)

    for email in ("", "pat.lee@example.org"):
        found = come(sqlite_database, replace(PAT, email=email), now)
        assert here(sqlite_database, found, now).id == who.id


def test_whoever_is_given_the_address_of_somebody_else_stays_out(
    database: Database, now: datetime
) -> None:
    invited(database, now)
    come(database, PAT, now)

    assert come(database, replace(PAT, subject="7"), now) == NotInvited()
    assert isinstance(come(database, PAT, now), SignedIn)


def test_a_closed_account_stays_closed(sqlite_database: Database, now: datetime) -> None:
    who = invited(sqlite_database, now)
    for _ in range(2):
        with sqlite_database.writing() as session:
            users.close(session, who.id, now)
        assert come(sqlite_database, PAT, now) == NotInvited()
        with sqlite_database.writing() as session:
            users.reopen(session, who.id)
        assert isinstance(come(sqlite_database, PAT, now), SignedIn)


def test_a_new_provider_links_anew(sqlite_database: Database, now: datetime) -> None:
    who = invited(sqlite_database, now)
    come(sqlite_database, PAT, now)
    moved = replace(PAT, issuer="https://new.example.org", subject="9")

    assert here(sqlite_database, come(sqlite_database, moved, now), now).id == who.id
    assert isinstance(come(sqlite_database, replace(moved, email=""), now), SignedIn)


def test_who_has_a_second_step_here_is_asked_for_it(
    sqlite_database: Database, now: datetime
) -> None:
    who = add(sqlite_database, now, roles=("releaser",))
    secret, recovery = turn_on(sqlite_database, who, now)

    outcome = come(sqlite_database, PAT, now)

    assert isinstance(outcome, NeedsCode)
    given = give_code(sqlite_database, outcome.pending, recovery[0], now)
    assert isinstance(given, SignedIn)
    assert Permission.RELEASE in here(sqlite_database, given, now).permissions
    assert code(secret, now)


def test_a_second_step_at_the_provider_is_enough(sqlite_database: Database, now: datetime) -> None:
    who = add(sqlite_database, now, roles=("releaser",))
    turn_on(sqlite_database, who, now)

    assert isinstance(come(sqlite_database, STRONG, now), SignedIn)


def test_a_releaser_may_release_in_the_visit_that_the_provider_vouched_for_and_in_no_other(
    database: Database, now: datetime
) -> None:
    add(database, now, roles=("releaser",))

    assert Permission.RELEASE in here(database, come(database, STRONG, now), now).permissions
    by_password = sign_in(database, now)
    assert isinstance(by_password, SignedIn)
    assert Permission.RELEASE not in here(database, by_password, now).permissions
    weak = here(database, come(database, PAT, now), now)
    assert Permission.RELEASE not in weak.permissions
    assert weak.lacks_second_step


def test_who_releases_with_a_second_step_at_the_provider_is_told_what_to_countersign(
    sqlite_database: Database, now: datetime
) -> None:
    who = add(sqlite_database, now, roles=("releaser",))

    def told() -> list[int]:
        with sqlite_database.reading() as session:
            return [one.id for one in users.allowed(session, Permission.RELEASE)]

    assert told() == []
    come(sqlite_database, STRONG, now)
    assert told() == [who.id]
    come(sqlite_database, PAT, now)
    assert told() == []


def test_failures_from_one_address_are_counted(sqlite_database: Database, now: datetime) -> None:
    invited(sqlite_database, now)
    for _ in range(throttling.LIMITS["address"]):
        assert come(sqlite_database, replace(PAT, email=""), now) == NotInvited()

    assert come(sqlite_database, PAT, now) == Blocked()


def test_guesses_at_a_password_do_not_shut_the_way_by_the_provider(
    sqlite_database: Database, now: datetime
) -> None:
    add(sqlite_database, now)
    for _ in range(throttling.LIMITS["account"] + 1):
        sign_in(sqlite_database, now, password="wrong")

    assert isinstance(come(sqlite_database, PAT, now), SignedIn)


def test_two_at_once_are_one_link(database: Database, now: datetime) -> None:
    who = invited(database, now)
    subjects = iter(["1", "2"])

    def one(session):
        vouched = replace(PAT, subject=next(subjects))
        return linking.sign_in(session, vouched, by=BY, address=ADDRESS, browser=BROWSER, now=now)

    outcomes = at_once(database, 2, one)

    assert sorted(type(one).__name__ for one in outcomes) == ["NotInvited", "SignedIn"]
    assert again(database, who).is_linked


def test_a_link_can_be_ended_by_who_has_a_password(
    sqlite_database: Database, now: datetime
) -> None:
    who = add(sqlite_database, now)
    come(sqlite_database, STRONG, now)

    with sqlite_database.writing() as session:
        after = linking.unlink(session, who.id, by=BY, now=now)
        linking.unlink(session, who.id, by=BY, now=now)

    assert (after.is_linked, after.is_vouched) == (False, False)
    assert come(sqlite_database, replace(PAT, email=""), now) == NotInvited()
    [ended] = [one for one in trail(sqlite_database) if one.act == "provider-unlinked"]
    assert ended.before == {"signs in by": BY}


def test_nobody_shuts_themselves_out(sqlite_database: Database, now: datetime) -> None:
    who = invited(sqlite_database, now)
    come(sqlite_database, PAT, now)

    with sqlite_database.writing() as session, pytest.raises(Refused, match="Choose a password"):
        linking.unlink(session, who.id, by=BY, now=now)

    assert again(sqlite_database, who).is_linked


def test_who_is_signed_in_links_an_account_with_another_address(
    sqlite_database: Database, now: datetime
) -> None:
    who, other = add(sqlite_database, now), add(sqlite_database, now, email="other@example.org")
    vouched = replace(PAT, email="")

    with sqlite_database.writing() as session:
        linking.link(session, who.id, vouched, by=BY, now=now)
    assert here(sqlite_database, come(sqlite_database, vouched, now), now).id == who.id

    for number, taken in ((other.id, vouched), (who.id, replace(vouched, subject="7"))):
        with sqlite_database.writing() as session, pytest.raises(Refused, match="linked already"):
            linking.link(session, number, taken, by=BY, now=now)

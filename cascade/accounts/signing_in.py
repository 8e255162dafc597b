"""Signing in: a password, then a code for who has a second step.

Whatever is wrong, the answer and its cost are the same. Failures are counted in the session, so
the caller commits whatever the outcome.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from cascade.accounts import links, passwords, second_step, throttling, visits
from cascade.accounts.audit import note
from cascade.accounts.records import User
from cascade.accounts.users import Person, as_person, as_written, locked, with_email
from cascade.cleaning import cut


@dataclass(frozen=True, slots=True)
class SignedIn:
    """They are in."""

    token: str
    """For the cookie."""


@dataclass(frozen=True, slots=True)
class NeedsCode:
    """The password is right; the code of the second step is next."""

    pending: str


@dataclass(frozen=True, slots=True)
class Proven:
    """It is them."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something is wrong, and nobody is told what."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """There were too many tries; they may try again in a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Expired:
    """Too late for the code: they begin again with the password."""


Outcome = SignedIn | NeedsCode | Rejected | Blocked
Proof = Proven | Rejected | Blocked
CodeOutcome = SignedIn | Rejected | Blocked | Expired


def sign_in(
    session: Session, *, email: str, password: str, address: str, browser: str, now: datetime
) -> Outcome:
    """Try a password; a rejected try costs one Argon2 hash, whatever is wrong with it."""
    # What is not an address is not kept: people type their password into the wrong field.
    written = as_written(email)
    names = _names(written, address)
    if not throttling.allows(session, names, now):
        return Blocked()
    user = _proven(session, with_email(session, written), password)
    if user is None:
        _note(session, "sign-in-failed", written, address, now)
        return Rejected()
    throttling.taken_back(session, names)
    if user.totp_secret is not None:
        return NeedsCode(links.issue(session, user.id, "code", now))
    token = let_in(session, as_person(user), address=address, browser=browser, now=now)
    return SignedIn(token)


def give_code(
    session: Session, *, pending: str, code: str, address: str, browser: str, now: datetime
) -> CodeOutcome:
    """Try the code after the password."""
    person = links.peek(session, "code", pending, now)
    if person is None:
        return Expired()
    names = _names(person.email, address)
    if not throttling.allows(session, names, now):
        return Blocked()
    locked(session, person.id)
    if not second_step.check(session, person.id, code, now):
        _note(session, "code-failed", person.email, address, now)
        return Rejected()
    if links.redeem(session, "code", pending, now) is None:
        return Expired()
    throttling.taken_back(session, names)
    return SignedIn(let_in(session, person, address=address, browser=browser, now=now))


def prove(session: Session, person: Person, password: str, now: datetime) -> Proof:
    """Try the password of who is signed in; counted like a try to sign in."""
    names = [account(person.email)]
    if not throttling.allows(session, names, now):
        return Blocked()
    if _proven(session, with_email(session, person.email), password) is None:
        return Rejected()
    throttling.cleared(session, account(person.email))
    return Proven()


def let_in(
    session: Session,
    person: Person,
    *,
    address: str,
    browser: str,
    now: datetime,
    detail: str = "",
) -> str:
    """Begin a visit for who has shown who they are; gives the token for the cookie."""
    # The failures of an address stay: somebody with an account may guess at those of others.
    throttling.cleared(session, account(person.email))
    _note(session, "signed-in", person.email, address, now, detail)
    return visits.begin(session, person.id, address=address, browser=browser, now=now)


def account(email: str) -> str:
    """The name under which the tries for one account are counted; the address as it is kept."""
    return f"account:{email}"


def _names(email: str, address: str) -> tuple[str, ...]:
    place = f"address:{cut(address, 45)}"
    return (account(email), place) if email else (place,)


def _proven(session: Session, user: User | None, password: str) -> User | None:
    kept = user.password_hash if user and not user.closed_at else None
    if not passwords.matches(kept, password) or user is None or kept is None:
        return None
    # Hashing takes a while: they may have been closed or have chosen another password meanwhile.
    user = locked(session, user.id)
    if user.closed_at or user.password_hash != kept:
        return None
    if passwords.outdated(kept):
        user.password_hash = passwords.hash_(password)
    return user


def _note(
    session: Session, act: str, email: str, address: str, now: datetime, detail: str = ""
) -> None:
    subject = f"user {email or 'unknown'}"
    note(session, by=email, act=act, subject=subject, now=now, address=address, detail=detail)

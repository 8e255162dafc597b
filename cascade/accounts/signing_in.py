"""Signing in: a password, or the word of a provider, then a code for who has a second step.

Whatever is wrong, the answer and its cost are the same. Failures are counted in the session, so
the caller commits whatever the outcome.

A password takes three steps: `begin` counts the try, `judge` hashes without a transaction, which
nobody else waits for, and `sign_in` or `prove` looks whether all is still as it was.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from cascade.accounts import links, passwords, second_step, throttling, visits
from cascade.accounts.acts import Act
from cascade.accounts.audit import note
from cascade.accounts.records import User
from cascade.accounts.users import Person, as_person, as_written, locked, with_email


@dataclass(frozen=True, slots=True)
class Try:
    """A try that is counted as a failed one until it turns out well."""

    email: str
    names: tuple[str, ...]
    kept: str | None
    """The hash that stands; None: nobody can come in with any password."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A try and whether the password is right."""

    of: Try
    is_right: bool
    renewed: str | None = None
    """Another hash of the same password, where today's parameters are others."""


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


Outcome = SignedIn | NeedsCode | Rejected
Proof = Proven | Rejected
CodeOutcome = SignedIn | Rejected | Blocked | Expired


def begin(
    session: Session, email: str, now: datetime, *, address: str | None = None
) -> Try | Blocked:
    """Count a try; `address`: where it comes from, None for who is signed in already."""
    # What is not an address is not kept: people type their password into the wrong field.
    written = as_written(email)
    names = _names(written, address)
    if not throttling.allows(session, names, now):
        return Blocked()
    user = with_email(session, written)
    return Try(written, names, user.password_hash if user and not user.closed_at else None)


def judge(counted: Try, password: str) -> Judged:
    """Compare the password; costs one Argon2 hash, whatever is wrong with it."""
    if not passwords.matches(counted.kept, password) or counted.kept is None:
        return Judged(counted, is_right=False)
    is_old = passwords.outdated(counted.kept)
    return Judged(counted, True, passwords.hash_(password) if is_old else None)


def sign_in(
    session: Session, judged: Judged, *, address: str, browser: str, now: datetime
) -> Outcome:
    """What comes of a try."""
    user = _proven(session, judged, now)
    if user is None:
        _note(session, Act.SIGN_IN_FAILED, judged.of.email, address, now)
        return Rejected()
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
        _note(session, Act.CODE_FAILED, person.email, address, now)
        return Rejected()
    if links.redeem(session, "code", pending, now) is None:
        return Expired()
    throttling.taken_back(session, names)
    return SignedIn(let_in(session, person, address=address, browser=browser, now=now))


def prove(session: Session, judged: Judged, now: datetime) -> Proof:
    """What comes of a try of who is signed in; counted like a try to sign in."""
    if _proven(session, judged, now) is None:
        return Rejected()
    throttling.cleared(session, account(judged.of.email))
    return Proven()


def let_in(
    session: Session,
    person: Person,
    *,
    address: str,
    browser: str,
    now: datetime,
    detail: str = "",
    vouched: bool = False,
) -> str:
    """Begin a visit for who has shown who they are; gives the token for the cookie. `vouched`:
    the provider of sign-in says that they took a second step there."""
    # The failures of an address stay: somebody with an account may guess at those of others.
    throttling.cleared(session, account(person.email))
    _note(session, Act.SIGNED_IN, person.email, address, now, detail)
    return visits.begin(
        session, person.id, address=address, browser=browser, now=now, vouched=vouched
    )


def account(email: str) -> str:
    """The name under which the tries for one account are counted; the address as it is kept."""
    return f"account:{email}"


def _names(email: str, address: str | None) -> tuple[str, ...]:
    own = (account(email),) if email else ()
    return own if address is None else (*own, f"address:{address}")


def _proven(session: Session, judged: Judged, now: datetime) -> User | None:
    if not judged.is_right:
        return None
    # Throttles come before people, as everywhere: two transactions never wait for each other.
    throttling.taken_back(session, judged.of.names)
    user = with_email(session, judged.of.email)
    user = locked(session, user.id) if user else None
    # Hashing takes a while: they may have been closed or have chosen another password meanwhile.
    if user is None or user.closed_at or user.password_hash != judged.of.kept:
        throttling.failed(session, judged.of.names, now)
        return None
    if judged.renewed:
        user.password_hash = judged.renewed
    return user


def _note(
    session: Session, act: Act, email: str, address: str, now: datetime, detail: str = ""
) -> None:
    subject = f"user {email or 'unknown'}"
    note(session, by=email, act=act, subject=subject, now=now, address=address, detail=detail)

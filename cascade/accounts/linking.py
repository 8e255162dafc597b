"""Signing in by the word of a provider, and the link of an account with an account there.

Who may come in is decided here, by an administrator's invitation; the provider says who it is. The
link is to the subject, which is somebody's for ever, not to an email address, which is not.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cascade.accounts import links, signing_in, throttling
from cascade.accounts.acts import Act
from cascade.accounts.audit import note
from cascade.accounts.records import OneTimeLink, User
from cascade.accounts.signing_in import Blocked, NeedsCode, SignedIn
from cascade.accounts.users import Person, as_person, as_written, locked, with_email
from cascade.errors import Refused
from cascade.openid.vouching import Vouched


@dataclass(frozen=True, slots=True)
class NotInvited:
    """Nobody has given them an account here, or it is closed or somebody else's."""


def sign_in(
    session: Session, vouched: Vouched, *, by: str, address: str, browser: str, now: datetime
) -> SignedIn | NeedsCode | NotInvited | Blocked:
    """Let in whom the provider vouches for, if they have an account. `by`: the provider's name.
    Failures are counted in the session, so the caller commits whatever the outcome."""
    # There is nothing to guess about an account here, so nobody else's failures shut it.
    place = [f"address:{address}"]
    if not throttling.allows(session, place, now):
        return Blocked()
    user = _account(session, vouched, by, now)
    if user is None:
        _note_failure(session, vouched, by, address, now)
        return NotInvited()
    throttling.taken_back(session, place)
    user.vouched = vouched.second_step
    session.flush()
    if user.totp_secret is not None and not vouched.second_step:
        return NeedsCode(links.issue(session, user.id, "code", now))
    token = signing_in.let_in(
        session,
        as_person(user),
        address=address,
        browser=browser,
        now=now,
        detail=_said(by, vouched.second_step),
        vouched=vouched.second_step,
    )
    return SignedIn(token)


def link(session: Session, user_id: int, vouched: Vouched, *, by: str, now: datetime) -> None:
    """Link an account with one at the provider. Raises Refused when either is linked already."""
    user = locked(session, user_id)
    if user.issuer == vouched.issuer or _linked(session, vouched) is not None:
        raise Refused(
            f"It is linked already. End that link first, or ask whose {by} account it is."
        )
    _link(session, user, vouched, by, now)


def unlink(session: Session, user_id: int, *, by: str, now: datetime) -> Person:
    """End the link. Raises Refused for who couldn't come in any more."""
    user = locked(session, user_id)
    if user.password_hash is None:
        raise Refused(f"Choose a password first: without {by} you could not sign in any more.")
    if user.subject is not None:
        user.issuer = user.subject = None
        user.vouched = False
        session.flush()
        _note_link(session, user, Act.PROVIDER_UNLINKED, now, before={"signs in by": by})
    return as_person(user)


def _account(session: Session, vouched: Vouched, by: str, now: datetime) -> User | None:
    found = _linked(session, vouched)
    if found is None and vouched.email:
        found = with_email(session, as_written(vouched.email))
    if found is None:
        return None
    user = locked(session, found.id)
    if user.closed_at:
        return None
    if user.issuer != vouched.issuer:  # not linked, or with a provider that was there before
        _link(session, user, vouched, by, now)
    # Whoever has been given the address of somebody who is linked isn't that person.
    is_same = (user.issuer, user.subject) == (vouched.issuer, vouched.subject)
    return user if is_same else None


def _linked(session: Session, vouched: Vouched) -> User | None:
    return session.scalar(
        select(User).where(User.issuer == vouched.issuer, User.subject == vouched.subject)
    )


def _link(session: Session, user: User, vouched: Vouched, by: str, now: datetime) -> None:
    user.issuer, user.subject = vouched.issuer, vouched.subject
    session.flush()
    # They have come: an invitation that still lies in a mailbox is of no use any more.
    session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.user_id == user.id,
            OneTimeLink.purpose == "invitation",
            OneTimeLink.used_at.is_(None),
        )
        .values(used_at=now)
    )
    _note_link(session, user, Act.PROVIDER_LINKED, now, after={"signs in by": by})


def _note_link(
    session: Session,
    user: User,
    act: Act,
    now: datetime,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    subject = f"user {user.email}"
    note(session, by=user.email, act=act, subject=subject, now=now, before=before, after=after)


def _note_failure(session: Session, vouched: Vouched, by: str, address: str, now: datetime) -> None:
    written = as_written(vouched.email)
    note(
        session,
        by=written,
        act=Act.SIGN_IN_FAILED,
        subject=f"user {written or 'unknown'}",
        now=now,
        address=address,
        detail=f"by {by}: not invited, closed, or linked with another account",
    )


def _said(by: str, second_step: bool) -> str:
    return f"by {by}, with a second step there" if second_step else f"by {by}"

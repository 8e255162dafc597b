"""Joining and coming back: the links that are sent by mail, and the password chosen with them."""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from cascade.accounts import links, passwords, throttling
from cascade.accounts.acts import Act
from cascade.accounts.audit import note
from cascade.accounts.signing_in import account
from cascade.accounts.users import Person, as_person, locked, shut_out, with_email
from cascade.errors import Refused
from cascade.letters.writing import write

_INVITATION = """Hello {name},

You have been invited to {cell}. Choose a password to begin:

{link}

The link works once, for 7 days, and only for you: do not pass it on.

If you did not expect this, you need not do anything."""

_RESET = """Hello {name},

Somebody, most likely you, asked {cell} for a new password for this address. Choose one here:

{link}

The link works once, for 1 hour, and only for you: do not pass it on.

If you did not ask for it, you need not do anything: your password stays as it is."""


def invite(
    session: Session, person: Person, *, base_url: str, cell: str, by: str, now: datetime
) -> None:
    """Write to somebody with a link to choose their first password; an earlier link ends."""
    token = links.issue(session, person.id, "invitation", now)
    write(
        session,
        to=person.email,
        name=person.name,
        subject=f"You have been invited to {cell}",
        text=_INVITATION.format(name=person.name, cell=cell, link=f"{base_url}/welcome/{token}"),
        now=now,
    )
    note(session, by=by, act=Act.INVITED, subject=f"user {person.email}", now=now)


def forgotten(session: Session, email: str, *, base_url: str, cell: str, now: datetime) -> None:
    """Write to somebody with a link to choose a new password; silent when there is nobody."""
    user = with_email(session, email)
    if user is None or user.closed_at:
        return
    # Nobody's mailbox is filled by who types their address again and again.
    if not throttling.allows(session, [f"reset:{user.email}"], now):
        return
    token = links.issue(session, user.id, "reset", now)
    write(
        session,
        to=user.email,
        name=user.name,
        subject=f"Choose a new password for {cell}",
        text=_RESET.format(name=user.name, cell=cell, link=f"{base_url}/reset/{token}"),
        now=now,
    )


def choose_password(
    session: Session,
    purpose: Literal["invitation", "reset"],
    token: str,
    password: str,
    now: datetime,
) -> Person:
    """Set the password, and sign out wherever they were signed in. Raises BadInput when it's not
    good enough (the link can be used again), and Refused when the link is spent."""
    person = links.peek(session, purpose, token, now)
    if person is None:
        raise Refused(_SPENT)
    passwords.check(password, email=person.email, name=person.name)
    kept = passwords.hash_(password)
    throttling.cleared(session, account(person.email))
    user = locked(session, person.id)
    if links.redeem(session, purpose, token, now) is None:
        raise Refused(_SPENT)
    user.password_hash = kept
    session.flush()
    shut_out(session, person.id, now)
    note(
        session,
        by=person.email,
        act=Act.PASSWORD_CHOSEN,
        subject=f"user {person.email}",
        now=now,
        detail=purpose,
    )
    return as_person(user)


_SPENT = "This link has been used or has expired. Ask for a new one."

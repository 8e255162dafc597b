"""One-time links: each lets one person do one thing, once, for a while."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy.orm import Session

from cascade.accounts.records import OneTimeLink, User
from cascade.accounts.tokens import digest, new_token
from cascade.accounts.users import Person, as_person, get, locked
from cascade.errors import Refused

Purpose = Literal["invitation", "reset", "sign-in", "code"]

PURPOSES: Mapping[Purpose, timedelta] = MappingProxyType(
    {
        "invitation": timedelta(days=7),
        "reset": timedelta(hours=1),
        "sign-in": timedelta(hours=1),
        "code": timedelta(minutes=10),
    }
)
"""How long a link lasts. `code`: the password was right, the code of the second step is next."""


def issue(session: Session, user_id: int, purpose: Purpose, now: datetime) -> str:
    """A new token; earlier ones for the same end. Raises NotFound, and Refused when closed."""
    user = locked(session, user_id)
    if user.closed_at:
        raise Refused(f"The account of {user.email} is closed. Reopen it first.")
    session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.user_id == user_id,
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
        )
        .values(used_at=now)
    )
    token = new_token()
    session.execute(
        insert(OneTimeLink).values(
            user_id=user_id,
            purpose=purpose,
            sha256=digest(token),
            expires_at=now + PURPOSES[purpose],
        )
    )
    return token


def peek(session: Session, purpose: Purpose, token: str, now: datetime) -> Person | None:
    """Whose link it is, while it can be used."""
    user = session.scalar(
        select(User)
        .join(OneTimeLink, OneTimeLink.user_id == User.id)
        .where(User.closed_at.is_(None), _usable(purpose, token, now))
    )
    return None if user is None else as_person(user)


def redeem(session: Session, purpose: Purpose, token: str, now: datetime) -> Person | None:
    """Use a link up; of two who do so at the same time, one gets None."""
    still_open = select(User.id).where(User.closed_at.is_(None))
    user_id = session.scalar(
        update(OneTimeLink)
        .where(_usable(purpose, token, now), OneTimeLink.user_id.in_(still_open))
        .values(used_at=now)
        .returning(OneTimeLink.user_id)
    )
    return None if user_id is None else get(session, user_id)


def _usable(purpose: Purpose, token: str, now: datetime) -> ColumnElement[bool]:
    return and_(
        OneTimeLink.purpose == purpose,
        OneTimeLink.sha256 == digest(token),
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now,
    )

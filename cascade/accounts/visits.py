"""Visits: the browsers that people are signed in with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy.orm import Session

from cascade.accounts.records import User, Visit
from cascade.accounts.tokens import digest, new_token
from cascade.accounts.users import Person, as_person
from cascade.cleaning import cut

LASTS = timedelta(hours=12)
"""From signing in; a working day."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is there, and with which of their visits."""

    visit_id: int
    person: Person


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """One browser somebody is signed in with, as they would recognise it."""

    id: int
    began_at: datetime
    address: str
    browser: str


def begin(
    session: Session,
    user_id: int,
    *,
    address: str,
    browser: str,
    now: datetime,
    vouched: bool = False,
) -> str:
    """Sign a browser in; the token goes into its cookie and is kept nowhere else. `vouched`:
    the provider of sign-in says that they took a second step there."""
    token = new_token()
    session.execute(
        insert(Visit).values(
            user_id=user_id,
            sha256=digest(token),
            began_at=now,
            address=cut(address, 45),
            browser=cut(browser, 200),
            vouched=vouched,
        )
    )
    return token


def current(session: Session, token: str, now: datetime) -> Visitor | None:
    """Whose browser it is; None when it's signed out, too long ago, or the person is closed."""
    row = session.execute(
        select(Visit.id, Visit.vouched, User)
        .join(User, User.id == Visit.user_id)
        .where(Visit.sha256 == digest(token), User.closed_at.is_(None), _is_open(now))
    ).one_or_none()
    # What the provider said counts for the visit that it let in, and for no other.
    return row and Visitor(row[0], replace(as_person(row[2]), is_vouched=row[1]))


def end(session: Session, visit_id: int, now: datetime) -> None:
    """Sign a browser out."""
    session.execute(
        update(Visit).where(Visit.id == visit_id, Visit.ended_at.is_(None)).values(ended_at=now)
    )


def end_others(session: Session, user_id: int, keep_visit_id: int, now: datetime) -> int:
    """Sign out every other browser of this person; how many there were."""
    ended = session.execute(
        update(Visit)
        .where(Visit.user_id == user_id, Visit.id != keep_visit_id, _is_open(now))
        .values(ended_at=now)
        .returning(Visit.id)
    ).all()
    return len(ended)


def open_visits(session: Session, user_id: int, now: datetime) -> Sequence[OpenVisit]:
    """The browsers somebody is signed in with, the newest first."""
    rows = session.execute(
        select(Visit.id, Visit.began_at, Visit.address, Visit.browser)
        .where(Visit.user_id == user_id, _is_open(now))
        .order_by(Visit.id.desc())
    )
    return [OpenVisit(*row) for row in rows]


def _is_open(now: datetime) -> ColumnElement[bool]:
    return and_(Visit.ended_at.is_(None), Visit.began_at > now - LASTS)

"""What people have answered to a cascade, with their comments, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, func, select, text, true
from sqlalchemy.orm import Session, aliased

from cascade.evidence.confirm import ANSWERS
from cascade.evidence.records import Confirmation
from cascade.paging import Page
from cascade.reporting.selection import ANSWERED, Share, counted, shares
from cascade.reporting.selection import Wanted as Deliveries
from cascade.reporting.windows import MOST
from cascade.sending.records import ANSWERED_SQL, Delivery

COMMENT = "comment"
"""Only what has a comment."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer. All are kept, the last one of a message counts."""

    delivery_id: int
    organisation: str
    at: datetime
    answer: str
    answer_words: str
    name: str
    role: str
    headcount: int | None
    comment: str
    via: str
    counts: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """A page of answers."""

    page: Page[Said]
    further: int | None
    """Before which answer to look next; None: everything was looked at."""


def said(
    session: Session,
    cascade_id: int,
    only: str = "",
    *,
    before: int | None = None,
    page: int = 1,
    size: int = 50,
) -> Answers:
    """Answers of one kind, or all; looks at `windows.MOST` of them at most."""
    known = shares(session, cascade_id, "")
    answered = sum(sum(counted(known, Deliveries(grade=grade)).values()) for grade in ANSWERED)
    is_large = answered > MOST
    looked = _newest(before) if is_large else _every(known)
    found = _found(looked, cascade_id, only)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = session.execute(
        found.order_by(looked.c.id.desc()).limit(size).offset((page - 1) * size)
    ).all()
    lines = tuple(_line(row) for row in rows)
    return Answers(Page(lines, page, size, total), _further(session, looked) if is_large else None)


def _every(known: tuple[Share, ...]) -> Subquery:
    """The answers to these variants, by the index of what was answered."""
    return (
        select(Confirmation)
        .join(Delivery, Delivery.id == Confirmation.delivery_id)
        .where(
            Delivery.variant_id.in_(sorted({one.variant for one in known})),
            text(f"deliveries.{ANSWERED_SQL}"),
        )
        .subquery("looked")
    )


def _newest(before: int | None) -> Subquery:
    """The newest answers to whatever cascade."""
    rows = select(Confirmation).order_by(Confirmation.id.desc()).limit(MOST)
    if before is not None:
        rows = rows.where(Confirmation.id < before)
    return rows.subquery("looked")


def _found(looked: Subquery, cascade_id: int, only: str) -> Select[*tuple[Any, ...]]:
    later = aliased(Confirmation)
    superseded = exists().where(later.delivery_id == looked.c.delivery_id, later.id > looked.c.id)
    return (
        select(looked, Delivery.slots, superseded.label("superseded"))
        .join(Delivery, Delivery.id == looked.c.delivery_id)
        .where(and_(Delivery.cascade_id == cascade_id, _is(looked, only)))
    )


def _is(looked: Subquery, only: str) -> ColumnElement[bool]:
    if only == COMMENT:
        return looked.c.comment != ""
    return looked.c.answer == only if only else true()


def _line(row: Any) -> Said:
    return Said(
        delivery_id=row.delivery_id,
        organisation=row.slots.get("organisation", ""),
        at=row.at,
        answer=row.answer,
        answer_words=ANSWERS.get(row.answer, row.answer),
        name=row.name,
        role=row.role,
        headcount=row.headcount,
        comment=row.comment,
        via=row.via,
        counts=not row.superseded,
    )


def _further(session: Session, looked: Subquery) -> int | None:
    last = select(looked.c.id).order_by(looked.c.id.desc()).offset(MOST - 1)
    return session.scalar(last)

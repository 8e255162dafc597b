"""What an organisation has received and what it answered, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from cascade.audience.records import Contact
from cascade.evidence.confirm import ANSWERS
from cascade.evidence.records import Confirmation
from cascade.reporting.words import DELIVERY_WORDS
from cascade.sending.records import Cascade, Delivery, DeliveryOrganisation

SIZE = 20


@dataclass(frozen=True, slots=True)
class Reply:
    """The last answer to a message."""

    answer: str
    """In the words that were chosen from."""
    name: str
    role: str
    comment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """One message to one of the organisation's people."""

    delivery_id: int
    cascade_id: int
    title: str
    exercise: bool
    contact: str
    """The name of whom it went to, as it is now; may be empty."""
    address: str
    state: str
    """In plain words."""
    grade: str
    changed_at: datetime
    reply: Reply | None


@dataclass(frozen=True, slots=True)
class History:
    """Some messages, and from which one on there are older ones."""

    lines: tuple[Received, ...]
    older: int | None


def history(
    session: Session, organisation_id: int, *, before: int = 0, size: int = SIZE
) -> History:
    """A stretch of the messages that stand for an organisation, older than delivery `before`."""
    query = (
        select(
            Delivery.id,
            Delivery.cascade_id,
            Cascade.title,
            Cascade.exercise,
            Contact.name,
            Delivery.address,
            Delivery.state,
            Delivery.grade,
            Delivery.changed_at,
        )
        .join(DeliveryOrganisation, DeliveryOrganisation.delivery_id == Delivery.id)
        .join(Cascade, Cascade.id == Delivery.cascade_id)
        .outerjoin(Contact, Contact.id == Delivery.contact_id)
        .where(DeliveryOrganisation.organisation_id == organisation_id)
    )
    if before:
        query = query.where(DeliveryOrganisation.delivery_id < before)
    newest = query.order_by(DeliveryOrganisation.delivery_id.desc()).limit(size + 1)
    rows = session.execute(newest).all()
    shown = rows[:size]
    replies = _replies(session, [row.id for row in shown])
    lines = tuple(_received(row, replies.get(row.id)) for row in shown)
    return History(lines, lines[-1].delivery_id if len(rows) > size else None)


def _replies(session: Session, deliveries: Sequence[int]) -> Mapping[int, Reply]:
    last = (
        select(func.max(Confirmation.id))
        .where(Confirmation.delivery_id.in_(deliveries))
        .group_by(Confirmation.delivery_id)
    )
    found = session.scalars(select(Confirmation).where(Confirmation.id.in_(last)))
    return {
        one.delivery_id: Reply(
            ANSWERS.get(one.answer, one.answer), one.name, one.role, one.comment, one.at
        )
        for one in found
    }


def _received(row: Row[*tuple[Any, ...]], reply: Reply | None) -> Received:
    return Received(
        delivery_id=row.id,
        cascade_id=row.cascade_id,
        title=row.title,
        exercise=row.exercise,
        contact=row.name or "",
        address=row.address,
        state=DELIVERY_WORDS.get(row.state, row.state),
        grade=row.grade,
        changed_at=row.changed_at,
        reply=reply,
    )

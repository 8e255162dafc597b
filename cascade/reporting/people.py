"""The people of organisations in a cascade: how to reach each, and what became of their message."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from cascade.audience.records import Contact
from cascade.evidence.records import Confirmation
from cascade.evidence.tally import CALL_ME
from cascade.reporting.phones import dialled
from cascade.sending.records import Delivery, DeliveryOrganisation, Event

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Person:
    """A contact of an organisation, and what is known about the message to them."""

    name: str
    role: str
    phone: str
    """As it is dialled in the United Kingdom."""
    email: str
    deputy: int
    """0: written to at once; 1, 2 …: the first, second deputy."""
    delivery_id: int | None
    """None: there is no message to them in this cascade."""
    state: str
    """Of the delivery; empty when there is none."""
    grade: str
    last_event: str
    last_event_at: datetime | None
    last_detail: str


@dataclass(frozen=True, slots=True)
class Call:
    """Who asked to be called, and why."""

    name: str
    role: str
    comment: str
    at: datetime


def people(
    session: Session, cascade_id: int, organisations: Sequence[int]
) -> Mapping[int, tuple[Person, ...]]:
    """The people of each organisation: who got a message first, then everybody else there."""
    sent = _deliveries(session, cascade_id, organisations)
    events = _last_events(session, [row.delivery_id for row in sent])
    found: dict[int, list[Person]] = defaultdict(list)
    reached = set()
    own = _contacts(session, organisations)
    by_address = {(row.organisation_id, (row.email or "").casefold()): row for row in own}
    for row in sent:
        # One message may serve several organisations: each shows its own contact at that address.
        contact = by_address.get((row.organisation_id, row.address.casefold()), row)
        reached.add((row.organisation_id, contact.contact_id))
        found[row.organisation_id].append(_person(contact, row, events.get(row.delivery_id)))
    for contact in own:
        if (contact.organisation_id, contact.contact_id) not in reached and not contact.closed_at:
            found[contact.organisation_id].append(_person(contact, None, None))
    return {key: tuple(some) for key, some in found.items()}


def calls(session: Session, cascade_id: int, organisations: Sequence[int]) -> Mapping[int, Call]:
    """The newest request for a call of each organisation."""
    rows = session.execute(
        select(
            DeliveryOrganisation.organisation_id,
            Confirmation.name,
            Confirmation.role,
            Confirmation.comment,
            Confirmation.at,
        )
        .join(Delivery, Delivery.id == DeliveryOrganisation.delivery_id)
        .join(Confirmation, Confirmation.delivery_id == Delivery.id)
        .where(
            DeliveryOrganisation.organisation_id.in_(organisations),
            Delivery.cascade_id == cascade_id,
            Confirmation.answer == CALL_ME,
        )
        .order_by(Confirmation.id)
    )
    return {row.organisation_id: Call(row.name, row.role, row.comment, row.at) for row in rows}


def _deliveries(
    session: Session, cascade_id: int, organisations: Sequence[int]
) -> Sequence[AnyRow]:
    return session.execute(
        select(
            DeliveryOrganisation.organisation_id,
            Delivery.id.label("delivery_id"),
            Delivery.address,
            Delivery.state,
            Delivery.grade,
            Contact.id.label("contact_id"),
            Contact.name,
            Contact.role,
            Contact.phone,
            Contact.email,
            Contact.deputy,
        )
        .join(Delivery, Delivery.id == DeliveryOrganisation.delivery_id)
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(
            DeliveryOrganisation.organisation_id.in_(organisations),
            Delivery.cascade_id == cascade_id,
        )
        .order_by(Delivery.id)
    ).all()


def _contacts(session: Session, organisations: Sequence[int]) -> Sequence[AnyRow]:
    return session.execute(
        select(
            Contact.organisation_id,
            Contact.id.label("contact_id"),
            Contact.name,
            Contact.role,
            Contact.phone,
            Contact.email,
            Contact.deputy,
            Contact.closed_at,
        )
        .where(Contact.organisation_id.in_(organisations))
        .order_by(Contact.deputy, Contact.id)
    ).all()


def _last_events(session: Session, deliveries: Sequence[int]) -> Mapping[int, AnyRow]:
    newest = (
        select(func.max(Event.id))
        .where(Event.delivery_id.in_(deliveries))
        .group_by(Event.delivery_id)
    )
    rows = session.execute(
        select(Event.delivery_id, Event.at, Event.kind, Event.detail).where(Event.id.in_(newest))
    )
    return {row.delivery_id: row for row in rows}


def _person(contact: AnyRow, delivery: AnyRow | None, event: AnyRow | None) -> Person:
    return Person(
        name=contact.name,
        role=contact.role,
        phone=dialled(contact.phone),
        email=delivery.address if delivery else contact.email or "",
        deputy=contact.deputy,
        delivery_id=delivery.delivery_id if delivery else None,
        state=delivery.state if delivery else "",
        grade=delivery.grade if delivery else "",
        last_event=event.kind if event else "",
        last_event_at=event.at if event else None,
        last_detail=event.detail if event else "",
    )

"""One message's whole story, in order: what happened to it, what people answered, and who else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.audience.records import Organisation
from cascade.errors import NotFound
from cascade.evidence.confirm import ANSWERS
from cascade.evidence.records import Confirmation
from cascade.reporting.reasons import Reason, reason_of
from cascade.reporting.recipients import Recipient, filled, last_answers
from cascade.reporting.selection import columns
from cascade.sending.records import (
    Cascade,
    CascadeEvent,
    Delivery,
    DeliveryOrganisation,
    Event,
    Variant,
)
from cascade.sending.states import WAITING, CascadeAct

MOST = 200
"""Of everything that can be many; a message is tried 30 times, and then given up."""

EVENT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "accepted": "Their server accepted it",
        "deferred": "Their server refused it for now; it is tried again",
        "bounced": "It bounced: it did not arrive",
        "failed": "It could not be sent",
        "suppressed": "Not sent: the address must not be written to",
        "withdrawn": "Not sent: the cascade was withdrawn",
        "expired": "Not sent: its time was over",
        "delivered": "Their server reported it delivered",
        "displayed": "Their mail program reported it displayed",
        "deleted": "Their mail program reported it deleted, perhaps unread",
        "relayed": "Passed on to a server that does not report",
        "delayed": "Their server is still trying",
        "complained": "They marked it as unwanted",
        "reported": "A report came that does not say what became of it",
        "feedback": "A feedback report came that is no complaint",
        "auto-replied": "An automatic reply came",
        "notice": "A server sent a notice",
        "replied": "A reply came, for a person to read",
        "unreadable": "Something came that could not be read",
        "unsubscribed": "They stopped routine messages",
    }
)
CASCADE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        CascadeAct.COUNTERSIGNED: "A second person countersigned the cascade",
        CascadeAct.STARTED: "The cascade began at its time",
        CascadeAct.HELD: "The whole cascade was held",
        CascadeAct.PAUSED: "The whole cascade was paused",
        CascadeAct.RESUMED: "The whole cascade was resumed",
        CascadeAct.WITHDRAWN: "The whole cascade was withdrawn",
        CascadeAct.SENT: "The last message of the cascade was sent",
    }
)
VIA_WORDS: Mapping[str, str] = MappingProxyType(
    {"page": "on the page", "reply": "by a reply", "phone": "by phone"}
)
_BAD = ("deferred", "bounced", "failed", "suppressed", "complained")


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened, and when."""

    at: datetime
    title: str
    detail: str = ""
    """In the words of their server, or of a person."""
    reason: Reason | None = None
    tone: str = "plain"
    """`plain`, `bad`, or `answer`."""


@dataclass(frozen=True, slots=True)
class Served:
    """An organisation that a message stands for."""

    id: int
    name: str
    code: str
    place: str


@dataclass(frozen=True, slots=True)
class Story:
    """A message, what happened to it, and the other messages to the same organisations."""

    recipient: Recipient
    cascade_title: str
    attempts: int
    due_at: datetime | None
    """When it goes out; None: it isn't waiting."""
    organisations: tuple[Served, ...]
    moments: tuple[Moment, ...]
    is_cut: bool
    """Whether there is more than is shown."""
    others: tuple[Recipient, ...]


def story(session: Session, cascade_id: int, delivery_id: int) -> Story:
    """The story of a message; NotFound when it is not one of this cascade."""
    row = session.execute(
        select(Delivery, Cascade, Variant.segments)
        .join(Cascade, Cascade.id == Delivery.cascade_id)
        .join(Variant, Variant.id == Delivery.variant_id)
        .where(Delivery.id == delivery_id, Delivery.cascade_id == cascade_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no message {delivery_id} in cascade {cascade_id}.")
    delivery, cascade, segments = row
    served = _served(session, delivery_id)
    moments = sorted(_moments(session, delivery, cascade), key=lambda one: one.at)
    answers = last_answers(session, [delivery_id])
    return Story(
        recipient=filled(delivery, tuple(segments.split(",")), answers.get(delivery_id, "")),
        cascade_title=cascade.title,
        attempts=delivery.attempts,
        due_at=delivery.due_at if delivery.state in WAITING else None,
        organisations=served,
        moments=tuple(moments),
        is_cut=len(moments) > MOST,
        others=_others(session, delivery, [one.id for one in served]),
    )


def _moments(session: Session, delivery: Delivery, cascade: Cascade) -> Iterator[Moment]:
    yield Moment(cascade.released_at, "Planned", f"Released by {cascade.released_by}")
    yield from _cascade_events(session, cascade.id)
    yield from _events(session, delivery.id)
    yield from _answers(session, delivery.id)


def _cascade_events(session: Session, cascade_id: int) -> Iterator[Moment]:
    rows = session.scalars(
        select(CascadeEvent)
        .where(CascadeEvent.cascade_id == cascade_id)
        .order_by(CascadeEvent.id)
        .limit(MOST)
    )
    for one in rows:
        yield Moment(
            one.at, CASCADE_WORDS[one.kind], ". ".join(filter(None, [f"By {one.by}", one.detail]))
        )


def _events(session: Session, delivery_id: int) -> Iterator[Moment]:
    # What was confirmed is told by the answers themselves, which say more.
    rows = session.scalars(
        select(Event)
        .where(Event.delivery_id == delivery_id, Event.kind != "confirmed")
        .order_by(Event.id)
        .limit(MOST)
    )
    for one in rows:
        bad = one.kind in _BAD
        yield Moment(
            one.at,
            EVENT_WORDS.get(one.kind, one.kind),
            one.detail,
            reason_of(one.kind, one.detail) if bad and one.detail else None,
            "bad" if bad else "plain",
        )


def _answers(session: Session, delivery_id: int) -> Iterator[Moment]:
    rows = session.scalars(
        select(Confirmation)
        .where(Confirmation.delivery_id == delivery_id)
        .order_by(Confirmation.id)
        .limit(MOST)
    )
    for one in rows:
        who = f"{one.name}, {one.role}, {VIA_WORDS.get(one.via, one.via)}"
        staff = f" (to {one.headcount:,} staff)" if one.headcount is not None else ""
        title = f"{who}: {ANSWERS.get(one.answer, one.answer)}{staff}"
        yield Moment(one.at, title, one.comment, tone="answer")


def _served(session: Session, delivery_id: int) -> tuple[Served, ...]:
    rows = session.execute(
        select(Organisation.id, Organisation.name, Organisation.code, Organisation.place)
        .join(DeliveryOrganisation, DeliveryOrganisation.organisation_id == Organisation.id)
        .where(DeliveryOrganisation.delivery_id == delivery_id)
        .order_by(Organisation.id)
        .limit(MOST)
    )
    return tuple(Served(row.id, row.name, row.code or "", row.place) for row in rows)


def _others(
    session: Session, delivery: Delivery, organisations: Sequence[int]
) -> tuple[Recipient, ...]:
    """The messages of the same cascade to other people of the same organisations."""
    beside = select(DeliveryOrganisation.delivery_id).where(
        DeliveryOrganisation.organisation_id.in_(organisations)
    )
    rows = session.execute(
        columns()
        .add_columns(Variant.segments)
        .join(Variant, Variant.id == Delivery.variant_id)
        .where(
            Delivery.id.in_(beside),
            Delivery.cascade_id == delivery.cascade_id,
            Delivery.id != delivery.id,
        )
        .order_by(Delivery.id)
        .limit(MOST)
    ).all()
    answers = last_answers(session, [row.id for row in rows])
    return tuple(
        filled(row, tuple(row.segments.split(",")), answers.get(row.id, "")) for row in rows
    )

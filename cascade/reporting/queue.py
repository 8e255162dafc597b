"""What waits to be sent, in each lane: counted from counters and claims, never from deliveries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from cascade.sending.records import WAITING_SQL, Cascade, Counter, Delivery, Variant
from cascade.sending.states import CascadeState, DeliveryState, Lane

BEHIND = timedelta(minutes=2)
"""What has been due for longer is behind."""
LATELY = timedelta(days=7)
_ARRIVED_NOT = (DeliveryState.BOUNCED, DeliveryState.FAILED)


@dataclass(frozen=True, slots=True)
class LaneQueue:
    """What is left of the cascades of a lane that are being sent."""

    lane: Lane
    waiting: int
    """Planned, or refused for now."""
    refused: int
    """Of these, refused for now."""
    in_hand: int

    def words(self) -> str:
        said = f"{self.waiting:,} waiting, {self.in_hand:,} in the hands of workers"
        return f"{said}; {self.refused:,} were refused for now" if self.refused else said


@dataclass(frozen=True, slots=True)
class Queue:
    """Both lanes, urgent first."""

    lanes: tuple[LaneQueue, ...]
    oldest_due: datetime | None
    """Since when the message has been due that has waited longest; None: none waits."""
    failed: int
    """Messages of the last 7 days' cascades that came back or were refused."""
    held: int
    """Cascades that wait for a person."""


def queue(session: Session, now: datetime) -> Queue:
    """What waits now."""
    counts = _counts(session)
    return Queue(
        tuple(_lane(lane, counts) for lane in Lane),
        _oldest_due(session),
        _failed(session, now),
        _held(session),
    )


def _counts(session: Session) -> dict[tuple[str, str], int]:
    rows = session.execute(
        select(Cascade.lane, Counter.state, func.sum(Counter.deliveries))
        .join(Variant, Variant.cascade_id == Cascade.id)
        .join(Counter, Counter.variant_id == Variant.id)
        .where(Cascade.state == CascadeState.SENDING)
        .group_by(Cascade.lane, Counter.state)
    )
    return {(lane, state): int(total) for lane, state, total in rows}


def _lane(lane: Lane, counts: dict[tuple[str, str], int]) -> LaneQueue:
    def of(state: DeliveryState) -> int:
        return counts.get((lane, state), 0)

    refused = of(DeliveryState.DEFERRED)
    return LaneQueue(lane, of(DeliveryState.PLANNED) + refused, refused, of(DeliveryState.CLAIMED))


def _oldest_due(session: Session) -> datetime | None:
    """From the index of waiting messages: its first entry for each cascade that is being sent."""
    first = (
        select(Delivery.due_at)
        .where(Delivery.cascade_id == Cascade.id, text(WAITING_SQL))
        .order_by(Delivery.due_at)
        .limit(1)
        .scalar_subquery()
    )
    going = select(first.label("due_at")).where(Cascade.state == CascadeState.SENDING).subquery()
    found: datetime | None = session.scalar(select(func.min(going.c.due_at)))
    return found


def _failed(session: Session, now: datetime) -> int:
    found = session.scalar(
        select(func.sum(Counter.deliveries))
        .join(Variant, Variant.id == Counter.variant_id)
        .join(Cascade, Cascade.id == Variant.cascade_id)
        .where(Cascade.released_at > now - LATELY, Counter.state.in_(_ARRIVED_NOT))
    )
    return int(found or 0)


def _held(session: Session) -> int:
    held = select(func.count()).where(Cascade.state == CascadeState.HELD)
    return session.scalar(held) or 0

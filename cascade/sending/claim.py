"""Claim deliveries that are due: a lease in the database, renewed while its holder gets on."""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, delete, exists, func, insert, select, text, update
from sqlalchemy.orm import Session

from cascade.audience.records import Suppression
from cascade.sending.driver import Statement, execute, listed
from cascade.sending.pace import Allowance, Limits
from cascade.sending.records import WAITING_SQL, Cascade, Claim, Delivery
from cascade.sending.resolve import EVERY_TIER, UNSUBSCRIBABLE
from cascade.sending.states import POLICIES, CascadeState, DeliveryState, Lane, Tier
from cascade.sending.tiers import give_up_after
from cascade.sending.transitions import Cell, Change, apply, count

LEASE = timedelta(seconds=30)
RENEW = LEASE / 6
"""How often a holder that gets on renews its leases."""
BATCH = 500


class Claimed(NamedTuple):
    """One delivery that its holder is to send now."""

    id: int
    claim_id: int
    cascade_id: int
    variant_id: int
    address: str
    slots: Mapping[str, str]
    tier: Tier
    attempts: int
    tried_at: datetime | None
    give_up_after: timedelta
    """How long a temporary refusal is tried again."""


@dataclass(frozen=True, slots=True)
class Going:
    """A cascade that is being sent; `due`: it has a message to go out now."""

    id: int
    lane: Lane
    due: bool


def due(now: datetime) -> Any:
    """Condition on cascades: is being sent, and has a message to go out now."""
    return and_(Cascade.state == CascadeState.SENDING, _has_waiting(now))


def going(session: Session, now: datetime) -> list[Going]:
    """The cascades that are being sent, oldest first."""
    rows = session.execute(
        select(Cascade.id, Cascade.lane, _has_waiting(now))
        .where(Cascade.state == CascadeState.SENDING)
        .order_by(Cascade.id)
    )
    return [Going(id_, Lane(lane), is_due) for id_, lane, is_due in rows]


def _has_waiting(now: datetime) -> Any:
    return exists(text("1")).where(
        Delivery.cascade_id == Cascade.id, text(WAITING_SQL), Delivery.due_at <= now
    )


def claim(
    session: Session,
    cascade_id: int,
    *,
    holder: str,
    now: datetime,
    limits: Limits,
    batch: int = BATCH,
) -> list[Claimed]:
    """Take up to `batch` deliveries that may go out now; suppressed ones are settled on the way."""
    allowance = Allowance(session, limits, now)
    if allowance.none_left():
        return []
    tier, patience, rows = _waiting(session, cascade_id, now, batch, allowance.exhausted())
    _suppress(session, rows, now)
    taken = [row for row in rows if not row.reason and allowance.take(row.domain)]
    if not taken:
        return []
    made = insert(Claim).values(cascade_id=cascade_id, holder=holder, until=now + LEASE)
    lease: int = session.execute(made.returning(Claim.id)).scalar_one()
    _take(session, lease, taken)
    return [
        Claimed(id_, lease, cascade_id, variant, to, slots, tier, attempts, tried_at, patience)
        for id_, variant, to, slots, attempts, tried_at, *_ in taken
    ]


def renew(session: Session, claims: Sequence[int], now: datetime) -> set[int]:
    """The holder gets on: its leases run anew from now. Gives those that it still has."""
    renewed = update(Claim).where(Claim.id.in_(claims)).values(until=now + LEASE)
    return set(session.scalars(renewed.returning(Claim.id)))


def give_back(session: Session, claims: Sequence[int]) -> int:
    """End leases: what is still claimed under them is planned again; gives how many that were."""
    left = session.execute(
        select(Delivery.id, Delivery.variant_id, Delivery.grade)
        .where(Delivery.claim_id.in_(claims), Delivery.state == DeliveryState.CLAIMED)
        .with_for_update()
    ).all()
    if left:
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_([row.id for row in left]))
            .values(state=DeliveryState.PLANNED, claim_id=None)
        )
        tally: Tally[Cell] = Tally()
        for row in left:
            tally[row.variant_id, DeliveryState.CLAIMED, row.grade] -= 1
            tally[row.variant_id, DeliveryState.PLANNED, row.grade] += 1
        count(session, tally)
    session.execute(delete(Claim).where(Claim.id.in_(claims)))
    return len(left)


def _waiting(
    session: Session, cascade_id: int, now: datetime, batch: int, exhausted: Sequence[str]
) -> tuple[Tier, timedelta, Sequence[Any]]:
    cascade = select(Cascade.state, Cascade.tier, Cascade.policy).where(Cascade.id == cascade_id)
    state, written_tier, policy = session.execute(cascade).one()
    tier = Tier(written_tier)
    patience = give_up_after(tier, policy)
    if state != CascadeState.SENDING:
        return tier, patience, []
    holding = UNSUBSCRIBABLE if POLICIES[tier].can_unsubscribe else EVERY_TIER
    rows = (
        session.connection()
        .execute(
            select(
                Delivery.id,
                Delivery.variant_id,
                Delivery.address,
                Delivery.slots,
                Delivery.attempts,
                Delivery.tried_at,
                Delivery.domain,
                Delivery.state,
                Delivery.grade,
                Suppression.reason,
            )
            .outerjoin(
                Suppression,
                and_(
                    Suppression.email == func.lower(Delivery.address),
                    Suppression.reason.in_(holding),
                ),
            )
            .where(
                Delivery.cascade_id == cascade_id,
                text(f"deliveries.{WAITING_SQL}"),
                Delivery.due_at <= now,
                *([Delivery.domain.not_in(exhausted)] if exhausted else []),
            )
            .order_by(Delivery.due_at, Delivery.id)
            .limit(batch)
            .with_for_update(of=Delivery, skip_locked=True)
        )
        .all()
    )
    return tier, patience, rows


def _suppress(session: Session, rows: Sequence[Any], now: datetime) -> None:
    state = DeliveryState.SUPPRESSED
    changes = [Change(row.id, "suppressed", row.reason, state) for row in rows if row.reason]
    if changes:
        apply(session, changes, now)


def _take(session: Session, lease: int, rows: Sequence[Any]) -> None:
    ids = listed(session, [row.id for row in rows])
    execute(session, _TAKE, {"claim": lease, "ids": ids})
    tally: Tally[Cell] = Tally()
    for (variant, state, grade), number in Tally(
        (row.variant_id, row.state, row.grade) for row in rows
    ).items():
        tally[variant, state, grade] -= number
        tally[variant, DeliveryState.CLAIMED, grade] += number
    count(session, tally)


_TAKE = Statement.on_ids(
    "UPDATE deliveries SET state = 'claimed', claim_id = :claim WHERE id {ids} RETURNING id"
)

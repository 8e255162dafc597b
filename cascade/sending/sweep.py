"""What the clock puts right: schedules, lost leases, ended cascades."""

from datetime import datetime

from sqlalchemy import exists, func, or_, select, text, update
from sqlalchemy.orm import Session

from cascade.sending.claim import due, give_back
from cascade.sending.control import log
from cascade.sending.records import WAITING_SQL, Cascade, Claim, Counter, Delivery, Variant
from cascade.sending.states import OPEN, CascadeAct, CascadeState, DeliveryState, Lane
from cascade.sending.tiers import tolerance
from cascade.sending.transitions import Change, apply

CHUNK = 2000
CLOCK = "clock"


def start_scheduled(session: Session, now: datetime) -> int:
    """Begin what is due; what is overdue by more than its tolerance waits for a person."""
    ready = session.scalars(
        select(Cascade).where(Cascade.state == CascadeState.SCHEDULED, Cascade.send_at <= now)
    ).all()
    for cascade in ready:
        late = now - cascade.send_at > tolerance(cascade)
        to = CascadeState.HELD if late else CascadeState.SENDING
        done = session.execute(
            update(Cascade)
            .where(Cascade.id == cascade.id, Cascade.state == CascadeState.SCHEDULED)
            .values(state=to)
            .returning(Cascade.id)
        ).all()
        if done:
            act = CascadeAct.HELD if late else CascadeAct.STARTED
            log(session, cascade.id, act, by=CLOCK, now=now)
    return len(ready)


def return_expired_claims(session: Session, now: datetime) -> int:
    """Plan again what nobody gets on with; gives how many deliveries that were."""
    lost = session.scalars(
        select(Claim.id).where(Claim.until < now).with_for_update(skip_locked=True)
    ).all()
    return give_back(session, lost) if lost else 0


def settle_ended(session: Session, now: datetime) -> bool:
    """Take a batch of deliveries out of cascades that are withdrawn or whose time is over.

    Gives whether there was any, so that the caller commits and comes again.
    """
    ended = session.execute(
        select(Cascade.id, Cascade.state).where(
            or_(
                Cascade.state == CascadeState.WITHDRAWN,
                (Cascade.expires_at <= now)
                & Cascade.state.in_((CascadeState.SENDING, CascadeState.PAUSED)),
            ),
            exists(text("1")).where(Delivery.cascade_id == Cascade.id, text(WAITING_SQL)),
        )
    ).all()
    for cascade_id, state in ended:
        withdrawn = state == CascadeState.WITHDRAWN
        to = DeliveryState.WITHDRAWN if withdrawn else DeliveryState.EXPIRED
        waiting = session.scalars(
            select(Delivery.id)
            .where(Delivery.cascade_id == cascade_id, text(WAITING_SQL))
            .order_by(Delivery.id)
            .limit(CHUNK)
            .with_for_update(skip_locked=True)
        ).all()
        apply(session, [Change(one, to.value, "", to) for one in waiting], now)
    return bool(ended)


def finish_sent(session: Session, now: datetime) -> int:
    """End the cascades that have nothing left to send, those with no delivery at all included."""
    # From the planned side: a cascade whose counters are missing has nothing open either.
    left = (
        select(func.coalesce(func.sum(Counter.deliveries), 0))
        .join(Variant, Variant.id == Counter.variant_id)
        .where(Variant.cascade_id == Cascade.id, Counter.state.in_(OPEN))
        .scalar_subquery()
    )
    finished = session.scalars(
        update(Cascade)
        .where(Cascade.state == CascadeState.SENDING, left == 0)
        .values(state=CascadeState.SENT, sent_at=now)
        .returning(Cascade.id),
        execution_options={"synchronize_session": False},
    ).all()
    for cascade_id in finished:
        log(session, cascade_id, CascadeAct.SENT, by=CLOCK, now=now)
    return len(finished)


def due_lanes(session: Session, now: datetime) -> set[Lane]:
    """The lanes that have something to go out now."""
    return {Lane(one) for one in session.scalars(select(Cascade.lane).where(due(now)).distinct())}

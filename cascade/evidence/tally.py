"""Count an answer for the organisations that its delivery stands for, each of them once."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, exists, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from cascade.evidence.records import Confirmation, ConfirmedMinute
from cascade.sending.records import (
    Cascade,
    CascadeOrganisation,
    Delivery,
    DeliveryOrganisation,
    OrganisationCounter,
)

CALL_ME = "call-me"
"""The answer of somebody who waits for a telephone call."""

_later = aliased(Confirmation)
_IN_SQL_ONLY = {"synchronize_session": False}


def tally(session: Session, cascade_id: int, delivery_id: int, answer: str, now: datetime) -> None:
    """Mark the organisations as confirmed, move their counters, and note half and most of them."""
    _take_turns(session, cascade_id)
    served = session.scalars(
        select(DeliveryOrganisation.organisation_id).where(
            DeliveryOrganisation.delivery_id == delivery_id
        )
    ).all()
    newly = session.scalars(
        update(CascadeOrganisation)
        .where(
            CascadeOrganisation.cascade_id == cascade_id,
            CascadeOrganisation.organisation_id.in_(served),
            CascadeOrganisation.confirmed_at.is_(None),
        )
        .values(confirmed_at=now)
        .returning(CascadeOrganisation.segments)
        .execution_options(**_IN_SQL_ONLY)
    ).all()
    _set_answer(session, cascade_id, served, answer)
    if newly:
        _count(session, cascade_id, newly)
        _count_minute(session, cascade_id, minute_of(now), len(newly))
        _note_shares(session, cascade_id, now)


def _take_turns(session: Session, cascade_id: int) -> None:
    """Let confirmations of one cascade pass one by one: two at once would both miss the half.

    Only confirmations lock these rows, so nobody who sends waits here.
    """
    session.execute(
        select(OrganisationCounter.segments)
        .where(OrganisationCounter.cascade_id == cascade_id)
        .order_by(OrganisationCounter.segments)
        .with_for_update()
    ).all()


def _set_answer(session: Session, cascade_id: int, served: Sequence[int], answer: str) -> None:
    """The newest answer holds, but a request for a call stands until who made it answers anew."""
    asks_for_a_call = exists().where(
        DeliveryOrganisation.organisation_id == CascadeOrganisation.organisation_id,
        Delivery.id == DeliveryOrganisation.delivery_id,
        Delivery.cascade_id == cascade_id,
        Confirmation.delivery_id == Delivery.id,
        Confirmation.answer == CALL_ME,
        ~exists().where(
            _later.delivery_id == Confirmation.delivery_id, _later.id > Confirmation.id
        ),
    )
    session.execute(
        update(CascadeOrganisation)
        .where(
            CascadeOrganisation.cascade_id == cascade_id,
            CascadeOrganisation.organisation_id.in_(served),
        )
        .values(answer=case((asks_for_a_call, CALL_ME), else_=answer))
        .execution_options(**_IN_SQL_ONLY)
    )


def _count(session: Session, cascade_id: int, newly: Sequence[str]) -> None:
    for segments, number in sorted(Counter(newly).items()):
        session.execute(
            update(OrganisationCounter)
            .where(
                OrganisationCounter.cascade_id == cascade_id,
                OrganisationCounter.segments == segments,
            )
            .values(confirmed=OrganisationCounter.confirmed + number)
            .execution_options(**_IN_SQL_ONLY)
        )


def minute_of(at: datetime) -> int:
    """The minute that a moment is in, as `ConfirmedMinute` numbers them."""
    return int(at.timestamp() // 60)


def _count_minute(session: Session, cascade_id: int, minute: int, number: int) -> None:
    # Nobody else does this meanwhile: the counters of the cascade are locked.
    counted = session.scalar(
        update(ConfirmedMinute)
        .where(ConfirmedMinute.cascade_id == cascade_id, ConfirmedMinute.minute == minute)
        .values(confirmed=ConfirmedMinute.confirmed + number)
        .returning(ConfirmedMinute.confirmed)
        .execution_options(**_IN_SQL_ONLY)
    )
    if counted is None:
        values = {"cascade_id": cascade_id, "minute": minute, "confirmed": number}
        session.execute(insert(ConfirmedMinute).values(values))


def _note_shares(session: Session, cascade_id: int, now: datetime) -> None:
    """Note when half, and when nine in ten, of the organisations at the release had confirmed."""
    confirmed = (
        session.scalar(
            select(func.sum(OrganisationCounter.confirmed)).where(
                OrganisationCounter.cascade_id == cascade_id
            )
        )
        or 0
    )
    for column, tenths in ((Cascade.half_confirmed_at, 5), (Cascade.most_confirmed_at, 9)):
        session.execute(
            update(Cascade)
            .where(
                Cascade.id == cascade_id,
                column.is_(None),
                Cascade.organisations * tenths <= confirmed * 10,
            )
            .values({column: now})
            .execution_options(**_IN_SQL_ONLY)
        )

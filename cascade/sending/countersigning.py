"""The second person of an urgent release: they say yes in time, or it never goes out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cascade.accounts.users import Person
from cascade.errors import Refused
from cascade.library.records import ToolkitVersion
from cascade.sending import telling
from cascade.sending.control import find, log
from cascade.sending.records import Cascade, Variant
from cascade.sending.states import CascadeAct, CascadeState
from cascade.sign_off.clearance import refuse_releaser, refuse_unapproved

CLOCK = "clock"
"""Who withdraws what nobody countersigned."""


def countersign(session: Session, cascade_id: int, *, by: Person, now: datetime) -> None:
    """Let an urgent release go, as its second person; its time to confirm begins now.

    Raises Refused for who released it, for who may not release, when it is too late, and when a
    text in it is approved no longer.
    """
    cascade = find(session, cascade_id)
    refuse_releaser(by)
    if by.email == cascade.released_by:
        raise Refused("You released this yourself, so somebody else has to countersign it.")
    if cascade.awaits_until is not None and cascade.awaits_until <= now:
        raise Refused("It is too late to countersign this. Release it again if it is still needed.")
    # An approval may have been taken back since it was released.
    refuse_unapproved(session, _versions(session, cascade_id))
    done = session.execute(
        update(Cascade)
        .where(Cascade.id == cascade_id, Cascade.state == CascadeState.AWAITING)
        .values(countersigned_by=by.email, **_from_now(cascade, now))
        .returning(Cascade.id)
    ).all()
    if not done:
        session.refresh(cascade)
        raise Refused(_already(cascade))
    log(session, cascade_id, CascadeAct.COUNTERSIGNED, by=by.email, now=now)


def end_uncountersigned(session: Session, now: datetime, home: str) -> int:
    """Withdraw what nobody countersigned in time, and write to who released it.

    `home`: the address of the pages. Gives how many that were.
    """
    late = session.scalars(
        select(Cascade.id).where(
            Cascade.state == CascadeState.AWAITING, Cascade.awaits_until <= now
        )
    ).all()
    for cascade_id in late:
        done = session.execute(
            update(Cascade)
            .where(Cascade.id == cascade_id, Cascade.state == CascadeState.AWAITING)
            .values(state=CascadeState.WITHDRAWN)
            .returning(Cascade.id)
        ).all()
        if done:
            why = "Nobody countersigned it in time."
            log(session, cascade_id, CascadeAct.WITHDRAWN, by=CLOCK, now=now, detail=why)
            telling.tell_withdrawn(session, cascade_id, home, now)
    return len(late)


def _versions(session: Session, cascade_id: int) -> Sequence[ToolkitVersion]:
    sent = select(Variant.version_id).where(Variant.cascade_id == cascade_id)
    wanted = select(ToolkitVersion).where(ToolkitVersion.id.in_(sent))
    return session.scalars(wanted.order_by(ToolkitVersion.id)).all()


def _from_now(cascade: Cascade, now: datetime) -> dict[str, object]:
    """State and times: what was to go at once goes now, and is to be confirmed that much later."""
    if cascade.send_at > now:
        return {"state": CascadeState.SCHEDULED}
    deadline_at = cascade.deadline_at
    return {
        "state": CascadeState.SENDING,
        "send_at": now,
        "deadline_at": deadline_at and deadline_at + (now - cascade.send_at),
    }


def _already(cascade: Cascade) -> str:
    if cascade.countersigned_by:
        return f"{cascade.countersigned_by} has countersigned this already."
    return f"Cascade {cascade.id} is {cascade.state}: it can't be countersigned now."

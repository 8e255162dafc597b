"""Stop, go on, and take back a cascade: conditional, at once, and with who did it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from cascade.errors import NotFound, Refused
from cascade.sending.records import Cascade, CascadeEvent
from cascade.sending.states import CascadeAct, CascadeState

_S = CascadeState
_A = CascadeAct

_FROM: Mapping[CascadeAct, Sequence[CascadeState]] = {
    _A.PAUSED: (_S.SENDING, _S.SCHEDULED),
    _A.RESUMED: (_S.PAUSED, _S.HELD),
    _A.WITHDRAWN: (_S.AWAITING, _S.SCHEDULED, _S.HELD, _S.SENDING, _S.PAUSED),
}


def find(session: Session, cascade_id: int) -> Cascade:
    """The cascade of a number; raises NotFound that says how to see which there are."""
    cascade = session.get(Cascade, cascade_id)
    if cascade is None:
        raise NotFound(f"There is no cascade {cascade_id}. `cascade list` shows which there are.")
    return cascade


def pause(session: Session, cascade_id: int, *, by: str, now: datetime) -> None:
    """Nothing further goes out until it is resumed."""
    _move(session, cascade_id, _S.PAUSED, _A.PAUSED, by, now)


def resume(session: Session, cascade_id: int, *, by: str, now: datetime) -> None:
    """Go on: at once, or at the scheduled time if that is still to come."""
    ahead = find(session, cascade_id).send_at > now
    _move(session, cascade_id, _S.SCHEDULED if ahead else _S.SENDING, _A.RESUMED, by, now)


def withdraw(session: Session, cascade_id: int, *, by: str, now: datetime) -> None:
    """Nothing further goes out, ever. What has gone stays in the figures."""
    _move(session, cascade_id, _S.WITHDRAWN, _A.WITHDRAWN, by, now)


def hold(session: Session, cascade_id: int, reason: str, *, now: datetime) -> None:
    """Stop a cascade that can't go on by itself; a person resumes or withdraws it."""
    held = session.execute(
        update(Cascade)
        .where(Cascade.id == cascade_id, Cascade.state == _S.SENDING)
        .values(state=_S.HELD)
        .returning(Cascade.id)
    ).all()
    if held:
        log(session, cascade_id, _A.HELD, by="worker", now=now, detail=reason)


def log(
    session: Session, cascade_id: int, kind: CascadeAct, *, by: str, now: datetime, detail: str = ""
) -> None:
    """Keep who did what to a cascade."""
    session.execute(
        insert(CascadeEvent).values(cascade_id=cascade_id, at=now, kind=kind, by=by, detail=detail)
    )


def _move(
    session: Session, cascade_id: int, to: CascadeState, act: CascadeAct, by: str, now: datetime
) -> None:
    cascade = find(session, cascade_id)
    done = session.execute(
        update(Cascade)
        .where(Cascade.id == cascade_id, Cascade.state.in_(_FROM[act]))
        .values(state=to)
        .returning(Cascade.id)
    ).all()
    if not done:
        raise Refused(f"Cascade {cascade_id} is {cascade.state}: it can't be {act} now.")
    log(session, cascade_id, act, by=by, now=now)

"""Signs of life: of the processes that send, of the clock, and of the doorbell it rings."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cascade.sending.records import ClockBeat, WorkerBeat

CLOCK, DOORBELL = "clock", "doorbell"
KEPT_FOR = timedelta(days=1)
"""How long a worker is remembered that ended without a word."""


def beat(session: Session, worker: str, began_at: datetime, now: datetime) -> None:
    """A process that sends is there."""
    session.execute(delete(WorkerBeat).where(WorkerBeat.at < now - KEPT_FOR))
    session.merge(WorkerBeat(worker=worker, began_at=began_at, at=now))


def end(session: Session, worker: str) -> None:
    """It stops, as it was told to."""
    session.execute(delete(WorkerBeat).where(WorkerBeat.worker == worker))


def tick(session: Session, now: datetime) -> None:
    """The clock has done its work."""
    session.merge(ClockBeat(name=CLOCK, at=now, detail={}))


def doorbell(session: Session, reason: str, now: datetime) -> None:
    """The clock asked the doorbell's server for an answer; `reason`: why there was none."""
    session.merge(ClockBeat(name=DOORBELL, at=now, detail={"reason": reason}))

"""Signs of life: of processes that send or listen, of the clock, and of the doorbell it rings."""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cascade.sending.records import ClockBeat, WorkerBeat

CLOCK, DOORBELL = "clock", "doorbell"
Task = Literal["sending", "listening"]
"""What a process does: send, or listen for reports and replies."""
KEPT_FOR = timedelta(days=1)
"""How long a process is remembered that ended without a word."""


def beat(session: Session, worker: str, task: Task, began_at: datetime, now: datetime) -> None:
    """A process is at work."""
    session.execute(delete(WorkerBeat).where(WorkerBeat.at < now - KEPT_FOR))
    session.merge(WorkerBeat(worker=worker, task=task, began_at=began_at, at=now))


def end(session: Session, worker: str) -> None:
    """It stops, as it was told to."""
    session.execute(delete(WorkerBeat).where(WorkerBeat.worker == worker))


def tick(session: Session, now: datetime) -> None:
    """The clock has done its work."""
    session.merge(ClockBeat(name=CLOCK, at=now, detail={}))


def doorbell(session: Session, reason: str, now: datetime) -> None:
    """The clock asked the doorbell's server for an answer; `reason`: why there was none."""
    session.merge(ClockBeat(name=DOORBELL, at=now, detail={"reason": reason}))

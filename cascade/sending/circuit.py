"""The circuit of a channel: open after it failed, so that work waits instead of failing too."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from cascade.sending.records import Circuit

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(seconds=30)


def is_open(session: Session, channel: str, now: datetime) -> bool:
    """Whether the channel is left alone for now."""
    circuit = session.get(Circuit, channel)
    return circuit is not None and circuit.open_until is not None and circuit.open_until > now


def has_failed(session: Session, channel: str) -> bool:
    """Whether it failed the last time, and is on trial now."""
    circuit = session.get(Circuit, channel)
    return circuit is not None and circuit.failures > 0


def failed(session: Session, channel: str, reason: str, now: datetime) -> datetime:
    """Open the circuit, longer each time in a row; gives the moment of the next try."""
    circuit = session.get(Circuit, channel, with_for_update=True) or Circuit(
        channel=channel, failures=0
    )
    circuit.failures += 1
    circuit.open_until = now + min(FIRST_PAUSE * 2 ** min(circuit.failures - 1, 10), LONGEST_PAUSE)
    circuit.reason = reason
    session.add(circuit)
    return circuit.open_until


def worked(session: Session, channel: str) -> None:
    """Close the circuit: the channel took a message."""
    session.execute(
        update(Circuit)
        .where(Circuit.channel == channel, Circuit.failures > 0)
        .values(failures=0, open_until=None, reason="")
    )

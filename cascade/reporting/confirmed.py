"""Confirmations over time against the deadline, in at most 60 steps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from math import ceil

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from cascade.evidence.records import ConfirmedMinute
from cascade.evidence.tally import minute_of
from cascade.reporting.funnel import Funnel

STEPS = 60

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_WIDTHS = (
    *(_MINUTE * n for n in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * n for n in (1, 2, 3, 6, 12)),
    *(_DAY * n for n in (1, 2, 7, 14, 28)),
)
_WITHOUT_DEADLINE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of time and what had been confirmed by its end."""

    begins: datetime
    ends: datetime
    new: int
    confirmed: int
    """Organisations confirmed by then, all before included."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How confirmations came in, as far as time has come."""

    organisations: int
    confirmed: int
    begins: datetime
    ends: datetime
    """Where the picture ends, which may be still to come."""
    now: datetime
    """The end of the step that time has come to."""
    deadline_at: datetime | None
    steps: tuple[Step, ...]
    """Up to now."""
    later: int
    """Confirmed after the last step."""

    @property
    def in_time(self) -> int | None:
        """Confirmed by the end of the step in which the deadline falls; None: there is none yet."""
        if self.deadline_at is None:
            return None
        return next((one.confirmed for one in self.steps if one.ends >= self.deadline_at), None)


def progress(session: Session, funnel: Funnel, now: datetime) -> Progress:
    """The confirmations of a cascade by the time they came in, in steps of whole minutes."""
    begins, ends = funnel.send_at.replace(second=0, microsecond=0), _end(funnel, now)
    width = _width(ends - begins)
    passed = max(0, ceil((min(now, ends) - begins) / width))
    numbers = _numbers(session, funnel.id, begins, width, passed)
    sums = accumulate(numbers.get(step, 0) for step in range(passed))
    steps = tuple(
        Step(begins + width * step, begins + width * (step + 1), numbers.get(step, 0), confirmed)
        for step, confirmed in enumerate(sums)
    )
    return Progress(
        organisations=funnel.organisations,
        confirmed=funnel.total.confirmed,
        begins=begins,
        ends=begins + width * ceil((ends - begins) / width),
        now=begins + width * passed,
        deadline_at=funnel.deadline_at,
        steps=steps,
        later=funnel.total.confirmed - sum(numbers.values()),
    )


def _width(length: timedelta) -> timedelta:
    enough = (one for one in _WIDTHS if length / one <= STEPS)
    return next(enough, ceil(length / STEPS / _MINUTE) * _MINUTE)


def _end(funnel: Funnel, now: datetime) -> datetime:
    """A quarter beyond the deadline; without one, a week, or so much of it as has passed."""
    begins = funnel.send_at
    if funnel.deadline_at is not None:
        return funnel.deadline_at + (funnel.deadline_at - begins) / 4
    return min(max(now, begins + _HOUR), begins + _WITHOUT_DEADLINE)


def _numbers(
    session: Session, cascade_id: int, begins: datetime, width: timedelta, steps: int
) -> dict[int, int]:
    """How many confirmed in each step, counted from 0; all before the first send are in it."""
    minute = ConfirmedMinute.minute - minute_of(begins)
    step = case((minute < 0, 0), else_=minute // (width // _MINUTE))
    rows = session.execute(
        select(step, func.sum(ConfirmedMinute.confirmed))
        .where(
            ConfirmedMinute.cascade_id == cascade_id,
            ConfirmedMinute.minute < minute_of(begins + width * steps),
        )
        .group_by(step)
    )
    return {number: int(confirmed) for number, confirmed in rows}

"""Confirmations over time against the deadline, in at most 60 steps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from math import ceil

from sqlalchemy import ColumnElement, Float, Integer, cast, func, literal, select
from sqlalchemy.orm import Session

from cascade.reporting.funnel import Funnel
from cascade.sending.driver import is_sqlite
from cascade.sending.records import CascadeOrganisation

STEPS = 60
MOST = 10_000
"""Confirmations that are looked at, from the first on; after them only the sum is known."""

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
    """Up to now, or as far as was looked at."""
    later: int
    """Confirmed after the last step, or after the first `MOST` that were looked at."""
    is_cut: bool
    """Whether there were more than were looked at."""

    @property
    def in_time(self) -> int | None:
        """Confirmed by the end of the step in which the deadline falls; None: there is none yet."""
        if self.deadline_at is None:
            return None
        return next((one.confirmed for one in self.steps if one.ends >= self.deadline_at), None)


def progress(session: Session, funnel: Funnel, now: datetime) -> Progress:
    """The confirmations of a cascade by the time they came in."""
    begins, ends = funnel.send_at, _end(funnel, now)
    width = next(
        (one for one in _WIDTHS if (ends - begins) / one <= STEPS), (ends - begins) / STEPS
    )
    passed = max(0, ceil((min(now, ends) - begins) / width))
    numbers = _numbers(session, funnel.id, begins, width) if funnel.total.confirmed else {}
    is_cut = sum(numbers.values()) >= MOST
    shown = min(passed, max(numbers) + 1) if is_cut else passed
    sums = accumulate(numbers.get(step, 0) for step in range(shown))
    steps = tuple(
        Step(begins + width * step, begins + width * (step + 1), numbers.get(step, 0), confirmed)
        for step, confirmed in enumerate(sums)
    )
    known = steps[-1].confirmed if steps else 0
    return Progress(
        organisations=funnel.organisations,
        confirmed=funnel.total.confirmed,
        begins=begins,
        ends=begins + width * ceil((ends - begins) / width),
        now=begins + width * passed,
        deadline_at=funnel.deadline_at,
        steps=steps,
        later=max(0, funnel.total.confirmed - known),
        is_cut=is_cut,
    )


def _end(funnel: Funnel, now: datetime) -> datetime:
    """A quarter beyond the deadline; without one, a week, or so much of it as has passed."""
    begins = funnel.send_at
    if funnel.deadline_at is not None:
        return funnel.deadline_at + (funnel.deadline_at - begins) / 4
    return min(max(now, begins + _HOUR), begins + _WITHOUT_DEADLINE)


def _numbers(
    session: Session, cascade_id: int, begins: datetime, width: timedelta
) -> dict[int, int]:
    """How many confirmed in each step, counted from 0; all before the first send are in it."""
    at = CascadeOrganisation.confirmed_at
    first = (
        select(at.label("at"))
        .where(CascadeOrganisation.cascade_id == cascade_id, at.is_not(None))
        .order_by(at)
        .limit(MOST)
        .subquery()
    )
    seconds = _seconds(session, first.c.at) - begins.timestamp()
    step = cast(func.floor(seconds / width.total_seconds()), Integer)
    if is_sqlite(session):
        step = cast(seconds / width.total_seconds(), Integer)
    numbers: dict[int, int] = {}
    for number, count in session.execute(select(step, func.count()).group_by(step)):
        numbers[max(0, number)] = numbers.get(max(0, number), 0) + count
    return numbers


def _seconds(session: Session, at: ColumnElement[datetime]) -> ColumnElement[float]:
    """Seconds since 1970."""
    if is_sqlite(session):
        return cast(func.strftime(literal("%s"), at), Float)
    return cast(func.extract("epoch", at), Float)

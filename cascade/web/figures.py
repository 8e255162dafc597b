"""Figures as people read them, each with what it is a share of, and the steps of a funnel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cascade.reporting.counts import Row
from cascade.reporting.funnel import Funnel
from cascade.sending.deadlines import LONDON
from cascade.sending.moments import day, moment
from cascade.sending.states import DeliveryState
from toolkits import direction


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a funnel."""

    label: str
    part: int
    whole: int
    unit: str
    grades: str
    """The worst evidence that the figure rests on; empty: it is our own count."""

    @property
    def width(self) -> float:
        """Length of the bar, of 100."""
        return round(100 * self.part / self.whole, 1) if self.whole else 0.0


def steps(row: Row, asks: bool) -> tuple[Step, ...]:
    """From the messages that were planned to the organisations that answered, where it `asks`."""
    delivered = row.states[DeliveryState.DELIVERED]
    sent = (
        Step("Messages planned", row.recipients, row.recipients, "messages", ""),
        Step("Accepted by their server", row.accepted_or_better, row.recipients, "messages", "E"),
        Step("Reported as delivered", delivered, row.recipients, "messages", "D"),
    )
    return (*sent, _confirmed(row)) if asks else sent


def _confirmed(row: Row) -> Step:
    return Step("Confirmed by a person", row.confirmed, row.organisations, "organisations", "A, B")


def summary(found: Funnel) -> str:
    """The figures in one sentence, for those who listen."""
    total = found.total
    confirmed = (
        f"{number(total.confirmed)} of {number(total.organisations)} organisations confirmed"
    )
    return (
        f"{number(total.accepted_or_better)} of {number(total.recipients)} messages accepted, "
        f"{confirmed if found.asks else 'no confirmation is asked for'}."
    )


def number(value: int) -> str:
    """`1,700`"""
    return f"{value:,}"


def share(part: int, whole: int) -> str:
    """A percentage; some is never shown as none, and not quite all never as all."""
    if whole == 0:
        return "–"
    percent = part * 100 // whole
    return "less than 1%" if part and not percent else f"{percent}%"


def span(seconds: float) -> str:
    """A length of time: `45 seconds`, `12 minutes`, `3 hours 20 minutes`."""
    minutes, hours = int(seconds // 60), int(seconds // 3600)
    if minutes == 0:
        return _some(int(seconds), "second")
    if hours == 0:
        return _some(minutes, "minute")
    rest = minutes % 60
    return _some(hours, "hour") + (f" {_some(rest, 'minute')}" if rest else "")


def _some(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def london(at: datetime) -> date:
    """The day that it is in England at a moment."""
    return at.astimezone(LONDON).date()


FILTERS: Mapping[str, Callable[..., Any]] = {
    "day": day,
    "direction": direction,
    "london": london,
    "moment": moment,
    "number": number,
    "share": share,
    "span": span,
    "steps": steps,
}

"""Deadlines: hours on the clock, or working hours in England."""

from collections.abc import Container
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_OPENS, _CLOSES = time(9), time(17)


def after_working_time(start: datetime, span: timedelta) -> datetime:
    """When `span` of working time (Monday to Friday, 9 to 5, no bank holiday) is over."""
    at, left = start.astimezone(LONDON), span
    while True:
        at = _in_working_time(at)
        closes = datetime.combine(at.date(), _CLOSES, LONDON)
        # Opening hours hold no change of the clocks, so wall time is real time here.
        if closes - at >= left:
            return at + left
        left -= closes - at
        at = closes


def next_working_morning(now: datetime) -> datetime:
    """When working time begins next."""
    local = now.astimezone(LONDON)
    if is_working_day(local.date()) and local.time() < _OPENS:
        return datetime.combine(local.date(), _OPENS, LONDON)
    return _in_working_time(datetime.combine(local.date(), _CLOSES, LONDON))


def is_working_day(day: date) -> bool:
    """Whether England works on that day."""
    return day.weekday() < 5 and day not in _bank_holidays()


@cache
def _bank_holidays() -> Container[date]:
    # Late: the package reads every country of the world for one, and few processes ask for it.
    import holidays

    return holidays.country_holidays("GB", subdiv="ENG")


def _in_working_time(at: datetime) -> datetime:
    if is_working_day(at.date()) and at.time() < _CLOSES:
        return max(at, datetime.combine(at.date(), _OPENS, LONDON))
    day = at.date() + timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, _OPENS, LONDON)

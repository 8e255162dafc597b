"""When a bulletin comes out: days by a rule or by a list, moved off bank holidays and weekends."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from dateutil import rrule

from cascade.bulletins import rules
from cascade.errors import BadInput
from cascade.sending.deadlines import LONDON, is_working_day

KINDS: Mapping[str, str] = {
    "weekly": "Every week on a day",
    "fortnightly": "Every two weeks from a date",
    "monthly": "Every month",
    "quarterly": "Every three months from a date",
    "rule": "By a recurrence rule",
    "after": "Some working days after given dates",
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
WEEKS: Mapping[int, str] = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
MOST_DATES = 60
YEARS = range(2020, 2101)
"""Of every date that a schedule is made of."""
_AHEAD = 366 * 12
"""Days that are looked through for the next dates: a rule that never comes true ends there."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a bulletin comes out; what its kind doesn't use is left empty."""

    kind: str
    at: time
    """On the clocks of England."""
    weekday: int = 0
    """0 for Monday; weekly, and monthly with a `week`."""
    start: date | None = None
    """The first day that counts."""
    day: int = 0
    """Of the month, 1 to 31; a shorter month has its last day."""
    week: int = 0
    """Of the month, 1 to 4, -1 for the last; 0: by the `day`."""
    rule: str = ""
    """RFC 5545, without the dates that it begins with."""
    days: int = 0
    """Working days after each of the `dates`; 0: the date itself."""
    dates: tuple[date, ...] = ()


def upcoming(schedule: Schedule, after: datetime, most: int = 10) -> list[datetime]:
    """The next moments after this one, each on a working day; fewer when there are no more."""
    found: list[datetime] = []
    for day in _days(schedule, after.astimezone(LONDON).date()):
        moment = datetime.combine(day, schedule.at, LONDON)
        if moment > after and moment not in found:
            found.append(moment)
        if len(found) == most:
            break
    return found


def next_after(schedule: Schedule, after: datetime) -> datetime | None:
    """The next moment after this one; None: the schedule has no further one."""
    return next(iter(upcoming(schedule, after, 1)), None)


def kept(schedule: Schedule) -> dict[str, Any]:
    """The schedule as it is kept."""
    return {
        "kind": schedule.kind,
        "at": f"{schedule.at:%H:%M}",
        "weekday": schedule.weekday,
        "start": schedule.start.isoformat() if schedule.start else "",
        "day": schedule.day,
        "week": schedule.week,
        "rule": schedule.rule,
        "days": schedule.days,
        "dates": [one.isoformat() for one in schedule.dates],
    }


def read(found: Mapping[str, Any]) -> Schedule:
    """The schedule that was kept."""
    return Schedule(
        kind=found["kind"],
        at=time.fromisoformat(found["at"]),
        weekday=found["weekday"],
        start=date.fromisoformat(found["start"]) if found["start"] else None,
        day=found["day"],
        week=found["week"],
        rule=found["rule"],
        days=found["days"],
        dates=tuple(date.fromisoformat(one) for one in found["dates"]),
    )


def checked(schedule: Schedule) -> Schedule:
    """The same, fit to be kept; raises BadInput with `field: what to do`."""
    problems = [*_problems(schedule)]
    if problems:
        raise BadInput("The schedule can't be used.", problems)
    return schedule


def said(schedule: Schedule) -> str:
    """The schedule in words."""
    start = f"{schedule.start:%-d %B %Y}" if schedule.start else ""
    weekday = DAYS[schedule.weekday]
    words = {
        "weekly": f"every {weekday}",
        "fortnightly": f"every two weeks from {start}",
        "monthly": f"on the {WEEKS.get(schedule.week, '')} {weekday} of every month"
        if schedule.week
        else f"on day {schedule.day} of every month",
        "quarterly": f"every three months from {start}",
        "rule": f"by the rule {schedule.rule} from {start}",
        "after": f"{schedule.days} working days after each of {len(schedule.dates)} dates",
    }
    return f"{words[schedule.kind]}, at {schedule.at:%H:%M}"


def _days(schedule: Schedule, today: date) -> Iterator[date]:
    """Working days from about today on, in order, for `_AHEAD` days.

    What is kept may be older than the check of its years: nothing comes of dates beyond them.
    """
    if schedule.kind == "after":
        dates = (one for one in schedule.dates if one.year in YEARS)
        found: Iterable[date] = sorted(_later(one, schedule.days) for one in dates)
    elif schedule.start is not None and schedule.start.year not in YEARS:
        return
    elif schedule.kind == "rule":
        found = _by_rule(schedule, today)
    else:
        found = _in_turn(schedule, today)
    for day in found:
        if day >= today - timedelta(days=_WITHOUT_WORK):
            yield _later(day, 0)


_WITHOUT_WORK = 14
"""More days in a row than are ever bank holidays and weekends."""


def _later(day: date, working_days: int) -> date:
    """So many working days later; none at all: that day, or the next working day."""
    while not is_working_day(day):
        day += timedelta(days=1)
        if is_working_day(day) and working_days:
            working_days -= 1
    for _ in range(working_days):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def _by_rule(schedule: Schedule, today: date) -> Iterator[date]:
    start = schedule.start or today
    last = max(today, start) + timedelta(days=_AHEAD)
    since = today - timedelta(days=_WITHOUT_WORK)
    return rules.days(rules.read(schedule.rule), start, since, last)


def _in_turn(schedule: Schedule, today: date) -> Iterator[date]:
    begins = max(today, schedule.start or today)
    last = datetime.combine(begins + timedelta(days=_AHEAD), time())
    start = datetime.combine(schedule.start or today - timedelta(days=35), time())
    for moment in _rule(schedule, start, last):
        yield moment.date()


def _rule(schedule: Schedule, start: datetime, last: datetime) -> rrule.rrule:
    match schedule.kind:
        case "weekly":
            return rrule.rrule(rrule.WEEKLY, start, byweekday=schedule.weekday, until=last)
        case "fortnightly":
            return rrule.rrule(rrule.WEEKLY, start, interval=2, until=last)
        case "monthly" if schedule.week:
            which = rrule.weekday(schedule.weekday)(schedule.week)
            return rrule.rrule(rrule.MONTHLY, start, byweekday=which, until=last)
        case "monthly":
            return rrule.rrule(rrule.MONTHLY, start, until=last, **_day(schedule.day))
        case _:
            return rrule.rrule(rrule.MONTHLY, start, interval=3, until=last, **_day(start.day))


def _day(day: int) -> dict[str, Any]:
    """A day of the month, or the last one of a month that has fewer."""
    return {"bymonthday": range(min(day, 28), day + 1), "bysetpos": -1}


def _problems(schedule: Schedule) -> Iterator[str]:
    if schedule.kind not in KINDS:
        yield "kind: choose how often it comes out"
        return
    if schedule.kind in ("fortnightly", "quarterly", "rule") and schedule.start is None:
        yield "start: enter the first date, such as 2026-12-01"
    if schedule.start is not None:
        yield from _problems_of_year("start", schedule.start)
    if not 0 <= schedule.weekday < len(DAYS):
        yield "weekday: choose a day from Monday to Friday"
    yield from _problems_of_kind(schedule)


def _problems_of_kind(schedule: Schedule) -> Iterator[str]:
    if schedule.kind == "monthly" and schedule.week not in (0, *WEEKS):
        yield "week: choose which week of the month"
    if schedule.kind == "monthly" and not schedule.week and not 1 <= schedule.day <= 31:
        yield "day: enter a day of the month, from 1 to 31"
    if schedule.kind == "after":
        yield from _problems_of_dates(schedule)
    if schedule.kind == "rule" and schedule.start is not None and schedule.start.year in YEARS:
        yield from _problems_of_rule(schedule.rule, schedule.start)


def _problems_of_dates(schedule: Schedule) -> Iterator[str]:
    if not 0 <= schedule.days <= 30:
        yield "days: enter how many working days after, from 0 to 30"
    if not 1 <= len(schedule.dates) <= MOST_DATES:
        yield f"dates: enter from 1 to {MOST_DATES} dates, one on each line"
        return
    for one in schedule.dates:
        yield from _problems_of_year("dates", one)


def _problems_of_year(field: str, day: date) -> Iterator[str]:
    if day.year not in YEARS:
        yield f"{field}: {day} is not in the years {YEARS[0]} to {YEARS[-1]}"


def _problems_of_rule(rule: str, start: date) -> Iterator[str]:
    try:
        found = rules.days(rules.read(rule), start, start, start + timedelta(days=_AHEAD))
    except ValueError:
        words = "rule: this is no rule of days, weeks, months or years: write one such as "
        yield f"{words}FREQ=MONTHLY;BYDAY=2TU"
        return
    if next(found, None) is None:
        yield "rule: no day fits this rule"

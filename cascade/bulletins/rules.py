"""Recurrence rules as RFC 5545 writes them, as far as they are about days.

The library walks on to the year 9999 where nothing fits a rule, which takes seconds; here no day
is looked at that lies outside of the span.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

_LONGEST = 200
_MOST_INTERVAL = 366
_SIGNS = re.compile(r"[A-Z0-9=;,+\-]*")
_PARTS = frozenset(
    {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYWEEKNO", "BYYEARDAY"}
    | {"WKST", "UNTIL"}
)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SPANS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 1, "YEARLY": 12}
"""Days, or months."""
_DAY = re.compile(r"([+-]?\d+)?([A-Z]{2})")


@dataclass(frozen=True, slots=True)
class Rule:
    """Which days fit; an empty set lets every day through."""

    every: str
    """DAILY, WEEKLY, MONTHLY or YEARLY."""
    interval: int
    week_begins: int
    """0 for Monday."""
    until: date
    """The last day."""
    months: frozenset[int]
    weeks: frozenset[int]
    year_days: frozenset[int]
    month_days: frozenset[int]
    weekdays: frozenset[tuple[int, int]]
    """Which one of its month or year, 0 for every one; and the day of the week."""
    positions: frozenset[int]
    """Among the days of a period that fit: 1 for the first, -1 for the last."""


def read(text: str) -> Rule:
    """A rule as somebody wrote it; raises ValueError."""
    parts = _parts(text)
    until = parts.get("UNTIL", "")
    positions = _numbers(parts, "BYSETPOS")
    if not all(1 <= abs(one) <= 366 for one in positions):
        raise ValueError("a BYSETPOS that is none")
    return Rule(
        every=parts["FREQ"],
        interval=int(parts.get("INTERVAL", "1")),
        week_begins=_DAYS.index(parts.get("WKST", "MO")),
        until=datetime.strptime(until[:8], "%Y%m%d").date() if until else date.max,  # noqa: DTZ007
        months=_numbers(parts, "BYMONTH"),
        weeks=_numbers(parts, "BYWEEKNO"),
        year_days=_numbers(parts, "BYYEARDAY"),
        month_days=_numbers(parts, "BYMONTHDAY"),
        weekdays=frozenset(map(_weekday, parts["BYDAY"].split(","))) if "BYDAY" in parts else _NONE,
        positions=positions,
    )


def days(rule: Rule, start: date, since: date, last: date) -> Iterator[date]:
    """The days of a rule that begins with `start`, in order, from about `since` to `last`."""
    end = min(last, rule.until)
    rule = _complete(rule, start)
    for first, after in _periods(rule, start, since, end):
        each = (date.fromordinal(one) for one in range(first.toordinal(), after.toordinal()))
        for day in _chosen(rule, [one for one in each if _fits(rule, one)]):
            if start <= day <= end:
                yield day


_NONE: frozenset[tuple[int, int]] = frozenset()


def _parts(text: str) -> dict[str, str]:
    written = text.strip().upper().removeprefix("RRULE:")
    if not _SIGNS.fullmatch(written) or len(written) > _LONGEST:
        raise ValueError("signs that a rule has not")
    pairs = [part.split("=") for part in written.strip(";").split(";")]
    parts = {pair[0]: pair[1] for pair in pairs if len(pair) == 2 and pair[1]}
    if len(parts) != len(pairs) or not parts.keys() <= _PARTS:
        raise ValueError("parts that are not understood")
    if parts.get("FREQ") not in _SPANS:
        raise ValueError("no FREQ of days or more")
    if not 1 <= int(parts.get("INTERVAL", "1")) <= _MOST_INTERVAL:
        raise ValueError("an INTERVAL that is none")
    return parts


def _numbers(parts: dict[str, str], name: str) -> frozenset[int]:
    return frozenset(map(int, parts[name].split(","))) if name in parts else frozenset()


def _weekday(written: str) -> tuple[int, int]:
    found = _DAY.fullmatch(written)
    if found is None or int(found[1] or 1) == 0:
        raise ValueError("a BYDAY that is none")
    return int(found[1] or 0), _DAYS.index(found[2])


def _complete(rule: Rule, start: date) -> Rule:
    """What a rule leaves open is as on the day that it begins with."""
    if rule.weeks or rule.year_days or rule.month_days or rule.weekdays:
        return rule
    match rule.every:
        case "WEEKLY":
            return replace(rule, weekdays=frozenset({(0, start.weekday())}))
        case "MONTHLY":
            return replace(rule, month_days=frozenset({start.day}))
        case "YEARLY":
            months = rule.months or frozenset({start.month})
            return replace(rule, months=months, month_days=frozenset({start.day}))
    return rule


def _periods(rule: Rule, start: date, since: date, end: date) -> Iterator[tuple[date, date]]:
    """The first day of each period, and the first one after it; those before `since` are passed."""
    number, first = _numbered(rule)
    step = rule.interval * _SPANS[rule.every]
    begin = _first_of(rule, start)
    at = begin + max(0, (number(since) - begin) // step) * step
    while first(at) <= end:
        yield first(at), first(at + _SPANS[rule.every])
        at += step


def _numbered(rule: Rule) -> tuple[Callable[[date], int], Callable[[int], date]]:
    """Periods are counted in months or in days: the number of a day, and the day of a number."""
    if rule.every in ("MONTHLY", "YEARLY"):
        return _month, _of_month
    return date.toordinal, date.fromordinal


def _first_of(rule: Rule, start: date) -> int:
    """The number with which the period of a day begins."""
    match rule.every:
        case "YEARLY":
            return start.year * 12
        case "MONTHLY":
            return _month(start)
        case "WEEKLY":
            return start.toordinal() - (start.weekday() - rule.week_begins) % 7
    return start.toordinal()


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _of_month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _chosen(rule: Rule, found: list[date]) -> list[date]:
    if not rule.positions:
        return found
    ahead = {one if one > 0 else len(found) + one + 1 for one in rule.positions}
    return [day for number, day in enumerate(found, 1) if number in ahead]


def _fits(rule: Rule, day: date) -> bool:
    return (
        (not rule.months or day.month in rule.months)
        and (not rule.month_days or _is_one(rule.month_days, day.day, _days_of_month(day)))
        and (not rule.weekdays or _is_on(rule, day))
        and (not rule.year_days or _is_one(rule.year_days, _day_of_year(day), _days_of_year(day)))
        and (not rule.weeks or _is_in_week(rule, day))
    )


def _is_one(wanted: frozenset[int], number: int, most: int) -> bool:
    """Whether a number is asked for, counted from the beginning or, below zero, from the end."""
    return number in wanted or number - most - 1 in wanted


def _is_on(rule: Rule, day: date) -> bool:
    weekday = day.weekday()
    wanted = frozenset(which for which, one in rule.weekdays if one == weekday)
    if 0 in wanted or not wanted:
        return bool(wanted)
    if rule.every in ("DAILY", "WEEKLY"):
        return True
    if rule.every == "YEARLY" and not rule.months:
        number, most = _day_of_year(day), _days_of_year(day)
    else:
        number, most = day.day, _days_of_month(day)
    return _is_one(wanted, (number + 6) // 7, (number + 6) // 7 + (most - number) // 7)


def _is_in_week(rule: Rule, day: date) -> bool:
    """A week belongs to the year in which its fourth day is."""
    fourth = day + timedelta(days=3 - (day.weekday() - rule.week_begins) % 7)
    number = (_day_of_year(fourth) + 6) // 7
    most = number + (_days_of_year(fourth) - _day_of_year(fourth)) // 7
    return _is_one(rule.weeks, number, most)


def _day_of_year(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


def _days_of_year(day: date) -> int:
    return 366 if isleap(day.year) else 365


def _days_of_month(day: date) -> int:
    return monthrange(day.year, day.month)[1]

"""Recurrence rules about days."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from time import process_time

import pytest
from dateutil import rrule
from hypothesis import assume, given
from hypothesis import strategies as st

from cascade.bulletins import rules, schedules
from cascade.bulletins.schedules import Schedule
from cascade.errors import BadInput

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
BY_RULE = Schedule("rule", time(10), start=date(2026, 1, 1))
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
AT_MOST = 0.5
"""Of the processor, for one rule: some hundredths are usual, the library's walk took six."""
_STARTS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


def numbers(most: int, *, back: bool = True) -> st.SearchStrategy[str]:
    """One or more, counted from the beginning; and `back` from the end."""
    each = st.integers(1, most)
    if back:
        each |= st.integers(-most, -1)
    return st.lists(each, min_size=1, max_size=4).map(lambda found: ",".join(map(str, found)))


def weekdays(which: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    each = st.tuples(which, st.sampled_from(DAYS)).map("".join)
    return st.lists(each, min_size=1, max_size=3).map(",".join)


def by_day(*which: str) -> st.SearchStrategy[str]:
    return weekdays(st.just("")) | weekdays(st.sampled_from(which))


PARTS: dict[str, st.SearchStrategy[str]] = {
    "BYMONTH": numbers(12, back=False),
    "BYMONTHDAY": numbers(31),
    "BYDAY": by_day("1", "+3", "5", "-1", "-53", "53"),
    "BYYEARDAY": numbers(366),
    "BYWEEKNO": numbers(53),
    "BYSETPOS": numbers(366),
    "INTERVAL": st.integers(1, 366).map(str),
    "WKST": st.sampled_from(DAYS),
}
KNOWN: dict[str, st.SearchStrategy[str]] = {
    **{name: values for name, values in PARTS.items() if name != "BYWEEKNO"},
    "BYDAY": by_day("1", "2", "+3", "5", "-1", "-2"),
    "BYSETPOS": numbers(5),
    "INTERVAL": st.integers(1, 4).map(str),
}
"""What the library does as the standard has it; weeks of the year it counts wrong in some years."""


@st.composite
def written(draw: st.DrawFn, parts: dict[str, st.SearchStrategy[str]]) -> str:
    """A rule, which may come true or never."""
    every = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    names = draw(st.lists(st.sampled_from(sorted(parts)), unique=True, max_size=4))
    return ";".join((f"FREQ={every}", *(f"{one}={draw(parts[one])}" for one in names)))


def seconds(rule: str, start: date) -> float:
    """Of the processor, for the check and for the look at its next dates."""
    wanted, began = replace(BY_RULE, rule=rule, start=start), process_time()
    with suppress(BadInput):
        schedules.upcoming(schedules.checked(wanted), NOW)
    return process_time() - began


@pytest.mark.parametrize(
    "rule",
    [
        *("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30"),
        *("FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=100", "FREQ=DAILY;BYMONTH=13", "FREQ=DAILY;BYDAY=XX"),
        *("FREQ=DAILY;BYSETPOS=2", "FREQ=MONTHLY;BYDAY=6MO", "FREQ=YEARLY;BYYEARDAY=0"),
        *("FREQ=DAILY;UNTIL=00010101", "FREQ=YEARLY;INTERVAL=366;BYYEARDAY=366;UNTIL=20300101"),
        *("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MINUTELY;BYMONTHDAY=0", "FREQ=HOURLY"),
        *("FREQ=YEARLY;BYEASTER=400", "FREQ=DAILY;COUNT=999999999", "FREQ=DAILY;INTERVAL=99999999"),
    ],
)
def test_a_rule_that_never_comes_true_is_refused_at_once(rule: str) -> None:
    assert seconds(rule, date(2026, 1, 1)) < AT_MOST
    with pytest.raises(BadInput):
        schedules.checked(replace(BY_RULE, rule=rule))


@given(written(PARTS), _STARTS)
def test_no_rule_takes_long(rule: str, start: date) -> None:
    assert seconds(rule, start) < AT_MOST


@given(written(KNOWN), _STARTS)
def test_the_days_of_a_rule_are_those_that_the_library_knows(rule: str, start: date) -> None:
    # For the library, the week of the start begins with the start.
    assume(not ("WEEKLY" in rule and "BYSETPOS" in rule))
    middle, last = start + timedelta(days=366 * 4), start + timedelta(days=366 * 12)
    found = [*rules.days(rules.read(rule), start, start, last)]
    assume(found and found[-1] > middle)  # else it walks to the year 9999
    library = rrule.rrulestr(rule, dtstart=datetime.combine(start, time()))
    expected = takewhile(lambda day: day <= middle, (moment.date() for moment in library))
    assert [one for one in found if one <= middle] == [*expected]


@given(st.integers(1, 53), _STARTS)
def test_weeks_of_the_year_are_those_of_the_calendar(week: int, start: date) -> None:
    last = start + timedelta(days=366 * 6)
    read = rules.read(f"FREQ=YEARLY;BYWEEKNO={week}")
    every = (start + timedelta(days=one) for one in range(366 * 6 + 1))
    expected = [one for one in every if one.isocalendar().week == week]
    assert [*rules.days(read, start, start, last)] == expected


@given(_STARTS)
def test_weeks_below_zero_are_counted_from_the_end_of_the_year(start: date) -> None:
    last = start + timedelta(days=366 * 6)
    read = rules.read("FREQ=DAILY;BYWEEKNO=-1")
    every = (start + timedelta(days=one) for one in range(366 * 6 + 1))
    week = timedelta(days=7)
    expected = [one for one in every if (one + week).isocalendar().week == 1]
    assert [*rules.days(read, start, start, last)] == expected


@given(written(PARTS), _STARTS, st.integers(0, 3000))
def test_the_days_do_not_depend_on_since_when_one_looks(rule: str, start: date, ahead: int) -> None:
    since, last = start + timedelta(days=ahead), start + timedelta(days=ahead + 800)
    read = rules.read(rule)
    every = [one for one in rules.days(read, start, start, last) if one >= since]
    assert [one for one in rules.days(read, start, since, last) if one >= since] == every


def test_a_day_of_every_week_may_stand_beside_one_of_the_month() -> None:
    read = rules.read("FREQ=MONTHLY;BYDAY=FR,1MO")
    found = rules.days(read, date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 14))
    assert [one.day for one in found] == [4, 7, 11]

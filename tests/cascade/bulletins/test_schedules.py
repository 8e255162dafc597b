"""When a bulletin comes out."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.bulletins import schedules
from cascade.bulletins.schedules import Schedule
from cascade.errors import BadInput
from cascade.sending.deadlines import LONDON, is_working_day

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
WEEKLY = Schedule("weekly", time(10), weekday=1)
_DATES = st.dates(date(2020, 1, 1), date(2060, 12, 31))
SCHEDULES = st.builds(
    Schedule,
    kind=st.sampled_from(["weekly", "fortnightly", "monthly", "quarterly", "after"]),
    at=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    weekday=st.integers(0, 4),
    start=_DATES,
    day=st.integers(1, 31),
    week=st.sampled_from([0, 1, 2, 3, 4, -1]),
    days=st.integers(0, 30),
    dates=st.lists(_DATES, min_size=1, max_size=8).map(tuple),
)


def days(schedule: Schedule, now: datetime = NOW, most: int = 3) -> list[str]:
    return [f"{one.date()}" for one in schedules.upcoming(schedule, now, most)]


def test_a_weekly_one_comes_on_its_day() -> None:
    assert days(WEEKLY) == ["2026-11-24", "2026-12-01", "2026-12-08"]


def test_one_that_would_fall_on_a_bank_holiday_comes_on_the_next_working_day() -> None:
    friday = replace(WEEKLY, weekday=4)
    assert days(friday, datetime(2026, 12, 20, tzinfo=UTC), 2) == ["2026-12-29", "2027-01-04"]


def test_a_fortnightly_one_counts_from_its_date() -> None:
    wanted = Schedule("fortnightly", time(10), start=date(2026, 12, 1))
    assert days(wanted) == ["2026-12-01", "2026-12-15", "2026-12-29"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"week": 1, "weekday": 1}, ["2026-12-01", "2027-01-05", "2027-02-02"]),
        ({"week": -1, "weekday": 4}, ["2026-11-27", "2026-12-29", "2027-01-29"]),
        ({"day": 31}, ["2026-11-30", "2026-12-31", "2027-02-01"]),
    ],
)
def test_a_monthly_one_comes_on_a_day_or_a_weekday(
    more: dict[str, int], expected: list[str]
) -> None:
    assert days(replace(Schedule("monthly", time(10)), **more)) == expected


def test_a_quarterly_one_keeps_to_the_last_day_of_shorter_months() -> None:
    wanted = Schedule("quarterly", time(10), start=date(2027, 8, 31))
    found = days(wanted, datetime(2027, 8, 1, tzinfo=UTC), 4)
    assert found == ["2027-08-31", "2027-11-30", "2028-02-29", "2028-05-31"]


def test_one_after_board_dates_counts_working_days() -> None:
    dates = (date(2026, 12, 23), date(2026, 11, 28))
    wanted = Schedule("after", time(10), days=3, dates=dates)
    # Boxing Day falls on a Saturday in 2026, so its holiday is the Monday.
    assert days(wanted) == ["2026-12-02", "2026-12-30"]


def test_a_rule_of_the_standard_is_followed() -> None:
    wanted = Schedule("rule", time(10), start=date(2026, 11, 1), rule="FREQ=MONTHLY;BYDAY=2TU")
    assert days(schedules.checked(wanted)) == ["2026-12-08", "2027-01-12", "2027-02-09"]


def test_a_rule_ends_where_it_says() -> None:
    rule = "RRULE:FREQ=WEEKLY;UNTIL=20261204T000000Z"
    wanted = Schedule("rule", time(10), start=date(2026, 11, 20), rule=rule)
    assert days(schedules.checked(wanted)) == ["2026-11-27", "2026-12-04"]


@pytest.mark.parametrize(
    "rule",
    [
        *("FREQ=SECONDLY", "FREQ=HOURLY;INTERVAL=9", "FREQ=MINUTELY", "", "every Tuesday"),
        *("FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;BYHOUR=1,2,3"),
        *("FREQ=DAILY;COUNT=3", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYEASTER=1"),
        *("FREQ=DAILY\nRRULE:FREQ=DAILY", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;BYDAY=XX"),
        *("FREQ=DAILY;UNTIL=20200101", "FREQ=DAILY;UNTIL=20", "FREQ=" + "DAILY;" * 100),
    ],
)
def test_a_rule_that_is_none_or_never_ends_is_refused(rule: str) -> None:
    wanted = Schedule("rule", time(10), start=date(2026, 11, 1), rule=rule)
    with pytest.raises(BadInput) as raised:
        schedules.checked(wanted)
    assert raised.value.problems[0].startswith("rule: ")


@given(st.text("FREQDAILYBMONTHSW=;,0123456789-+ ", max_size=60))
def test_whatever_is_typed_as_a_rule_is_refused_or_gives_days(tail: str) -> None:
    wanted = Schedule("rule", time(10), start=date(2026, 11, 1), rule=f"FREQ=MONTHLY;{tail}")
    try:
        schedules.checked(wanted)
    except BadInput:
        return
    assert len(schedules.upcoming(wanted, NOW, 2)) <= 2


@given(SCHEDULES, st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)))  # noqa: DTZ001
def test_every_date_is_later_on_a_working_day_and_at_its_time(
    schedule: Schedule, naive: datetime
) -> None:
    now = naive.replace(tzinfo=UTC)
    found = schedules.upcoming(schedule, now, 5)
    assert found == sorted(set(found))
    for one in found:
        assert one > now
        assert is_working_day(one.date())
        assert (one.time(), one.tzinfo) == (schedule.at, LONDON)


@given(SCHEDULES, st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)))  # noqa: DTZ001
def test_the_dates_do_not_depend_on_when_one_looks(schedule: Schedule, naive: datetime) -> None:
    now = naive.replace(tzinfo=UTC)
    first = schedules.upcoming(schedule, now, 6)
    if len(first) > 1:
        assert schedules.upcoming(schedule, first[0], 4) == first[1:5]
        assert schedules.next_after(schedule, first[0] - timedelta(minutes=1)) == first[0]


@given(SCHEDULES)
def test_a_schedule_is_kept_as_it_is(schedule: Schedule) -> None:
    assert schedules.read(schedules.kept(schedule)) == schedule
    assert schedules.said(schedule)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Schedule("x", time(10)), "kind"),
        (replace(WEEKLY, weekday=5), "weekday"),
        (Schedule("fortnightly", time(10)), "start"),
        (Schedule("fortnightly", time(10), start=date(1900, 1, 1)), "start"),
        (Schedule("monthly", time(10), day=32), "day"),
        (Schedule("monthly", time(10), week=5), "week"),
        (Schedule("after", time(10), days=31, dates=(date(2026, 12, 1),)), "days"),
        (Schedule("after", time(10), days=1), "dates"),
        (Schedule("after", time(10), dates=(date(9999, 12, 31),)), "dates: 9999-12-31"),
        (Schedule("after", time(10), dates=(date(2026, 12, 1), date(2019, 12, 31))), "dates: 2019"),
    ],
)
def test_what_is_missing_is_named(wanted: Schedule, field: str) -> None:
    with pytest.raises(BadInput) as raised:
        schedules.checked(wanted)
    assert raised.value.problems[0].startswith(field if ": " in field else f"{field}: ")


@pytest.mark.parametrize(
    "beyond",
    [
        Schedule("after", time(10), days=3, dates=(date(9999, 12, 31), date(1, 1, 1))),
        Schedule("fortnightly", time(10), start=date(9999, 12, 31)),
        Schedule("rule", time(10), start=date(9999, 12, 31), rule="FREQ=DAILY"),
    ],
)
def test_dates_beyond_the_years_there_are_are_no_dates(beyond: Schedule) -> None:
    assert days(beyond) == []


def test_dates_beyond_the_years_leave_the_others_as_they_are() -> None:
    dates = (date(9999, 12, 31), date(2026, 12, 1))
    assert days(Schedule("after", time(10), days=3, dates=dates)) == ["2026-12-04"]

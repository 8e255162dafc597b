"""Send windows: read as people type them, and never on a bank holiday."""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.database import Database
from cascade.errors import BadInput
from cascade.sending import windows
from cascade.sending.deadlines import LONDON, is_working_day
from cascade.sending.windows import DEFAULT, Window, next_of

EVERY = st.builds(Window, st.integers(0, 4), st.times().map(lambda at: time(at.hour, at.minute)))
START = datetime(2025, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 10 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


def change(database: Database, now: datetime, *lines: str) -> None:
    with database.writing() as session:
        windows.change(session, lines, by="jo@example.org", now=now)


def test_without_a_change_the_windows_are_the_beginnings_of_working_days(
    sqlite_database: Database, now: datetime
) -> None:
    with sqlite_database.reading() as session:
        assert windows.windows(session) == DEFAULT
        # It is Saturday.
        assert windows.upcoming(session, now) == datetime(2026, 11, 23, 9, tzinfo=LONDON)


def test_windows_are_kept_in_the_order_of_the_week_and_put_back(
    database: Database, now: datetime
) -> None:
    change(database, now, "thursday 14.00", "", "  Mon 9:05 ", "Monday 09:05")

    with database.writing() as session:
        kept = windows.windows(session)
        windows.reset(session)
        assert windows.windows(session) == DEFAULT
    assert kept == (Window(0, time(9, 5)), Window(3, time(14)))


@pytest.mark.parametrize(
    "line",
    [
        "Saturday 10:00",
        "Monday",
        "10:00",
        "Monday 24:00",
        "Monday 10:60",
        "M 10:00",
        "T 9:00",
        "<b>",
    ],
)
def test_a_line_that_is_no_window_is_named(
    sqlite_database: Database, now: datetime, line: str
) -> None:
    with pytest.raises(BadInput) as refused:
        change(sqlite_database, now, "Monday 10:00", line)

    assert refused.value.problems[0].startswith(f"windows: “{line}” is no window")


def test_at_least_one_window_and_twenty_at_most(sqlite_database: Database, now: datetime) -> None:
    with pytest.raises(BadInput, match="No window"):
        change(sqlite_database, now, "", " ")
    with pytest.raises(BadInput, match="Too many"):
        change(sqlite_database, now, *(f"Monday 10:{minute}" for minute in range(10, 31)))


@given(st.text() | st.text("Mondayfri 0123456789:.", max_size=20))
def test_any_line_is_a_window_or_a_problem(line: str) -> None:
    with suppress(BadInput):
        found = windows.window(line)
        assert windows.window(str(found)) == found


@given(st.lists(EVERY, min_size=1, max_size=5), MOMENTS)
def test_the_next_window_is_after_now_on_a_working_day_and_none_comes_before_it(
    every: list[Window], now: datetime
) -> None:
    found = next_of(every, now).astimezone(LONDON)

    assert found > now
    assert is_working_day(found.date())
    assert Window(found.weekday(), found.time()) in every
    before = [next_of(every, now + (found - now) * part) for part in (0.25, 0.5, 0.75)]
    assert {one.astimezone(LONDON) for one in before} == {found}


def test_a_window_on_a_bank_holiday_is_left_out() -> None:
    christmas_eve = datetime(2026, 12, 24, 12, tzinfo=LONDON)

    # Both Fridays are holidays, and the Monday between stands in for Boxing Day.
    found = next_of((Window(0, time(10)), Window(4, time(10))), christmas_eve)

    assert found == datetime(2027, 1, 4, 10, tzinfo=LONDON)


def test_a_window_keeps_its_time_when_the_clocks_change() -> None:
    friday = datetime(2026, 10, 23, 12, tzinfo=UTC)

    found = next_of((Window(0, time(9)),), friday)

    assert found.astimezone(UTC) == datetime(2026, 10, 26, 9, tzinfo=UTC)
    assert found.astimezone(UTC) - friday == timedelta(days=2, hours=21)

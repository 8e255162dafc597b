"""The next dates of a bulletin as a calendar by the rules of RFC 5545."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.bulletins import dates
from cascade.bulletins.dates import Next
from cascade.bulletins.public_issues import Place
from cascade.bulletins.records import Bulletin
from cascade.cleaning import one_line
from cascade.identity import Identity
from tests.cascade.bulletins.calendar_rules import check_calendar

THEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
PLACE = Place(
    Identity("Cell <c@example.org>", "c@example.org", "example.org", "The cell"),
    "https://cascade.example.org",
)


def calendar(title: str = "Round-up", count: int = 3) -> bytes:
    of = Bulletin(name="round-up", title=title, changed_at=THEN, revision=4)
    return dates.calendar(
        of, [Next(n, THEN + timedelta(weeks=13 * n)) for n in range(1, count + 1)], PLACE
    )


def test_events_are_on_the_clocks_of_england_in_summer_and_winter() -> None:
    begins = [one.start for one in check_calendar(calendar()).walk("VEVENT")]

    assert [f"{at:%H:%M %Z}" for at in begins] == ["10:00 GMT", "11:00 BST", "11:00 BST"]


def test_a_calendar_without_dates_follows_the_rules_too() -> None:
    assert check_calendar(calendar(count=0)).walk("VEVENT") == []


@given(title=st.text(max_size=300).map(one_line))
def test_whatever_a_bulletin_is_called_its_calendar_follows_the_rules(title: str) -> None:
    read = check_calendar(calendar(title, 1))

    assert str(read["X-WR-CALNAME"]) == title
    assert [str(one["SUMMARY"]) for one in read.walk("VEVENT")] == [f"{title}, issue 1"]


def test_a_title_adds_no_line_of_its_own() -> None:
    title = one_line("Round-up\r\nEND:VCALENDAR;x,\\n\U0001f489 ہفتہ وار" * 8)
    read = check_calendar(calendar(title, 1))

    assert str(read["X-WR-CALNAME"]) == title


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"\r\n", b"\n"),
        (b"UID:", b"X-UID:"),
        (b"T100000Z", b"T100000"),
        (b"TZID:Europe/London", b"TZID:Europe/Paris"),
        (b"SUMMARY:", b"SUMMARY:" + b"x" * 60),
        (b"VERSION:2.0\r\n", b""),
    ],
)
def test_the_rules_find_a_calendar_that_breaks_them(right: bytes, wrong: bytes) -> None:
    written = calendar()

    assert right in written
    with pytest.raises((AssertionError, ValueError)):
        check_calendar(written.replace(right, wrong))

"""Times in the words of messages."""

from datetime import UTC, datetime

import pytest

from cascade.sending.moments import moment, short_moment


@pytest.mark.parametrize(
    ("at", "words", "short"),
    [
        ((2026, 11, 21, 14, 0), "Saturday 21 November 2026, 2:00pm", "14:00 Sat 21 Nov"),
        ((2026, 7, 1, 8, 5), "Wednesday 1 July 2026, 9:05am", "09:05 Wed 1 Jul"),
        ((2026, 3, 29, 0, 59), "Sunday 29 March 2026, 12:59am", "00:59 Sun 29 Mar"),
        ((2026, 3, 29, 1, 0), "Sunday 29 March 2026, 2:00am", "02:00 Sun 29 Mar"),
        ((2026, 12, 25, 12, 0), "Friday 25 December 2026, midday", "12:00 Fri 25 Dec"),
        ((2026, 6, 30, 23, 0), "Wednesday 1 July 2026, midnight", "00:00 Wed 1 Jul"),
        ((2026, 12, 25, 12, 1), "Friday 25 December 2026, 12:01pm", "12:01 Fri 25 Dec"),
    ],
)
def test_times_are_british(at: tuple[int, ...], words: str, short: str) -> None:
    there = datetime(*at, tzinfo=UTC)
    assert (moment(there), short_moment(there)) == (words, short)

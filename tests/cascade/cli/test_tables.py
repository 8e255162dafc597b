"""Tables for a terminal."""

import pytest

from cascade.cli.tables import bar, duration, share, table


@pytest.mark.parametrize(
    ("value", "of", "words"),
    [(0, 0, "–"), (0, 5, "0%"), (1, 1000, "<1%"), (999, 1000, "99%"), (1000, 1000, "100%")],
)
def test_a_share_is_rounded_down_but_somebody_is_never_nobody(
    value: int, of: int, words: str
) -> None:
    assert share(value, of) == words


@pytest.mark.parametrize(
    ("value", "of", "drawn"), [(0, 0, "░░░░"), (1, 2, "██░░"), (99, 100, "███░"), (5, 5, "████")]
)
def test_a_bar_is_full_only_when_all_are_there(value: int, of: int, drawn: str) -> None:
    assert bar(value, of, 4) == drawn


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 min 0 s"),
        (125.9, "2 min 5 s"),
        (-3600, "1 h 0 min"),
        (13_260, "3 h 41 min"),
        (180_000, "2 days 2 h"),
    ],
)
def test_a_duration_is_said_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_columns_stay_in_line_and_numbers_end_in_line() -> None:
    assert table(("Name", "Of"), [("Care homes", "1,000"), ("All", "7")]) == (
        "Name           Of\n──────────  ─────\nCare homes  1,000\nAll             7"
    )

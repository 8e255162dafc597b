"""Figures in words."""

import pytest

from cascade.web.figures import share, span


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 10, "0%"),
        (1, 1700, "less than 1%"),
        (1699, 1700, "99%"),
        (1700, 1700, "100%"),
        (1, 3, "33%"),
        (0, 0, "–"),
    ],
)
def test_a_share_never_shows_some_as_none_or_most_as_all(part: int, whole: int, words: str) -> None:
    assert share(part, whole) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0 seconds"),
        (1, "1 second"),
        (59.9, "59 seconds"),
        (60, "1 minute"),
        (3599, "59 minutes"),
        (3600, "1 hour"),
        (12_000, "3 hours 20 minutes"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert span(seconds) == words

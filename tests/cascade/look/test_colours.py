"""Colours that white words can be read on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.look import colours


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("#005EB8", "#005eb8"), ("005eb8", "#005eb8"), (" #06c ", "#0066cc"), ("#FFF", "#ffffff")],
)
def test_a_colour_is_read_as_people_write_it(typed: str, expected: str) -> None:
    assert colours.colour(typed) == expected


@pytest.mark.parametrize(
    "typed", ["", "#", "blue", "#00", "#0000", "#0000000", "#00000g", "red;}", "#٠٠٠", "#000\n#000"]
)
def test_what_is_no_colour_is_none(typed: str) -> None:
    assert colours.colour(typed) is None


@given(st.text())
def test_what_is_taken_is_six_digits_and_nothing_else(typed: str) -> None:
    found = colours.colour(typed)
    assert found is None or (len(found) == 7 and set(found[1:]) <= set("0123456789abcdef"))


@pytest.mark.parametrize(
    ("of", "expected"), [("#000000", 21), ("#ffffff", 1), ("#767676", 4.54), ("#777777", 4.48)]
)
def test_contrast_is_as_the_guidelines_count_it(of: str, expected: float) -> None:
    assert colours.contrast(of) == pytest.approx(expected, abs=0.01)


def test_white_words_can_be_read_on_every_ready_colour() -> None:
    assert all(map(colours.is_readable, colours.PALETTE))
    assert not colours.is_readable("#777777")


@given(st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_a_darker_colour_is_read_better(of: str) -> None:
    assert colours.contrast(colours.darker(of)) >= colours.contrast(of)

"""Headings of texts that are put together: no level is skipped, whatever is left out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkits
from toolkits.formats.blocks import Block, Run
from toolkits.formats.paste import to_html
from toolkits.headings import Levels

LEVELS = st.lists(st.integers(1, 6), max_size=12)


def levels(meant: list[int], top: int = 2) -> list[int]:
    of = Levels(top)
    return [of.next(one) for one in meant]


def of_page(html: str) -> list[int]:
    """The levels of the headings in a page that has its title above them."""
    return [int(one) for one in re.findall(r"<h([1-6])>", html)]


def skips(found: list[int], above: int = 1) -> bool:
    return any(after - before > 1 for before, after in zip([above, *found], found, strict=False))


@pytest.mark.parametrize(
    ("meant", "found"),
    [
        ([2, 3, 3, 2], [2, 3, 3, 2]),
        ([3, 3, 4], [2, 2, 3]),
        ([2, 4, 3, 2], [2, 3, 3, 2]),
        ([1, 3], [2, 3]),
        ([4, 2], [2, 2]),
        ([2, 4, 6, 4, 2, 6], [2, 3, 4, 3, 2, 3]),
    ],
)
def test_gaps_are_closed_and_the_order_stays(meant: list[int], found: list[int]) -> None:
    assert levels(meant) == found


@given(LEVELS, st.integers(1, 4))
def test_no_level_is_skipped_below_a_title(meant: list[int], top: int) -> None:
    assert not skips(levels(meant, top), top - 1)


@given(LEVELS)
def test_what_is_right_stays_as_it_is(meant: list[int]) -> None:
    right = levels(meant)
    assert levels(right) == right


@given(LEVELS)
def test_html_made_of_blocks_skips_no_level(meant: list[int]) -> None:
    html = to_html([Block("heading", (Run("Words"),), level) for level in meant])
    assert of_page(html) == levels(meant)


def test_headings_of_a_message_go_on_from_its_title_for_every_reader() -> None:
    text = (
        "---\ntitle: T\n---\nWords.\n\n::: for care-homes\n## Homes\nText.\n:::\n\n"
        "#### Deep\n\nText.\n\n# High\n\nText.\n"
    )
    document = toolkits.parse(text)

    assert of_page(toolkits.html(document, ["care-homes"])) == [2, 3, 2]
    assert of_page(toolkits.html(document, ["gp-practices"])) == [2, 2]


def test_only_headings_are_touched() -> None:
    html = '<img alt="a <h6> of" src="x"><hr><h4>1 &lt; <b>2</b></h4><header></header>'
    assert Levels().settle(html) == html.replace("h4>", "h2>")


def test_a_text_may_come_in_parts() -> None:
    of = Levels()
    assert of.settle("<h2>a</h2>") + of.settle("<h4>b</h4>") == "<h2>a</h2><h3>b</h3>"

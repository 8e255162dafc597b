"""Any text at all gives a document, in time linear in its length."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkits import check, html, inline, parse, plain, slides, sms, social, text
from toolkits.parsing import LARGEST

DEEP = 100_000


def nested(count: int) -> str:
    return "[" * (count // 2) + "]" * (count // 2)


def stairs(count: int) -> str:
    """A list ever one level deeper."""
    depth = int(count**0.5)
    return "\n".join("  " * level + "- a" for level in range(depth))


def wide(count: int) -> str:
    columns = count // 8
    return "|a" * columns + "\n" + "|-" * columns + "\n" + "|b" * columns


def sparse(count: int) -> str:
    """A table whose rows are far shorter than its head."""
    return "|a" * 30 + "|\n" + "|-" * 30 + "|\n" + "|\n" * (count // 2)


def references(count: int) -> str:
    return "".join(f"[r{n}]: https://example.org/{n}\n[r{n}]\n\n" for n in range(count // 30))


def ticks(count: int) -> str:
    return " ".join("`" * (n % 200 + 1) for n in range(count // 100))


def front(count: int) -> str:
    return "---\na: " + "[" * min(count, 30_000) + "\n---\n"


def channels(count: int) -> str:
    return f"::: sms\n{'word ' * (count // 10)}\n:::\n::: social\n{'word ' * (count // 10)}\n:::"


UNITS = [
    ">", "> ", "[", "]", "![", "[a](", '[a](b "', "[a](<", "![a](", "[a]", "(", "*", "**a ", "*a",
    "*a **b ", "_", "_a ", "*_", "***a", "`", "`a``b", "\\`` ", "- ", "- a\n", "+ a\n\n", "1. a\n",
    "> - a\n", "• a\n", "<div>", "<script>", "</div>", "<a b='", "<", "<a", "<a@", "a@", "<!--",
    "<!-- a -->", "<?", "<![CDATA[", "{{", "{{ a ", "{{ role }}", "}}", ":::", ":::\n",
    "::: for a\n", "::: for a, ", "#", "# ", "# a\n", "a\n===\n", "a\n---\n", "---\n", "* * *\n",
    "~~~\na\n", "```\n", "~", "|", "| a | b |\n", "&", "&amp;", "&#", "\\", "\\*", "!", "\n", "a\n",
    "a\n\n", " ", "\t", "\r", "\0", "\ud800", "\u00a0", "\u202e", "😀", "🇬", "a\u0301", "\u200d",
    "<http://a", "http://a ", "www.", "word ", "A word. ", "WORD ", "a", "don't come ", "attend ",
    "9", "9.", "[a]: b\n", "> # a\n", "- a\n    ***\n", "a  \n", "**[a](https://a)** ", "é", '"',
]  # fmt: skip
MAKERS: list[Callable[[int], str]] = [
    nested, stairs, wide, sparse, references, ticks, front, channels
]  # fmt: skip


def exercise(source: str) -> float:
    """Parses and checks a text, which renders all of it; gives the processor time it took."""
    start = time.process_time()
    check(parse(source))
    return time.process_time() - start


def everything(source: str) -> None:
    """Every format of a text, and of the text as a single line."""
    document = parse(source)
    for make in (html, text, sms, social, slides):
        make(document, ("a",))
    inline(source)
    plain(source)
    check(document)


@pytest.mark.parametrize("unit", [unit for unit in UNITS if "\n" not in unit])
def test_a_hundred_thousand_signs_of_one_kind_are_no_trouble(unit: str) -> None:
    assert exercise((unit * DEEP)[:DEEP]) < 60


@pytest.mark.parametrize("unit", [unit for unit in UNITS if "\n" in unit])
def test_thousands_of_short_lines_are_no_trouble(unit: str) -> None:
    assert exercise((unit * DEEP)[: DEEP // 5]) < 60


@pytest.mark.parametrize("unit", ["> ", "[", "*", "`", "- ", "<div>", "{{", "\t", ">", "  - "])
def test_a_hundred_thousand_of_a_kind_within_each_other_are_no_trouble(unit: str) -> None:
    assert exercise(unit * DEEP + "a") < 60


@pytest.mark.parametrize("make", MAKERS)
def test_a_hundred_thousand_signs_that_build_on_each_other_are_no_trouble(
    make: Callable[[int], str],
) -> None:
    assert exercise(make(DEEP)) < 60


@pytest.mark.parametrize("unit", UNITS)
def test_every_format_takes_every_kind_of_text(unit: str) -> None:
    everything((unit * 2_000)[:2_000])


@pytest.mark.parametrize(
    "make",
    [
        *(
            lambda count, unit=unit: (unit * count)[:count]
            for unit in ("# a\n", "- a\n", "> - a\n")
        ),
        lambda count: ("A sentence with **bold** and [a link](https://a.org).\n\n" * count)[:count],
        lambda count: ("| a | b |\n|---|---|\n| c | d |\n\n" * count)[:count],
        lambda count: ("*a **b " * count)[:count],
        references,
        sparse,
    ],
)
def test_four_times_the_text_takes_about_four_times_as_long(make: Callable[[int], str]) -> None:
    exercise(make(1_000))  # word lists and patterns are read once
    # The quickest of three: other work on the machine only ever makes a run longer.
    short, long = (min(exercise(make(size)) for _ in range(3)) for size in (5_000, 20_000))
    assert long < 4 * 3 * short + 0.2


@pytest.mark.parametrize("unit", ["a", ">", "[a](", "A word. ", "<!--", "\t"])
def test_two_million_signs_are_taken(unit: str) -> None:
    source = (unit * LARGEST)[:LARGEST]
    document = parse(source)
    assert document.text == source
    assert isinstance(html(document, ()), str)


@pytest.mark.soak
@pytest.mark.parametrize("unit", UNITS)
def test_two_million_signs_of_every_kind_take_minutes_at_most(unit: str) -> None:
    assert exercise((unit * LARGEST)[:LARGEST]) < 300


@given(st.text())
def test_any_text_gives_a_document_and_every_format(source: str) -> None:
    everything(source)


@given(st.lists(st.sampled_from(UNITS), max_size=30).map("".join))
def test_any_mixture_of_signs_gives_a_document_and_every_format(source: str) -> None:
    everything(source)


@given(st.lists(st.sampled_from(UNITS), max_size=30).map("".join))
def test_a_problem_always_stands_at_a_line_of_the_file(source: str) -> None:
    last = parse(source).text.count("\n") + source.replace("\r\n", "").count("\r") + 1
    assert all(1 <= problem.line <= last for problem in check(parse(source)))

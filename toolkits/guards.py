"""Finds the text that Python-Markdown would take very long over, or fail at.

Its parser is recursive and goes over some things again and again: each limit here bounds one of
them, so that a chunk that passes takes time in proportion to its length. Nothing that a person
writes for people comes near a limit; what does is shown as it was typed, and reported.
"""

import re
from collections.abc import Iterator, Sequence

from toolkits.layout import Line
from toolkits.problems import Problem, problem

LONGEST_LINE = 10_000  # characters
LONGEST_CHUNK = 64_000
LONGEST_PARAGRAPH = 20_000
DEEPEST = 8  # quotes and lists within each other
DEEPEST_BRACKETS = 4
COLUMNS = 40
ODD_LINKS = 8  # in one paragraph: links that are not simply (address "title")
TICK_RUNS = 4  # in one paragraph: different lengths of runs of backticks
ESCAPED_TICKS = 8
EMPHASIS = 400_000  # in one paragraph: characters times asterisks and underscores

_MARKERS = re.compile(rf"\s*(?:(?:>|[-+*]|\d{{1,9}}\.)(?:\s+|(?=>)|$)){{{DEEPEST + 1},}}")
_ITEM = re.compile(r"[ >]*(?:[-+*]|\d{1,9}\.)\s")
_RUN = re.compile(r"([#*_~^=!<>&:|+\\])\1{79}")
_TICKS = re.compile("`+")
_BRACKET = re.compile(r"[\[\]]")
_TO = re.compile(r"\]\(")
_SIMPLE_TO = re.compile(
    r"""\]\(\s{0,9}(?:<[^<>\n]*>|[^\s()<>"']*(?:\([^\s()<>"']*\)[^\s()<>"']*){0,9})"""
    r"""(?:\s{1,9}(?:"[^"\n]*"|'[^'\n]*'))?\s{0,9}\)"""
)


def objection(lines: Sequence[Line]) -> Problem | None:
    """What is wrong with a chunk of laid-out lines, if it must not be rendered as Markdown."""
    if sum(len(line.text) + 1 for line in lines) > LONGEST_CHUNK:
        message = f"This list, table or paragraph is over {LONGEST_CHUNK:,} characters: divide it."
        return problem(lines[0].number, "block-too-long", message)
    return next((found for line in lines if (found := _in_line(line))), None) or next(
        (found for unit in _paragraphs(lines) if (found := _in_paragraph(unit))), None
    )


def _in_line(line: Line) -> Problem | None:
    if len(line.text) > LONGEST_LINE:
        message = f"This line is over {LONGEST_LINE:,} characters: divide it into paragraphs."
        return problem(line.number, "line-too-long", message)
    if _MARKERS.match(line.text) or line.text.startswith(" " * 4 * (DEEPEST + 1)):
        message = f"Lists and quotes are more than {DEEPEST} deep here: use headings instead."
        return problem(line.number, "too-deep", message)
    if _RUN.search(line.text) or line.text.count("|") > COLUMNS:
        message = f"Too many signs in a row, or over {COLUMNS} columns: write it in a simpler way."
        return problem(line.number, "too-dense", message)
    return None


def _paragraphs(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """The runs of text that are read as one: the number of the first line, and the text."""
    run: list[str] = []
    first = 0
    for line in lines:
        if run and (not line.text.strip("> ") or _ITEM.match(line.text)):
            yield first, "\n".join(run)
            run = []
        if line.text:
            first = first if run else line.number
            run.append(line.text)
    if run:
        yield first, "\n".join(run)


def _in_paragraph(unit: tuple[int, str]) -> Problem | None:
    line, text = unit
    rows = text.split("\n")
    if len(rows) > 1 and set(rows[1].strip()) <= set("|:- "):  # a table: each row by itself
        if rows[1].count("|") * len(rows) > len(text):  # short rows are filled up with cells
            message = "This table has many columns and hardly a cell filled: make it smaller."
            return problem(line, "too-dense", message)
        return next((found for row in rows if (found := _in_text(line, row))), None)
    return _in_text(line, text)


def _in_text(line: int, text: str) -> Problem | None:
    if len(text) > LONGEST_PARAGRAPH:
        message = f"This paragraph is over {LONGEST_PARAGRAPH:,} characters: divide it."
        return problem(line, "block-too-long", message)
    if _depth(text) > DEEPEST_BRACKETS:
        message = "Square brackets are opened within each other and not closed: mend them."
        return problem(line, "too-deep", message)
    if _is_dense(text):
        message = "This paragraph holds too many signs (* _ ` links) to be read as Markdown: "
        return problem(line, "too-dense", message + "divide it, or take some out.")
    return None


def _depth(text: str) -> int:
    deepest = depth = 0
    for bracket in _BRACKET.findall(text):
        depth = max(0, depth + (1 if bracket == "[" else -1))
        deepest = max(deepest, depth)
    return deepest


def _is_dense(text: str) -> bool:
    signs = text.count("*") + text.count("_")
    odd_links = len(_TO.findall(text)) - len(_SIMPLE_TO.findall(text))
    ticks = _TICKS.findall(text)
    return (
        signs * len(text) > EMPHASIS
        or odd_links > ODD_LINKS
        or len(set(ticks)) > TICK_RUNS
        or (bool(ticks) and text.count("\\`") > ESCAPED_TICKS)
    )

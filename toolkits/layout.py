"""Lays out a section's lines the way Python-Markdown reads them, and cuts them into chunks.

Headings, rules, lists, quotes and tables get blank lines around them and lists an indent of four
a level, so that people's usual Markdown works. Chunks are cut where nothing goes across: each is
rendered by itself, which keeps the time linear and confines whatever is wrong to its chunk.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from toolkits.comments import CodeFence

# A chunk is cut at the first place where it may be once it is as long as this, in characters.
ENOUGH = 4_000
DEEPEST_QUOTE = 6

_HEADING = re.compile(r"\s{0,3}#{1,6}\s+\S.*")
_HASH = re.compile(r"\s*#")
_RULE = re.compile(r" {0,3}(?:(?:-[ ]{0,3}){3,}|(?:\*[ ]{0,3}){3,}|(?:_[ ]{0,3}){3,})")
_UNDERLINE = re.compile(r" {0,3}(={3,}|-{3,})\s*")
_ITEM = re.compile(r"(?P<indent>\s*)(?P<marker>[-+*•‣◦·]|\d{1,9}[.)])\s+(?P<rest>\S.*)")
_QUOTE = re.compile(r" {0,3}> ?(?P<rest>.*)")
_COLUMNS = re.compile(r"\|?:?-+:?(?:\|:?-+:?)*\|?")


@dataclass(frozen=True, slots=True)
class Line:
    """A line to render and its number in the file; `fresh` if a chunk may begin here."""

    number: int
    text: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines that are rendered together: prose, or the inside of fenced code."""

    kind: Literal["prose", "code"]
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def chunks(markdown: str, first: int) -> Iterator[Chunk]:
    """The chunks of a section whose first line is number `first` of the file."""
    code, kind = CodeFence(), "prose"
    run: list[Line] = []
    for number, text in enumerate(markdown.split("\n"), start=first):
        was_open = bool(code.line)
        here = "code" if code.takes(text) else "prose"
        if here != kind or (here == "code" and not was_open):
            yield from _run(kind, run)
            run, kind = [], here
        run.append(Line(number, text))
    yield from _run(kind, run)


def _run(kind: str, run: list[Line]) -> Iterator[Chunk]:
    if kind == "code":
        closed = len(run) > 1 and set(run[-1].text.strip()) in ({"`"}, {"~"})
        yield Chunk("code", tuple(run[1:-1] if closed else run[1:]))
    elif run:
        yield from _divide(lay_out(run))


def _divide(lines: Sequence[Line]) -> Iterator[Chunk]:
    group: list[Line] = []
    size = 0
    for line in lines:
        if line.fresh and size >= ENOUGH:
            yield Chunk("prose", tuple(group))
            group, size = [], 0
        group.append(line)
        size += len(line.text) + 1
    if any(line.text for line in group):
        yield Chunk("prose", tuple(group))


@dataclass(slots=True)
class _Layout:
    """The lines laid out so far, and the lists that are open: (indent, numbered) of each level."""

    out: list[Line] = field(default_factory=list)
    lists: list[tuple[int, bool]] = field(default_factory=list)

    @property
    def after_blank(self) -> bool:
        return not self.out or not self.out[-1].text

    def blank(self, number: int) -> None:
        if not self.after_blank:
            self.out.append(Line(number, ""))

    def add(self, number: int, text: str) -> None:
        """Adds a line at the level of the open lists."""
        fresh = self.after_blank and not self.lists
        self.out.append(Line(number, " " * 4 * len(self.lists) + text, fresh))

    def alone(self, number: int, text: str) -> None:
        """Adds a line with blank lines around it."""
        self.blank(number)
        self.add(number, text)
        self.blank(number)

    def leave_lists(self, indent: int) -> None:
        """Closes the lists that a line of this indent, after a blank one, is not within."""
        while self.lists and indent < self.lists[-1][0] + 2:
            self.lists.pop()

    def item(self, number: int, match: re.Match[str]) -> None:
        """Adds a list item at the level that its indent gives."""
        indent, marker = len(match["indent"]), match["marker"]
        numbered = marker[0].isdigit()
        was_list, same = bool(self.lists), True
        while self.lists and indent < self.lists[-1][0] + 2:
            same = self.lists.pop()[1] == numbered
        if not same or not was_list:
            self.blank(number)
        self.add(number, f"{marker[:-1]}. {match['rest']}" if numbered else f"- {match['rest']}")
        self.lists.append((indent, numbered))


def lay_out(lines: Sequence[Line], depth: int = 0) -> list[Line]:
    """The lines laid out, without the blank ones that mean nothing."""
    layout, at = _Layout(), 0
    while at < len(lines):
        text = lines[at].text
        if _QUOTE.match(text) and depth < DEEPEST_QUOTE:
            at = _quote(layout, lines, at, depth)
            continue
        at += _one(layout, lines, at)
    return layout.out


def _one(layout: _Layout, lines: Sequence[Line], at: int) -> int:
    """Lays out one line, or a heading of two; gives how many it was."""
    number, text = lines[at].number, lines[at].text.expandtabs(4).rstrip()
    below = lines[at + 1].text if at + 1 < len(lines) else ""
    if not text:
        layout.blank(number)
    elif _RULE.fullmatch(text):
        layout.leave_lists(_indent(text))
        layout.alone(number, "***")
    elif _HEADING.fullmatch(text):
        layout.leave_lists(_indent(text))
        layout.alone(number, text.strip())
    elif _is_underlined(layout, text, below):
        layout.lists.clear()
        layout.alone(number, ("# " if "=" in below else "## ") + text.strip())
        return 2
    else:
        _text(layout, lines[at], text, below)
    return 1


def _text(layout: _Layout, line: Line, text: str, below: str) -> None:
    item = _ITEM.fullmatch(text)
    if item and (layout.lists or layout.after_blank or item["marker"] in ("1.", "1)", *"-+*•‣◦·")):
        layout.item(line.number, item)
        return
    if layout.after_blank:
        layout.leave_lists(_indent(text))
    if "|" in text and "|" in below and _COLUMNS.fullmatch(re.sub(r"\s", "", below)):
        layout.blank(line.number)
    escape = "\\" if _HASH.match(text) else ""  # "#FluJab" is a hashtag, not a heading
    hard_break = "  " if line.text.endswith("  ") else ""
    layout.add(line.number, escape + text.strip() + hard_break)


def _is_underlined(layout: _Layout, text: str, below: str) -> bool:
    """Whether the line below makes this one a heading: only at the start of a paragraph."""
    starts = layout.after_blank and not _ITEM.fullmatch(text) and "|" not in text
    return starts and _UNDERLINE.fullmatch(below) is not None and _indent(text) < 4


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _quote(layout: _Layout, lines: Sequence[Line], at: int, depth: int) -> int:
    """Lays out a quotation by itself, then marks each of its lines; gives where it ends."""
    inner = []
    start = at
    while at < len(lines) and lines[at].text.strip():
        match = _QUOTE.fullmatch(lines[at].text)
        inner.append(Line(lines[at].number, match["rest"] if match else lines[at].text))
        at += 1
    layout.lists.clear()
    layout.blank(lines[start].number)
    for line in lay_out(inner, depth + 1):
        layout.add(line.number, f"> {line.text}" if line.text else ">")
    layout.blank(lines[at - 1].number)
    return at

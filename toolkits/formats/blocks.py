"""Safe HTML as a row of blocks: what articles are cut from and other programs' files are made of.

Lists and quotes are flat: each block says how deep it stands. Takes what the sanitiser lets pass.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Literal

Kind = Literal["p", "heading", "item", "pre", "rule", "table"]
_BLOCKS = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "li", "td", "th"])
_DEEPEST = 9
"""Levels of lists that are told apart: word processors know no more."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style; with `picture` it is a picture, and the words are its description."""

    text: str
    strong: bool = False
    em: bool = False
    code: bool = False
    shift: Literal["", "sub", "sup"] = ""
    link: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, or a whole table."""

    kind: Kind
    runs: tuple[Run, ...] = ()
    level: int = 0
    """Of a heading 1 to 6; of anything else how deep in lists it stands, 1 for their items."""
    number: int | None = None
    """Of an item of a numbered list."""
    begins: bool = False
    """The first item of a list: what stands before it is another one."""
    quoted: bool = False
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    headed: bool = False
    """The first row of the table says what its columns are."""

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(run.text for run in self.runs)


def read(html: str) -> tuple[Block, ...]:
    """The blocks of sanitised HTML, in order; marks of slots stay as they are."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return tuple(reader.blocks)


def trimmed(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Runs without blanks at both ends, joined where they look the same."""
    joined: list[Run] = []
    for run in runs:
        if joined and replace(joined[-1], text="") == replace(run, text="") and not run.picture:
            joined[-1] = replace(run, text=joined[-1].text + run.text)
        else:
            joined.append(run)
    while joined and not joined[0].picture and not joined[0].text.strip():
        del joined[0]
    while joined and not joined[-1].picture and not joined[-1].text.strip():
        del joined[-1]
    if joined and not joined[0].picture:
        joined[0] = replace(joined[0], text=joined[0].text.lstrip())
    if joined and not joined[-1].picture:
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip())
    return tuple(joined)


@dataclass(slots=True)
class _List:
    """A list that is open, and the number of its last item."""

    ordered: bool
    number: int
    begins: bool = True
    """No item of it was taken down yet."""
    begun: bool = False
    """The item that is open has begun: what follows in it is no item of its own."""


class _Reader(HTMLParser):
    """Takes blocks down while the tags go by."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._runs: list[Run] = []
        self._style = Run("")
        self._open: list[tuple[str, Run]] = []
        self._lists: list[_List] = []
        self._quotes = 0
        self._tag = ""
        self._rows: list[list[tuple[Run, ...]]] | None = None
        self._headed = False

    def handle_data(self, data: str) -> None:
        text = data if self._tag == "pre" else _single(data, self._runs)
        if text:
            self._runs.append(replace(self._style, text=text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._runs.append(replace(self._style, text="\n"))
        elif tag == "img":
            self._runs.append(Run(values.get("alt", ""), picture=values.get("src", "")))
        elif (styled := _styled(self._style, tag, values)) is not None:
            self._open.append((tag, self._style))
            self._style = styled
        else:
            self._begin(tag, values)

    def _begin(self, tag: str, values: dict[str, str]) -> None:
        """Begins a block, or what holds blocks."""
        self.end_block()
        self._tag = tag if tag in _BLOCKS else self._tag
        if tag in ("ul", "ol"):
            start = values.get("start", "")
            first = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1
            self._lists.append(_List(tag == "ol", first - 1))
        elif tag == "li" and self._lists:
            self._lists[-1].number += 1
            self._lists[-1].begun = False
        elif tag == "blockquote":
            self._quotes += 1
        elif tag == "table":
            self._rows, self._headed = [], False
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag == "hr":
            self._add(Block("rule"))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._style = self._open.pop()[1]
        elif tag in ("td", "th") and self._rows:
            self._headed = self._headed or (tag == "th" and len(self._rows) == 1)
            self._rows[-1].append(self._take())
        elif tag == "table" and self._rows is not None:
            rows, self._rows = tuple(tuple(row) for row in self._rows if row), None
            if rows:
                self._add(Block("table", rows=rows, headed=self._headed and len(rows) > 1))
        elif tag in ("ul", "ol") and self._lists:
            self.end_block()
            self._lists.pop()
        elif tag == "blockquote":
            self.end_block()
            self._quotes = max(0, self._quotes - 1)
        elif tag in _BLOCKS:
            self.end_block()
            self._tag = ""

    def end_block(self) -> None:
        """Takes the words so far down as a block; within a table they are its cell's."""
        if self._rows is not None:
            return
        runs = self._take()
        if not runs:
            return
        if self._tag[:1] == "h" and self._tag[1:].isdigit() and not self._lists:
            self._add(Block("heading", runs, int(self._tag[1:])))
        elif self._lists and not self._lists[-1].begun:
            self._lists[-1].begun = True
            number = self._lists[-1].number if self._lists[-1].ordered else None
            self._add(Block("item", runs, number=number, begins=self._lists[-1].begins))
            self._lists[-1].begins = False
        else:
            self._add(Block("pre" if self._tag == "pre" else "p", runs))

    def _add(self, block: Block) -> None:
        level = block.level or min(len(self._lists), _DEEPEST)
        self.blocks.append(replace(block, level=level, quoted=self._quotes > 0))

    def _take(self) -> tuple[Run, ...]:
        runs, self._runs = self._runs, []
        return trimmed(runs)


def _single(data: str, before: list[Run]) -> str:
    """Text with single blanks, none where one or a line's beginning stands before it."""
    text = " ".join(data.split())
    if not text:
        text = " " if data else ""
    else:
        text = (" " if data[0].isspace() else "") + text + (" " if data[-1].isspace() else "")
    begins = not before or before[-1].text.endswith((" ", "\n"))
    return text.lstrip(" ") if begins and not (before and before[-1].picture) else text


def _styled(style: Run, tag: str, values: dict[str, str]) -> Run | None:
    """The style within an inline tag; None for one that is none."""
    match tag:
        case "strong":
            return replace(style, strong=True)
        case "em":
            return replace(style, em=True)
        case "code":
            return replace(style, code=True)
        case "sub":
            return replace(style, shift="sub")
        case "sup":
            return replace(style, shift="sup")
        case "a":
            return replace(style, link=values.get("href", ""))
    return None

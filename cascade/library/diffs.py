"""What changed between two texts: their lines, or what is read of them, with the words marked."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from types import MappingProxyType
from typing import Literal

import toolkits
from toolkits.rendering import render

Kind = Literal["same", "out", "in", "gap"]

AROUND = 3
"""Lines without a change that are shown beside one."""
MOST = 2_000
"""Lines of a difference that are shown; more than anybody reads."""
_COMPARED = 3_000
_WORDS_COMPARED = 300
_ALIKE = 0.4
_CHANNEL_WORDS = MappingProxyType({"sms": "text message", "faq": "questions and answers"})
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line; `changed` ones are marked."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line that stayed, went out or came in; a gap stands for some that stayed."""

    kind: Kind
    pieces: tuple[Piece, ...]


def source(before: str, after: str) -> tuple[Line, ...]:
    """The difference of the Markdown, by lines."""
    return compare(before.split("\n"), after.split("\n"))


def rendered(before: str, after: str) -> tuple[Line, ...]:
    """The difference of what people read, by paragraphs, each section with whom it is for."""
    return read(toolkits.parse(before), toolkits.parse(after), _with_slots)


def read(
    before: toolkits.Document, after: toolkits.Document, show: Callable[[str], str]
) -> tuple[Line, ...]:
    """The same of what was parsed already; `show` makes readable text of marked text."""
    return compare(_paragraphs(before, show), _paragraphs(after, show))


def compare(before: Sequence[str], after: Sequence[str]) -> tuple[Line, ...]:
    """The lines that changed, with some around them; nothing when all are the same."""
    found = list(_lines(before, after))
    if all(line.kind == "same" for line in found):
        return ()
    short = list(_shortened(found))
    rest = len(short) - MOST
    return (*short[:MOST], *([_gap(rest, "in")] if rest > 0 else []))


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    start, end = _alike(before, after)
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    yield from map(_same, before[:start])
    if max(len(old), len(new)) > _COMPARED:
        # Longer ones would keep the page waiting; what went and what came is still true.
        yield from _whole(old, new)
    else:
        for tag, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
            yield from map(_same, old[a:b]) if tag == "equal" else _changed(old[a:b], new[c:d])
    yield from map(_same, before[len(before) - end :])


def _alike(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many lines are the same at the beginning, and at the end of the rest."""
    shorter = min(len(before), len(after))
    start = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    rest = shorter - start
    end = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    return start, end


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Lines in place of others: side by side where there are as many of each."""
    if len(old) != len(new):
        yield from _whole(old, new)
        return
    for was, became in zip(old, new, strict=True):
        yield from _marked(was, became)


def _marked(was: str, became: str) -> Iterator[Line]:
    old, new = _WORD.findall(was), _WORD.findall(became)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if max(len(old), len(new)) > _WORDS_COMPARED or matcher.ratio() < _ALIKE:
        yield from _whole([was], [became])
        return
    out, came = [], []
    for tag, a, b, c, d in matcher.get_opcodes():
        out.append(Piece("".join(old[a:b]), tag != "equal"))
        came.append(Piece("".join(new[c:d]), tag != "equal"))
    yield Line("out", tuple(piece for piece in out if piece.text))
    yield Line("in", tuple(piece for piece in came if piece.text))


def _whole(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for line in old:
        yield Line("out", (Piece(line),))
    for line in new:
        yield Line("in", (Piece(line),))


def _shortened(lines: Sequence[Line]) -> Iterator[Line]:
    """Only what is near a change."""
    changes = [n for n, line in enumerate(lines) if line.kind != "same"][:MOST]
    near = {n for at in changes for n in range(at - AROUND, at + AROUND + 1)}
    for is_near, run in groupby(range(len(lines)), near.__contains__):
        numbers = list(run)
        if is_near or len(numbers) == 1:
            yield from (lines[n] for n in numbers)
        else:
            yield _gap(len(numbers), lines[numbers[0]].kind)


def _gap(count: int, kind: Kind) -> Line:
    what = "more without a change" if kind == "same" else "more, which are not shown here"
    return Line("gap", (Piece(f"{count:,} {what}"),))


def _same(line: str) -> Line:
    return Line("same", (Piece(line),))


def _paragraphs(document: toolkits.Document, show: Callable[[str], str]) -> list[str]:
    meta = document.meta
    front = [meta.title, *meta.key_messages, meta.action, meta.contact]
    found = [toolkits.plain(line) for line in front if line]
    for section in document.sections:
        body = "\n\n".join(map(toolkits.to_text, render(document, (section,))))
        if body.strip():
            found += filter(None, [_for_whom(section), *body.split("\n\n")])
    return [show(one.strip()) for one in found]


def _for_whom(section: toolkits.Section) -> str:
    parts = [
        _CHANNEL_WORDS.get(section.channel or "", section.channel or ""),
        f"for {', '.join(sorted(section.include))}" if section.include else "",
        f"not for {', '.join(sorted(section.exclude))}" if section.exclude else "",
    ]
    words = " ".join(filter(None, parts))
    return f"[{words[:1].upper()}{words[1:]}]" if words else ""


def _with_slots(marked: str) -> str:
    return "".join(
        f"{{{{ {piece.name} }}}}" if isinstance(piece, toolkits.Slot) else piece
        for piece in toolkits.split_text(marked)
    )

"""A toolkit for anybody: without what speaks to one recipient of a message.

Paragraphs, list items and rows that hold a recipient's slots are left out, and what has nothing in
it any more then: lists, tables, headings. Of a line of the front matter its sentences are.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from toolkits import slots
from toolkits.documents import Document

PERSONAL = frozenset(
    ["organisation", "contact", "role", "code", "tier", "deadline"]
    + ["confirm_link", "preferences_link", "unsubscribe_link"]
)
"""Slots that stand for a recipient, or for what is asked of one."""

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HOLDERS = frozenset(["ul", "ol", "li", "blockquote", "table", "thead", "tbody"])
"""What holds blocks; all other blocks stay or go as a whole."""
_WHOLE = frozenset(["p", "pre", "tr", *_HEADINGS])
_SENTENCE = re.compile(r"(?<=[.!?۔؟。])\s+")


def impersonal(document: Document) -> Document:
    """The toolkit as anybody may be told it, in every form that is made of it."""
    meta = document.meta
    messages = (for_anybody(one) for one in meta.key_messages)
    told = replace(
        meta,
        summary=for_anybody(meta.summary),
        action=for_anybody(meta.action),
        contact=for_anybody(meta.contact),
        key_messages=tuple(one for one in messages if one),
    )
    return replace(document, meta=told, impersonal=True)


def speaks_to_one(marked: str) -> bool:
    """Whether marked text holds a slot of a recipient."""
    return not PERSONAL.isdisjoint(slots.names(marked))


def for_anybody(line: str) -> str:
    """A line of Markdown without its sentences that hold a recipient's slots."""
    if not speaks_to_one(slots.put_marks(line)):
        return line
    sentences = _SENTENCE.split(line)
    return " ".join(one for one in sentences if not speaks_to_one(slots.put_marks(one)))


def without_personal(html: str) -> str:
    """Sanitised HTML, slots as marks, without the blocks that hold a recipient's slots."""
    if not speaks_to_one(html):
        return html
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(_written(_kept(reader.root)))


@dataclass(slots=True)
class _Element:
    """An element that holds blocks, or a block with all of its HTML as text."""

    tag: str
    opened: str = ""
    parts: "list[str | _Element]" = field(default_factory=list)
    is_cut: bool = False
    """Something was left out of it, or where it stood."""

    @property
    def closed(self) -> str:
        return f"</{self.tag}>" if self.opened else ""


def _kept(of: _Element) -> _Element:
    """The same without what speaks to one; marked as cut where nothing is left."""
    if of.tag in _WHOLE:
        return _Element(of.tag, is_cut=True) if speaks_to_one("".join(_written(of))) else of
    own = "".join(part for part in of.parts if isinstance(part, str))
    if speaks_to_one(own):
        return _Element(of.tag, is_cut=True)
    parts = [part if isinstance(part, str) else _kept(part) for part in of.parts]
    is_headless = of.tag == "table" and any(_is_gone(one) for one in parts if _is_head(one))
    cut = replace(of, parts=list(_without_bare_headings(parts)))
    is_cut = any(isinstance(part, _Element) and part.is_cut for part in parts)
    if is_headless or (is_cut and of.tag and not any(map(_is_something, cut.parts))):
        return _Element(of.tag, is_cut=True)
    return cut


def _without_bare_headings(parts: list[str | _Element]) -> Iterator[str | _Element]:
    """What is left; a heading goes with all that stood below it."""
    for at, part in enumerate(parts):
        if not isinstance(part, _Element) or part.tag not in _HEADINGS:
            if not (isinstance(part, _Element) and _is_gone(part)):
                yield part
        elif not _is_gone(part):
            below = list(_below(parts[at + 1 :], _HEADINGS[part.tag]))
            is_bare = bool(below) and all(map(_is_gone, below))
            if not is_bare:
                yield part


def _below(parts: Iterable[str | _Element], level: int) -> Iterator[_Element]:
    """The blocks up to the next heading that is as high; lower headings and rules aren't any."""
    for part in parts:
        if isinstance(part, _Element):
            if _HEADINGS.get(part.tag, 9) <= level:
                return
            if part.tag not in _HEADINGS and part.tag != "hr":
                yield part


def _is_gone(part: "str | _Element") -> bool:
    return isinstance(part, _Element) and part.is_cut and not part.parts


def _is_head(part: "str | _Element") -> bool:
    return isinstance(part, _Element) and part.tag == "thead"


def _is_something(part: "str | _Element") -> bool:
    return bool(part.strip()) if isinstance(part, str) else part.tag != "thead"


def _written(of: _Element) -> Iterator[str]:
    yield of.opened
    for part in of.parts:
        if isinstance(part, str):
            yield part
        else:
            yield from _written(part)
    yield of.closed


class _Reader(HTMLParser):
    """Keeps every byte of the HTML, taken apart into its blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.root = _Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        opened = self.get_starttag_text() or ""
        if tag == "hr":
            self._open[-1].parts.append(_Element(tag, parts=[opened]))
        elif tag in _HOLDERS or tag in _WHOLE:
            element = _Element(tag, opened)
            self._open[-1].parts.append(element)
            self._open.append(element)
        else:
            self._open[-1].parts.append(opened)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _HOLDERS and tag not in _WHOLE:
            self._open[-1].parts.append(f"</{tag}>")
        elif len(self._open) > 1 and self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self._open[-1].parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._open[-1].parts.append(f"&#{name};")

"""What stands in a rendered section, each with its line: what the checks look at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from toolkits.layout import Line
from toolkits.problems import Problem

BLOCKS = frozenset(["p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "pre"])
_CONTAINERS = BLOCKS | frozenset(
    ["ul", "ol", "blockquote", "table", "thead", "tbody", "tr", "hr", "div"]
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of text by itself: a paragraph, heading, list item or cell (`kind` is its element)."""

    line: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is written; `label` is its text, slots in it as marks."""

    line: int
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as it is written."""

    line: int
    alt: str
    address: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `headed` if its first row says what the columns are."""

    line: int
    headed: bool


@dataclass(frozen=True, slots=True)
class Tag:
    """An HTML tag that was dropped."""

    line: int
    name: str


@dataclass(slots=True)
class Findings:
    """Everything found in some text, in order, and what stopped parts from being rendered."""

    passages: list[Passage] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Locator:
    """Finds the line that something stands at, going down through a chunk's marked text."""

    def __init__(self, lines: Sequence[Line], text: str) -> None:
        self._numbers = [line.number for line in lines]
        self._text, self._at = text, 0
        self._line, self._counted = 0, 0

    def line(self, needle: str) -> int:
        """The line of the next place that begins like the needle; without one, where we are."""
        wanted = needle.strip().split("\n")[0][:40].strip()
        found = self._text.find(wanted, self._at) if wanted else -1
        if found < 0 and len(word := wanted.split(" ")[0]) > 2:  # the markup goes on differently
            found = self._text.find(word, self._at)
        if found >= 0:
            self._line += self._text.count("\n", self._counted, found)
            self._at = self._counted = found
        return self._numbers[min(self._line, len(self._numbers) - 1)]


def survey(root: Element, locator: Locator, found: Findings) -> None:
    """Adds what stands in a tree to the findings."""
    for element in root.iter():
        if element.tag in BLOCKS:
            pieces = list(own_text(element))
            if text := "".join(pieces).strip():
                first = next(piece for piece in pieces if piece.strip())
                found.passages.append(Passage(locator.line(first), element.tag, text))
        elif element.tag == "a":
            address = element.get("href", "")
            line = locator.line(address)
            found.links.append(Link(line, "".join(element.itertext()).strip(), address))
        elif element.tag == "img":
            address = element.get("src", "")
            found.images.append(Image(locator.line(address), element.get("alt", ""), address))
        elif element.tag == "table":
            head = "".join("".join(cell.itertext()) for cell in element.iter("th"))
            found.tables.append(Table(locator.line(head.strip() or "|"), bool(head.strip())))


def own_text(element: Element) -> Iterator[str]:
    """The text of a block and its inline children, but not of blocks within it nor of code."""
    yield element.text or ""
    for child in element:
        if child.tag not in _CONTAINERS and child.tag != "code":
            yield from own_text(child)
        # The library puts a newline after a break; only that of a line end is one of the source.
        within_line = child.tag == "br" and child.get("class") == "tag"
        yield " " + (child.tail or "").lstrip("\n") if within_line else child.tail or ""

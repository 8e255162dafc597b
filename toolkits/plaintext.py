"""Safe HTML to plain text that loses nothing when every link and picture is blocked.

Addresses stand beside their links, pictures are their alternative text, and tables are read row by
row with the heading of each column, which also fits a phone and a screen reader.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

_BLOCKS = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "li", "ul", "ol", "blockquote", "table"]
)


@dataclass(slots=True)
class _Level:
    """A list or quote that is open: what its lines begin with, once and from then on."""

    tag: str
    first: str = ""
    rest: str = ""
    number: int = 0
    begun: bool = False


def to_text(html: str) -> str:
    """The plain text of sanitised HTML, without a newline at its end."""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    writer.end_block()
    return "\n".join(writer.lines).strip("\n")


class _Writer(HTMLParser):
    """Writes lines while the tags go by."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._words: list[str] = []
        self._levels: list[_Level] = []
        self._links: list[tuple[str, int]] = []
        self._rows: list[list[tuple[str, str]]] | None = None
        self._tag = ""

    def handle_data(self, data: str) -> None:
        self._words.append(data if self._tag == "pre" else re.sub(r"\s+", " ", data))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self.end_block()
            self._tag = tag
        if tag == "a":
            self._links.append((values.get("href", ""), len(self._words)))
        elif tag == "img":
            self._words.append(f"[{alt}]" if (alt := values.get("alt", "").strip()) else "")
        elif tag == "br":
            self._words.append("\n")
        elif tag == "hr":
            self.end_block()
            self._write("----", apart=True)
        else:
            self._open(tag, values)

    def _open(self, tag: str, values: dict[str, str]) -> None:
        """Opens a list, an item, a quote, or part of a table."""
        if tag in ("ul", "ol"):
            self._levels.append(_Level(tag, number=int(values.get("start") or 1) - 1))
        elif tag == "li" and self._levels:
            owner = self._levels[-1]
            owner.number += 1
            bullet = f"{owner.number}. " if owner.tag == "ol" else "- "
            self._levels.append(_Level(tag, bullet, " " * len(bullet)))
        elif tag == "blockquote":
            self._levels.append(_Level(tag, "> ", "> "))
        elif tag == "table":
            self._rows = []
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            self._end_link(*self._links.pop())
        elif tag in ("td", "th") and self._rows:
            self._rows[-1].append((tag, self._take()))
        elif tag == "table" and self._rows is not None:
            self._end_table(self._rows)
            self._rows = None
        elif tag in _BLOCKS:
            self.end_block()
            if self._levels and self._levels[-1].tag == tag:
                self._levels.pop()
            self._tag = ""

    def _end_link(self, address: str, start: int) -> None:
        """Puts the address after the label, unless the label is the address."""
        label = "".join(self._words[start:]).strip()
        bare = address.removeprefix("mailto:").removeprefix("tel:")
        if address and label not in (address, bare):
            self._words.append(f" ({bare})" if label else bare)

    def _end_table(self, rows: list[list[tuple[str, str]]]) -> None:
        heads = [text for _, text in rows[0]] if rows and rows[0] and rows[0][0][0] == "th" else []
        self._levels += [_Level("ul"), _Level("li", "- ", "  ")]
        for row in rows[1:] if heads else rows:
            self._levels[-1].first = "- "
            named = [*heads, *[""] * (len(row) - len(heads))]
            cells = zip(named, (text for _, text in row), strict=False)
            text = "; ".join(f"{head}: {cell}" if head else cell for head, cell in cells if cell)
            self._write(text, apart=row is rows[bool(heads)])
        del self._levels[-2:]

    def _take(self) -> str:
        """The words so far, with their blanks put right."""
        text, self._words, self._links = "".join(self._words), [], []
        if self._tag == "pre":
            return text.strip("\n")
        return re.sub(r" *\n *", "\n", re.sub(r"  +", " ", text)).strip()

    def end_block(self) -> None:
        """Writes the words so far as a block of their own."""
        text = self._take()
        if text:
            # Items of a list stand together; what follows within one, and all else, stands apart.
            item = bool(self._levels) and self._levels[-1].tag == "li"
            begins = item and bool(self._levels[-1].first)
            nested = sum(level.tag == "li" for level in self._levels) > 1
            starts_list = begins and not nested and not self._levels[-2].begun
            self._write(text, apart=starts_list or not begins)

    def _write(self, text: str, apart: bool) -> None:
        if apart and self.lines and self.lines[-1].strip("> "):
            around = (level.rest for level in self._levels if level.begun)
            self.lines.append("".join(around).rstrip())
        for line in text.split("\n"):
            start = "".join(level.first or level.rest for level in self._levels)
            self.lines.append((start + line).rstrip())
            for level in self._levels:
                level.first = "> " if level.tag == "blockquote" else ""
                level.begun = True

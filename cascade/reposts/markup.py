"""What people read on a page of HTML, and where its links lead, in one pass over the page.

No tree is made of it: with the rules by which browsers mend broken pages, a tree can take time and
room that grow with the square of the page. Here each sign is looked at a bounded number of times.
"""

import html
import re
from dataclasses import dataclass, field

_BLOCKS = {
    *("p", "div", "section", "article", "header", "br", "hr", "blockquote", "pre"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "tr", "td", "th"),
}
_HIDDEN = {"template", "noscript", "svg", "select"}
_TO_ITS_END = ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes")
"""Nothing is a tag in these but their own end."""
_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.ASCII | re.IGNORECASE) for name in _TO_ITS_END}
_LINKS = {"a": "href", "iframe": "src"}
_NAME = re.compile(r"<(/?)([A-Za-z][^\s/>]*+)", re.ASCII)
_COMMENT_END = re.compile(r"--!?>")
_ATTRIBUTE = re.compile(r"[\s/]*+([^\s/>][^\s/>=]*+)\s*+(=\s*+)?", re.ASCII)
_TAG_END = re.compile(r"[\s/]*+>", re.ASCII)
_BARE = re.compile(r"[^\s>]*+", re.ASCII)
# As a number, it would be too long to be worked out; as a sign, there is none so far.
_HUGE = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{8,}+);?")


@dataclass(frozen=True, slots=True)
class Markup:
    """What a page of HTML holds."""

    text: str
    addresses: tuple[str, ...]


def read(page: str) -> Markup:
    """The text of a page, as people read it, and the addresses of its links."""
    reading = _Reading(page)
    while reading.step():
        pass
    return Markup("".join(reading.pieces), tuple(reading.addresses))


@dataclass(slots=True)
class _Reading:
    page: str
    at: int = 0
    pieces: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    _hidden: str = ""
    _depth: int = 0
    """How many elements of the hidden one's name are open."""

    def step(self) -> bool:
        """Read on to the end of the next tag; False at the end of the page."""
        opens = self.page.find("<", self.at)
        self._write(self.page[self.at : opens if opens >= 0 else len(self.page)])
        if opens < 0:
            return False
        tag = _NAME.match(self.page, opens)
        if tag is not None:
            self.at = self._tag(tag[2].lower(), bool(tag[1]), tag.end())
        elif self.page.startswith(("<!", "<?", "</"), opens):
            self.at = self._comment(opens)
        else:
            self._write("<")
            self.at = opens + 1
        return self.at < len(self.page)

    def _write(self, text: str) -> None:
        if text and not self._hidden:
            self.pieces.append(html.unescape(_HUGE.sub("\ufffd", text)) if "&" in text else text)

    def _comment(self, opens: int) -> int:
        if self.page.startswith("<!--", opens):
            found = _COMMENT_END.search(self.page, opens + 2)
            return found.end() if found else len(self.page)
        return self.page.find(">", opens) + 1 or len(self.page)

    def _tag(self, name: str, is_end: bool, at: int) -> int:
        """Read a tag behind its name; gives where the page goes on."""
        at, closes_itself = self._attributes(name if not is_end else "", at)
        if name in _BLOCKS:
            self._write(" ")
        if name in _HIDDEN:
            self._hide(name, is_end, closes_itself)
        if is_end or name not in _ENDS:
            return at
        found = _ENDS[name].search(self.page, at)
        return found.start() if found else len(self.page)

    def _attributes(self, name: str, at: int) -> tuple[int, bool]:
        wanted = _LINKS.get(name)
        while found := _ATTRIBUTE.match(self.page, at):
            at = found.end()
            if found[2]:
                value, at = self._value(at)
                if wanted and found[1].lower() == wanted:
                    self.addresses.append(html.unescape(_HUGE.sub("\ufffd", value)).strip())
        end = _TAG_END.match(self.page, at)
        # A tag without end is none, and neither is what would be behind it.
        return (end.end(), "/" in end[0]) if end else (len(self.page), False)

    def _value(self, at: int) -> tuple[str, int]:
        quote = self.page[at : at + 1]
        if quote in ('"', "'"):
            end = self.page.find(quote, at + 1)
            return (self.page[at + 1 : end], end + 1) if end >= 0 else ("", len(self.page))
        bare = _BARE.match(self.page, at)
        return (bare[0], bare.end()) if bare else ("", at)

    def _hide(self, name: str, is_end: bool, closes_itself: bool) -> None:
        if not self._hidden and not is_end and not (closes_itself and name == "svg"):
            self._hidden, self._depth = name, 1
        elif self._hidden == name:
            self._depth += -1 if is_end else 0 if closes_itself and name == "svg" else 1
            self._hidden = name if self._depth else ""

"""Python-Markdown as toolkits use it: no raw HTML, no indented code, slots and tables."""

import re
from collections.abc import Callable
from html import unescape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import InlineProcessor, SubstituteTagInlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from toolkits import slots
from toolkits.cleaning import without_hidden
from toolkits.links import display_width, is_safe, is_safe_image
from toolkits.wordlists import rows

Survey = Callable[[Element], None]

_TAG = r"</?([A-Za-z][A-Za-z0-9-]{0,30})(?=[\s/>])[^<>]{0,2000}>"
_SMALL = r"<(sub|sup)>([^<>]{1,200})</\1>"
_ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_BREAK = r"<br[ ]{0,9}/?>"
_MAIL = r"<(?:mailto:)?([^\s<>@!]{1,64}@[^\s<>@]{1,255})>"
_SIGNS = re.compile(r"[*_`\[\]<&\\\n]|" + slots.PREFIX)
_HTML_TAGS = frozenset(name for (line,) in rows("html_tags.txt") for name in line.split())

Found = tuple[Element | str | None, int, int]


class _Slot(InlineProcessor):
    """A link slot in running text becomes a link to itself."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]
        link = Element("a", {"href": m[0]})
        link.text = AtomicString(m[0])
        return link, m.start(), m.end()


class _Mail(InlineProcessor):
    """`<a@example.org>` becomes a plain mailto link (the library's own one obscures it)."""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]
        link = Element("a", {"href": f"mailto:{m[1]}"})
        link.text = AtomicString(m[1])
        return link, m.start(), m.end()


class _Small(InlineProcessor):
    """`H<sub>2</sub>O`: the HTML that is allowed, together with `<br>`."""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]
        element = Element(m[1])
        element.text = AtomicString(m[2])
        return element, m.start(), m.end()


class _Break(InlineProcessor):
    """`<br>`, wanted in tables; its class tells it from a line end, and is sanitised away."""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]
        return Element("br", {"class": "tag"}), m.start(), m.end()


class _Entity(InlineProcessor):
    """`&amp;` and the like become the characters they stand for, hidden ones nothing."""

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]
        return without_hidden(unescape(m[0])), m.start(), m.end()


class _Tag(InlineProcessor):
    """Drops the tags of HTML elements, and tells; other words in angle brackets stay text."""

    def __init__(self, md: Markdown, dropped: Callable[[str], None]) -> None:
        super().__init__(_TAG, md)
        self._dropped = dropped

    def handleMatch(self, m: re.Match[str], data: str) -> Found:  # type: ignore[override]
        if m[1].lower() not in _HTML_TAGS:
            return None, m.start(), m.end()
        self._dropped(m[0])
        return "", m.start(), m.end()


class _SkipPlain(Treeprocessor):
    """Spares text without any markup the patterns for it: most text, most of the time."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.text and not _SIGNS.search(element.text):
                element.text = AtomicString(element.text)


class _Finish(Treeprocessor):
    """Takes marks out of code, lets the caller look, then takes out what must not be loaded."""

    def __init__(self, md: Markdown, survey: Survey, home: str) -> None:
        super().__init__(md)
        self._survey = survey
        self._home = home

    def run(self, root: Element) -> None:
        for code in root.iter("code"):
            code.text = AtomicString(slots.unmark(code.text or ""))
        self._survey(root)
        for head in root.iter("th"):
            head.set("scope", "col")
        for link in root.iter("a"):
            if not may_lead_to(link.get("href", "")):
                del link.attrib["href"]
        for image in list(root.iter("img")):
            address = image.get("src", "")
            if not is_safe_image(address, self._home):
                image.tag, image.text = "em", image.get("alt", "")
                image.attrib.clear()
            elif width := display_width(address):  # for mail programs that know no `max-width`
                image.set("width", str(width))


def may_lead_to(address: str) -> bool:
    """Whether a link may stay: a safe address, or a link slot and nothing else."""
    if slots.is_mark(address):
        return slots.is_link(slots.names(address)[0])
    return is_safe(address)


def markdown(
    survey: Survey, dropped: Callable[[str], None], breaks: bool = False, home: str = ""
) -> Markdown:
    """A converter; `survey` gets each tree before it is written out, `dropped` each HTML tag.

    With `breaks` every line end is a line break, as in a text message. Pictures from below
    `home` stay, https or not.
    """
    md = Markdown(extensions=[SaneListExtension(), TableExtension(use_align_attribute=True)])
    md.preprocessors.deregister("html_block")
    md.postprocessors.deregister("raw_html")
    for block in ("code", "setextheader", "reference"):
        md.parser.blockprocessors.deregister(block)
    inline = md.inlinePatterns
    inline.deregister("html")
    inline.register(_Entity(_ENTITY, md), "entity", 172)
    inline.register(_Small(_SMALL, md), "small", 179)
    inline.register(_Break(_BREAK, md), "break", 178)
    inline.register(_Mail(_MAIL, md), "automail", 177)
    inline.register(_Tag(md, dropped), "tag", 176)
    inline.register(_Slot(slots.LINK_MARK, md), "slot", 85)
    if breaks:
        inline.register(SubstituteTagInlineProcessor(r" {0,9}\n", "br"), "line", 95)
    md.treeprocessors.register(_SkipPlain(md), "skip_plain", 25)
    md.treeprocessors.register(_Finish(md, survey, home), "finish", -1)
    return md

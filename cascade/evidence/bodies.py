"""The words of a message: its plain text, or the text of its HTML where it has no other."""

from codecs import lookup
from collections.abc import Iterable
from email.message import Message
from html.parser import HTMLParser

import nh3

LONGEST = 100_000
"""Bytes read of one part. Office programs put pages of styles before the first word."""

_BLOCKS = frozenset(["br", "div", "h1", "h2", "h3", "h4", "li", "p", "pre", "table", "td", "tr"])
_UNSEEN = frozenset(["script", "style", "template", "title"])
_ENDS = frozenset(["blockquote", "hr"])
_NO_CHARSETS = frozenset(["idna", "punycode", "raw-unicode-escape", "unicode-escape"])
"""What the standard library decodes as well: slowly, or to what is no text."""

_QUOTES = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "divRplyFwdMsg", "appendonsend")
"""Classes and ids that mail programs put around, or right before, the message answered."""


def body(parts: Iterable[Message]) -> str:
    """What the first text part with words in it says; empty when there is none."""
    shown = [one for one in parts if one.get_content_disposition() != "attachment"]
    plain = (_decoded(one) for one in shown if one.get_content_type() == "text/plain")
    rich = (_seen(_decoded(one)) for one in shown if one.get_content_type() == "text/html")
    return next((one for words in (plain, rich) for one in words if one.strip()), "")


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    octets = content if isinstance(content, bytes) else b""
    charset = part.get_content_charset("utf-8")
    try:
        usable = "utf-8" if lookup(charset).name in _NO_CHARSETS else charset
        text = octets[:LONGEST].decode(usable, "replace")
    except (LookupError, ValueError):
        text = octets[:LONGEST].decode("utf-8", "replace")
    return text.encode("utf-8", "replace").decode()


def _seen(html: str) -> str:
    # The library's parser takes minutes over tags that never close; after nh3 there are none.
    attributes = {tag: {"class", "id"} for tag in _BLOCKS | _ENDS}
    safe = nh3.clean(
        html,
        tags=set(_BLOCKS | _ENDS),
        clean_content_tags=set(_UNSEEN),
        attributes=attributes,
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(safe)
    reader.close()
    return "".join(reader.words)


class _Reader(HTMLParser):
    """Collects what can be read above the message answered, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._is_quoted = False

    def handle_data(self, data: str) -> None:
        if not self._is_quoted:
            self.words.append(" ".join(f".{data}.".split())[1:-1])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = " ".join(value or "" for _, value in attrs)
        if tag in _ENDS or any(quote in named for quote in _QUOTES):
            self._is_quoted = True
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.words.append("\n")

"""The words of a message: its plain text, or the text of its HTML where it has no other."""

from collections.abc import Iterable
from email.message import Message

from cascade.charsets import known
from cascade.markup import Tag, tokens

LONGEST = 100_000
"""Bytes read of one part. Office programs put pages of styles before the first word."""

_BLOCKS = frozenset(["br", "div", "h1", "h2", "h3", "h4", "li", "p", "pre", "table", "td", "tr"])
_UNSEEN = "template"
"""Its words are for scripts. Those of scripts, styles and titles are no words here at all."""
_ENDS = frozenset(["blockquote", "hr"])

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
    text = octets[:LONGEST].decode(known(part.get_content_charset("utf-8")), "replace")
    return text.encode("utf-8", "replace").decode()


def _seen(page: str) -> str:
    """What can be read above the message answered, a line for each block."""
    words: list[str] = []
    hidden = 0
    for one in tokens(page):
        if isinstance(one, str):
            words.append("" if hidden else " ".join(f".{one}.".split())[1:-1])
            continue
        if one.name == _UNSEEN:
            hidden = max(0, hidden + (-1 if one.is_end else 1))
        if _is_quote(one):
            break
        if one.name in _BLOCKS:
            words.append("\n")
    return "".join(words)


def _is_quote(tag: Tag) -> bool:
    named = f"{tag.attributes.get('class', '')} {tag.attributes.get('id', '')}"
    return not tag.is_end and (tag.name in _ENDS or any(one in named for one in _QUOTES))

"""Content with holes in it, and how a value is encoded for the place where it stands."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import quote

Encode: TypeAlias = Literal["text", "html", "attribute", "link", "block"]


@dataclass(frozen=True, slots=True)
class Hole:
    """Where a recipient's value goes.

    `encode`: "text" as it is; "html" escaped, for element content; "attribute" percent-encoded, for
    part of a URL; "link" a whole http, https, mailto or tel URL, escaped for an HTML attribute;
    "block" finished lines, of HTML or of text, as they are.
    """

    name: str
    encode: Encode = "text"


Part: TypeAlias = str | Hole
Parts: TypeAlias = Sequence[Part]

_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>]+", re.IGNORECASE)
# Characters that some reader takes for the end of a line; a value is always one line.
_BREAKS = "\t\n\v\f\r\x85\u2028\u2029"
_REPLACED = (
    dict[int, str | None].fromkeys((*range(0x20), *range(0x7F, 0xA0)))
    | dict.fromkeys(map(ord, _BREAKS), " ")
    | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
)


def clean(value: str) -> str:
    """A value as one line of real characters: line ends become spaces, other controls go."""
    if value.isprintable():
        return value
    return value.replace("\r\n", "\n").translate(_REPLACED)


def _link(value: str) -> str:
    if not _LINK.fullmatch(value):
        raise ValueError("A link must be one http, https, mailto or tel address without blanks")
    return html.escape(value)


_ENCODERS: Mapping[Encode, Callable[[str], str]] = {
    "text": str,
    "html": html.escape,
    "attribute": lambda value: quote(value, safe=""),
    "link": _link,
    "block": str,
}


def encoded(value: str, encode: Encode) -> str:
    """The value, cleaned and encoded for its place; raises ValueError for what is not a link."""
    return _ENCODERS[encode](clean(value))


def whole(parts: Parts, values: Mapping[str, str]) -> str:
    """The parts as one string with all holes filled."""
    return "".join(
        part if isinstance(part, str) else encoded(values[part.name], part.encode) for part in parts
    )


def holes(parts: Parts) -> list[Hole]:
    """The holes of these parts, in order."""
    return [part for part in parts if isinstance(part, Hole)]

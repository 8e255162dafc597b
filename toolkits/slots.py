"""Slots: `{{ organisation }}` becomes a mark of ASCII letters and digits, and is found again.

A mark passes unchanged through Markdown, the sanitiser, a CSS inliner and text extraction, so a
message is rendered once and its slots are filled per recipient.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Literal
from urllib.parse import quote

from toolkits.links import is_safe

Place = Literal["text", "html", "attribute", "link", "block"]

KNOWN_SLOTS: Mapping[str, str] = MappingProxyType(
    {
        "organisation": "the name of the recipient's organisation",
        "contact": "the name of the person or mailbox written to",
        "role": "the contact's role",
        "place": "the town or area of the organisation",
        "code": "the code of the organisation, such as its ODS code",
        "tier": "how urgent the cascade is",
        "deadline": "when an answer is wanted by",
        "title": "the title of the toolkit",
        "campaign": "the campaign of the toolkit",
        "sender": "the organisation that sends the cascade",
        "confirm_link": "the page where this recipient confirms",
        "share_link": "the public page of the toolkit, to pass on",
        "preferences_link": "the page where this contact mends their details",
        "unsubscribe_link": "the page where this contact stops routine messages",
    }
)

EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "organisation": "Rose Court Care Home",
        "contact": "Sam Okafor",
        "role": "Manager",
        "place": "Westbury",
        "code": "X88001",
        "tier": "important",
        "deadline": "Friday 4 December at 5pm",
        "title": "The title of the toolkit",
        "campaign": "Winter",
        "sender": "West County NHS",
        "confirm_link": "https://cascade.example.org/c/abcdefghijklmnopqrstuv",
        "share_link": "https://cascade.example.org/library/flu-jab",
        "preferences_link": "https://cascade.example.org/p/abcdefghijklmnopqrstuv",
        "unsubscribe_link": "https://cascade.example.org/u/abcdefghijklmnopqrstuv",
    }
)

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
# A block is put in by Cascade alone: written by a person, it is no slot.
WRITTEN = re.compile(r"\{\{[ \t]{0,20}((?!(?i:insert)_)[A-Za-z][A-Za-z0-9_]{0,39})[ \t]{0,20}\}\}")

PREFIX = "z9slot"
_MARK = re.compile(PREFIX + r"((?:[a-z]|0[a-jz])+)9z")
# A link slot, as a pattern for others to build on.
LINK_MARK = PREFIX + r"(?:[a-z]|0[a-jz])+0zlink9z"
# A block alone in its paragraph, which it takes the place of.
_BLOCK = re.compile(rf"<p(?: [^<>]*)?>\s*({PREFIX}insert0z(?:[a-z]|0[a-jz])+9z)\s*</p>")
_BLOCK_TEXT = re.compile(r"insert_\d{1,4}_text")
# What matters to tell where in HTML a mark stands; a conditional comment holds real tags.
_TOKEN = re.compile(_MARK.pattern + r"""|<!--(?!\[)|-->|<(?=[A-Za-z/!])|[>"']""")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place to be filled: in plain text, in HTML text, in part of a URL, or as a whole URL.

    "html" is also right for attributes that are not URLs, if quotes are escaped. What goes into a
    "block" is finished: safe HTML, or lines of text.
    """

    name: str
    place: Place


def is_link(name: str) -> bool:
    """Whether a slot holds a whole address (its name ends in `_link`)."""
    return name.endswith("_link")


def mark(name: str) -> str:
    """The mark of a slot; raises ValueError for what is not a slot name."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a slot name: lower-case letters, digits and _ only")
    return PREFIX + "".join(map(_coded, name)) + "9z"


def _coded(letter: str) -> str:
    if letter == "_":
        return "0z"
    return f"0{chr(ord('a') + int(letter))}" if letter.isdigit() else letter


def _name(coded: str) -> str:
    def plain(match: re.Match[str]) -> str:
        return "_" if match[1] == "z" else str(ord(match[1]) - ord("a"))

    return re.sub(r"0(.)", plain, coded)


def put_marks(text: str) -> str:
    """Text with every well-formed slot replaced by its mark."""
    return WRITTEN.sub(lambda match: mark(match[1].lower()), text)


def renamed(text: str, new: Mapping[str, str]) -> str:
    """Text with some of its slots under other names."""

    def one(match: re.Match[str]) -> str:
        name = match[1].lower()
        return f"{{{{ {new[name]} }}}}" if name in new else match[0]

    return WRITTEN.sub(one, text)


def unmark(marked: str) -> str:
    """Text with every mark replaced by the slot as a writer writes it."""
    return _MARK.sub(lambda match: "{{ " + _name(match[1]) + " }}", marked)


def names(marked: str) -> tuple[str, ...]:
    """The names of the slots in marked text, in order, with repeats."""
    return tuple(_name(match[1]) for match in _MARK.finditer(marked))


def is_mark(marked: str) -> bool:
    """Whether the text is one mark and nothing else."""
    return _MARK.fullmatch(marked) is not None


def split_text(marked: str) -> tuple[str | Slot, ...]:
    """Marked plain text as pieces of text and slots."""
    return tuple(_pieces(marked, [(match, "text") for match in _MARK.finditer(marked)]))


split = split_text


def split_html(marked: str) -> tuple[str | Slot, ...]:
    """Marked HTML as pieces of HTML and slots that know where they stand."""
    pieces: list[str | Slot] = []
    end = 0
    for block in _BLOCK.finditer(marked):
        before = marked[end : block.start()]
        pieces += _pieces(before, list(_placed(before)))
        pieces.append(Slot(names(block[1])[0], "block"))
        end = block.end()
    rest = marked[end:]
    return (*pieces, *_pieces(rest, list(_placed(rest))))


def _pieces(marked: str, found: list[tuple[re.Match[str], Place]]) -> Iterator[str | Slot]:
    end = 0
    for match, place in found:
        if match.start() > end:
            yield marked[end : match.start()]
        name = _name(match[1])
        yield Slot(name, "block" if _BLOCK_TEXT.fullmatch(name) else place)
        end = match.end()
    if end < len(marked):
        yield marked[end:]


def _placed(html: str) -> Iterator[tuple[re.Match[str], Place]]:
    """Each mark with its place, by one pass over the tags and quotes."""
    where, start = "", 0  # "" in text, else: the comment, tag or quote that is open, and where
    for match in _TOKEN.finditer(html):
        token = match[0]
        if match[1]:
            yield match, _place(html, where, start, match)
        elif where == "<!--":
            where = "" if token == "-->" else where
        elif where in ('"', "'"):
            where = "<" if token == where else where
        elif where == "<" and token in ('"', "'"):
            where, start = token, match.end()
        elif token in ("<", "<!--"):
            where = token
        elif token in (">", "-->"):
            where = ""


def _place(html: str, where: str, start: int, match: re.Match[str]) -> Place:
    if where not in ('"', "'") or not _URL_ATTRIBUTE.search(html, max(0, start - 12), start):
        return "html"
    whole = match.start() == start and html[match.end() : match.end() + 1] == where
    return "link" if whole else "attribute"


_URL_ATTRIBUTE = re.compile(r"""\s(?:href|src|action)\s?=\s?["']\Z""", re.IGNORECASE)


def block(number: int) -> str:
    """The name of a block in HTML."""
    return f"insert_{number}"


def block_text(number: int) -> str:
    """The name of the same block in plain text."""
    return f"insert_{number}_text"


def is_block(name: str) -> bool:
    """Whether a slot holds something finished that differs by recipient."""
    return name.startswith("insert_")


def html_value(value: str, place: Place) -> str:
    """A value encoded for where it stands in HTML; a link that is not safe becomes "#"."""
    if place == "block":
        return value
    if place == "attribute":
        return quote(value, safe="")
    if place == "link" and not is_safe(value):
        return "#"
    return escape(value)


def text_value(value: str, place: Place) -> str:
    """A value as it stands in plain text: on one line, if it isn't finished lines."""
    if place == "block":
        return value
    return " ".join(value.split())


def fill(
    marked: str, values: Mapping[str, str], encode: Callable[[str, Place], str] = html_value
) -> str:
    """Marked text with its slots filled, for a preview; raises KeyError for a missing value."""
    return "".join(
        encode(values[piece.name], piece.place) if isinstance(piece, Slot) else piece
        for piece in split_html(marked)
    )

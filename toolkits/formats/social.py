"""Posts for social networks, each counted the way its network counts."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from toolkits.documents import Document
from toolkits.formats.message import section_text
from toolkits.formats.oneline import plain
from toolkits.slots import EXAMPLES, LINK_MARK, fill, mark, names, text_value
from toolkits.wordlists import rows

_URL = re.compile(r"https?://[^\s()<>]+|" + LINK_MARK)
# Twitter-text's ranges of characters that count one; all others count two.
_LIGHT = ((0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
_JOINER, _KEYCAP = "\u200d", "\u20e3"


@dataclass(frozen=True, slots=True)
class Network:
    """A network's limits, from `words/networks.tsv`."""

    key: str
    name: str
    longest: int
    counting: str
    link: int


@dataclass(frozen=True, slots=True)
class Post:
    """A post for one network, its length as the network counts it, and the longest allowed."""

    network: str
    text: str
    length: int
    longest: int

    @property
    def fits(self) -> bool:
        return self.length <= self.longest


@cache
def networks() -> tuple[Network, ...]:
    """The networks that posts are made for."""
    return tuple(
        Network(key, name, int(longest), counting, int(link))
        for key, name, longest, counting, link in rows("networks.tsv")
    )


def social(document: Document, segments: Collection[str]) -> tuple[Post, ...]:
    """A post for each network: the `social` section, or title, first key message and link.

    Text under a heading that is a network's name is for that network alone.
    """
    shared, own = _divide(section_text(document, segments, "social"))
    shared = shared or ("" if own else _made(document))
    return tuple(
        Post(network.key, post, length(post, network), network.longest)
        for network in networks()
        if (post := own.get(network.key, shared))
    )


def _divide(text: str) -> tuple[str, dict[str, str]]:
    """The text for every network, and the text for single ones."""
    keys = {network.name.lower(): network.key for network in networks()}
    parts: dict[str, list[str]] = {"": []}
    current = ""
    for block in text.split("\n\n"):
        name = keys.get(block.strip().lower())
        if name:
            current = name
        else:
            parts.setdefault(current, []).append(block)
    shared = "\n\n".join(parts.pop("")).strip()
    return shared, {key: "\n\n".join(blocks) for key, blocks in parts.items()}


def _made(document: Document) -> str:
    meta = document.meta
    said = plain(meta.key_messages[0]) if meta.key_messages else plain(meta.summary)
    lines = [line for line in (plain(meta.title), said) if line]
    return "\n".join([*lines, mark("share_link")]) if lines else ""


def length(text: str, network: Network) -> int:
    """How long a network counts a post; slots count like their examples."""
    examples = {name: EXAMPLES.get(name, "example text") for name in names(text)}
    flat = fill(text, examples, text_value) if examples else text
    links = 0
    if network.link:
        flat, links = _URL.subn("", flat)
    return _count(flat, network.counting) + links * network.link


def _count(text: str, counting: str) -> int:
    if counting == "graphemes":
        return len(list(graphemes(text)))
    if counting == "weighted":
        return sum(_weight(grapheme) for grapheme in graphemes(unicodedata.normalize("NFC", text)))
    return len(text)


def _weight(grapheme: str) -> int:
    """X counts an emoji as two however it is built, all else by code point."""
    if len(grapheme) > 1 and ord(grapheme[0]) > 0x1F000:
        return 2
    return sum(1 if any(a <= ord(sign) <= b for a, b in _LIGHT) else 2 for sign in grapheme)


def graphemes(text: str) -> Iterator[str]:
    """The signs of a text as a reader counts them (the main rules of UAX 29)."""
    cluster = ""
    for sign in text:
        if cluster and _joins(cluster, sign):
            cluster += sign
            continue
        if cluster:
            yield cluster
        cluster = sign
    if cluster:
        yield cluster


def _joins(cluster: str, sign: str) -> bool:
    code = ord(sign)
    if len(cluster) > 40:  # no sign of a language is longer; keeps the time linear
        return False
    if unicodedata.category(sign) in ("Mn", "Me", "Mc") or sign in (_JOINER, _KEYCAP):
        return True
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F or cluster + sign == "\r\n":
        return True
    flags = 0x1F1E6 <= code <= 0x1F1FF and len(cluster) == 1 and 0x1F1E6 <= ord(cluster) <= 0x1F1FF
    return flags or (cluster[-1] == _JOINER and unicodedata.category(sign) == "So")

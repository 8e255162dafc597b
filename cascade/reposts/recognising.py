"""Whether a page holds the words of a toolkit: pure, by runs of five words in a row."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cascade.reposts.markup import Markup, read

RUN = 5
"""Words in a row that are compared."""
_OF_MESSAGE = 0.6
"""This part of a key message's runs has to stand there."""
_OF_MESSAGES = 0.5
_OF_COPY = 0.25
_FEWEST_RUNS = 4
"""Of key messages: less may be a phrase that anybody would write."""
_LONGEST = 200
_MOST = 60_000
"""Words that are looked at, from the top."""
_LINK = re.compile(r"https?://[^\s<>\"]+")
# Many words where a script has no spaces, and its marks are put in order in pieces of this size.
_PIECE = re.compile(r"\S{1,200}")
_HIDDEN = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_APOSTROPHES = str.maketrans("", "", "'’`")
# Scripts without spaces between words: each sign counts as one.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")

Runs = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Words:
    """What is looked for: of one version, in one language, as anybody may read it."""

    messages: tuple[str, ...]
    copy: tuple[str, ...]
    """Each newsletter copy that there is."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen: in words, and a piece of the page as the proof of it."""

    found: str
    excerpt: str


def see(
    page: str, wanted: Iterable[Words], places: Sequence[str], *, is_html: bool
) -> Sight | None:
    """What of a toolkit stands on a page, the most there is; None: nothing, or too little.

    `places`: the beginnings of addresses that only lead to the toolkit.
    """
    markup = read(page) if is_html else Markup(page, tuple(_LINK.findall(page)))
    seen = _Read(markup.text)
    for one in wanted:
        sight = _messages(seen, one.messages) or _copy(seen, one.copy)
        if sight is not None:
            return sight
    linked = next((one for one in markup.addresses if _leads(one, places)), None)
    return Sight("A link to the toolkit", linked[:_LONGEST]) if linked else None


def words(text: str) -> list[str]:
    """Words as they are compared: no case, no accents, no apostrophes."""
    return [word for word, _, _ in _spans(text)]


def runs(text: str) -> Runs:
    """Every run of five words; of a shorter text the one that is all of it."""
    every = words(text)
    if len(every) < RUN:
        return frozenset((tuple(every),)) if every else frozenset()
    return frozenset(tuple(every[at : at + RUN]) for at in range(len(every) - RUN + 1))


class _Read:
    """A page's words with their places, and their runs of every length that is asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = _spans(text)
        self._of: dict[int, Runs] = {}

    def holds(self, wanted: Runs) -> Runs:
        """Those of the runs that stand on the page."""
        found: set[tuple[str, ...]] = set()
        for length in {len(one) for one in wanted}:
            found |= wanted & self._runs(length)
        return frozenset(found)

    def excerpt(self, found: Runs) -> str:
        """The longest piece of the page that is made of these runs, cut to 200 letters."""
        length = len(next(iter(found)))
        best, start, last = (0, 0), None, 0
        for at in range(len(self.spans) - length + 1):
            if self._at(at, length) not in found:
                continue
            if start is None or at > last:
                start = at
            last = at + length
            if last - start > best[1] - best[0]:
                best = (start, last)
        piece = self.text[self.spans[best[0]][1] : self.spans[best[1] - 1][2]]
        piece = " ".join(piece.split())
        return piece if len(piece) <= _LONGEST else f"{piece[: _LONGEST - 1]}…"

    def _runs(self, length: int) -> Runs:
        if length not in self._of:
            count = len(self.spans) - length + 1
            self._of[length] = frozenset(self._at(one, length) for one in range(count))
        return self._of[length]

    def _at(self, start: int, length: int) -> tuple[str, ...]:
        return tuple(word for word, _, _ in self.spans[start : start + length])


def _messages(read: _Read, messages: Sequence[str]) -> Sight | None:
    wanted = [found for one in messages if (found := runs(one))]
    there = [(read.holds(one), one) for one in wanted]
    seen = [found for found, one in there if found and len(found) >= _OF_MESSAGE * len(one)]
    every = frozenset().union(*seen)
    if not seen or len(seen) < _OF_MESSAGES * len(wanted) or len(every) < _FEWEST_RUNS:
        return None
    longest = max(seen, key=len)
    return Sight(f"{len(seen)} of {len(wanted)} key messages", read.excerpt(longest))


def _copy(read: _Read, texts: Sequence[str]) -> Sight | None:
    for wanted in map(runs, texts):
        found = read.holds(wanted)
        if len(found) >= max(_FEWEST_RUNS, _OF_COPY * len(wanted)):
            percent = 100 * len(found) // len(wanted)
            return Sight(f"{percent}% of the newsletter copy", read.excerpt(found))
    return None


def _leads(address: str, places: Sequence[str]) -> bool:
    """Whether it is one of the places or something below it."""
    bare = re.split(r"[?#]", address, maxsplit=1)[0].rstrip("/.,;)")
    return any(bare == one or bare.startswith(f"{one}/") for one in places)


def _spans(text: str) -> list[tuple[str, int, int]]:
    """Each word as it is compared, and where it stands in the text."""
    found: list[tuple[str, int, int]] = []
    for one in _PIECE.finditer(text):
        if len(found) >= _MOST:
            break
        plain = _folded(one[0])
        found += [(word, one.start(), one.end()) for word in _WORD.findall(plain)]
    return found


def _folded(text: str) -> str:
    if text.isascii():
        return text.translate(_APOSTROPHES).casefold()
    plain = unicodedata.normalize("NFKD", _HIDDEN.sub("", text)).casefold()
    kept = "".join(one for one in plain if not unicodedata.combining(one))
    return kept.translate(_APOSTROPHES)

"""Words as the library's search compares them: folded, and with a letter left out for slips."""

import re
import unicodedata

SHORTEST, LONGEST = 3, 30
"""Letters of a word that is worth correcting."""

_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"\(?(?:https?://|www\.)\S+")


def fold(written: str) -> str:
    """Small letters without accents: `Café` as `cafe`."""
    small = written.casefold()
    if small.isascii():
        return small
    apart = unicodedata.normalize("NFKD", small)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def bare(written: str) -> str:
    """Words with blanks between them: both engines take them apart in the same places then."""
    return "".join(" " if unicodedata.category(one)[0] in "PSZC" else one for one in written)


def words(text: str) -> frozenset[str]:
    """The words of a text that slips may be meant for."""
    return frozenset(word for word in _WORD.findall(fold(text)) if SHORTEST <= len(word) <= LONGEST)


def forms(word: str) -> frozenset[str]:
    """The word, and each that it becomes when a letter is left out.

    Two words with a form in common differ by a letter that is wrong, missing or too many, or by
    two that changed places; some by a little more.
    """
    return frozenset({word, *(word[:at] + word[at + 1 :] for at in range(len(word)))})


def known_by(word: str) -> frozenset[str]:
    """The forms of a word of a text: of the singular too, which may not stand in it."""
    singular = word.removesuffix("s")
    return forms(word) | (forms(singular) if len(singular) >= SHORTEST else frozenset())


def without_addresses(text: str) -> str:
    """The text without links, which nobody searches for."""
    return " ".join(_ADDRESS.sub(" ", text).split())

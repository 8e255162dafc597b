"""Words that push people away, blame them, shout, or must wait until after an election."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from toolkits.checks.parts import Part
from toolkits.documents import Document
from toolkits.findings import Passage
from toolkits.nearest import quoted
from toolkits.problems import Problem, problem
from toolkits.wordlists import rows

# Four words in capitals in a row are shouting; three may be three abbreviations.
_CAPITALS = re.compile(r"\b[A-Z]{2,40}(?:[\s,]{1,3}[A-Z]{2,40}){3,40}\b")


@cache
def _tones() -> re.Pattern[str]:
    """All patterns of the list in one, row 3 as the group `row3`: one pass over the text."""
    patterns = (pattern.replace(" ", r"\s+") for pattern, _, _ in rows("tone.tsv"))
    groups = (f"(?P<row{number}>{pattern})" for number, pattern in enumerate(patterns))
    return re.compile(rf"\b(?:{'|'.join(groups)})(?!\w)")


def problems(
    document: Document, parts: Sequence[Part], phrases: Iterable[str]
) -> Iterator[Problem]:
    """Problems of wording, the line of each being the one where the words begin."""
    english = document.meta.language.lower().split("-")[0] == "en"
    unwanted = _phrases(phrases)
    for passage in (passage for part in parts for passage in part.found.passages):
        plain = passage.text.replace("’", "'").lower()
        if english:
            yield from _tone(passage, plain)
            yield from _shouting(passage)
        for match in unwanted.finditer(plain) if unwanted else ():
            message = f"{quoted(match[0])} is kept out before the election: leave it out, or wait."
            yield problem(_line(passage, match), "pre-election", message)


def _tone(passage: Passage, plain: str) -> Iterator[Problem]:
    for match in _tones().finditer(plain):
        _, kind, instead = rows("tone.tsv")[int((match.lastgroup or "row0")[3:])]
        effect = "puts people off" if kind == "deterrence" else "blames people"
        message = f"{quoted(match[0])} {effect}. Say instead: {instead}."
        yield problem(_line(passage, match), kind, message)


def _shouting(passage: Passage) -> Iterator[Problem]:
    for match in _CAPITALS.finditer(passage.text):
        message = f"{quoted(match[0])} is hard to read in capitals: use **bold** for weight."
        yield problem(_line(passage, match), "all-caps", message)


def _phrases(phrases: Iterable[str]) -> re.Pattern[str] | None:
    words = [
        r"\s+".join(map(re.escape, phrase.lower().replace("’", "'").split())) for phrase in phrases
    ]
    joined = "|".join(sorted(filter(None, words), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)") if joined else None


def _line(passage: Passage, match: re.Match[str]) -> int:
    return passage.line + passage.text.count("\n", 0, match.start())

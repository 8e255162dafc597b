"""How hard a text is to read: Flesch-Kincaid grade as a reading age, sentences, paragraphs.

Kincaid and others, 1975: grade = 0.39 words per sentence + 11.8 syllables per word - 15.59. A
school grade and five is an age. Syllables are counted by hyphenation, so only English is measured.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from pyphen import Pyphen  # type: ignore[import-untyped]  # published without types

from toolkits.checks.parts import Part, parts_of
from toolkits.documents import Document
from toolkits.findings import Passage
from toolkits.problems import Problem, problem
from toolkits.slots import EXAMPLES, fill, names, text_value

FEWEST_WORDS = 50  # under this many, an age says nothing
MOST_WORDS = 20_000  # measured from the start; more does not change the figure
EASY, HARD = 11, 14  # years
LONG_SENTENCE, LONG_PARAGRAPH = 30, 120  # words

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)]*(?=\s|$)|\n\n")
_SKIPPED = frozenset({"sms", "social", "slides"})


def problems(document: Document, parts: Sequence[Part]) -> Iterator[Problem]:
    """Reading age by channel, and each sentence and paragraph that is too long."""
    prose = [part for part in parts if part.section.channel not in _SKIPPED]
    for passage in (each for part in prose for each in part.found.passages):
        if passage.kind in ("p", "li"):
            yield from _long(passage)
    if not _is_english(document):
        return
    for channel in dict.fromkeys(part.section.channel for part in prose):
        ours = [part for part in prose if part.section.channel == channel and not part.key]
        if ours:
            passages = (each for part in ours for each in part.found.passages)
            yield from _age_problem(ours[0].section.line, channel, passages)


@dataclass(frozen=True, slots=True)
class Length:
    """How long the message is, and the reading age in years that it takes.

    `age` is None where the text is too short to say, or not in English.
    """

    words: int
    age: int | None


def measure(document: Document) -> Length:
    """The message as all segments together get it; other channels don't count."""
    ours = [one for one in parts_of(document) if one.section.channel is None and not one.key]
    texts = [_readable(each.text) for part in ours for each in part.found.passages]
    age = reading_age(texts) if _is_english(document) else None
    return Length(sum(len(_WORD.findall(text)) for text in texts), age)


def _is_english(document: Document) -> bool:
    return document.meta.language.lower().split("-")[0] == "en"


def _age_problem(line: int, channel: str | None, passages: Iterable[Passage]) -> Iterator[Problem]:
    age = reading_age(_readable(each.text) for each in passages if each.kind in ("p", "li"))
    if age is None or age <= EASY:
        return
    what = f"The {channel} text" if channel else "The message"
    message = (
        f"{what} takes a reading age of about {age}: aim for {EASY}, with shorter sentences and "
        "everyday words (“use”, not “utilise”)."
    )
    yield problem(line, "reading-age-high" if age > HARD else "reading-age", message)


def reading_age(texts: Iterable[str]) -> int | None:
    """The reading age in years that texts take together; None if they are too short to say."""
    words = sentences = syllables = 0
    for text in texts:
        for sentence in _SENTENCE_END.split(text):
            found = _WORD.findall(sentence)
            sentences += bool(found)
            words += len(found)
            syllables += sum(_syllables(word.lower()) for word in found)
        if words >= MOST_WORDS:
            break
    if words < FEWEST_WORDS:
        return None
    grade = 0.39 * words / sentences + 11.8 * syllables / words - 15.59
    return max(5, min(25, round(grade + 5)))


@cache
def _hyphens() -> Pyphen:
    return Pyphen(lang="en_GB")


@lru_cache(maxsize=20_000)
def _syllables(word: str) -> int:
    return len(_hyphens().positions(word[:40])) + 1


def _readable(text: str) -> str:
    """A text with its slots filled by examples."""
    wanted = names(text)
    if not wanted:
        return text
    return fill(text, {name: EXAMPLES.get(name, "example") for name in wanted}, text_value)


def _long(passage: Passage) -> Iterator[Problem]:
    total = 0
    at = 0
    for sentence in _SENTENCE_END.split(passage.text):
        words = len(_WORD.findall(sentence))
        total += words
        found = passage.text.find(sentence, at)
        at = found + len(sentence)
        if words > LONG_SENTENCE:
            line = passage.line + passage.text.count("\n", 0, found)
            message = f"A sentence of {words} words: make two of it, of 25 words at most."
            yield problem(line, "long-sentence", message)
    if total > LONG_PARAGRAPH:
        message = f"A paragraph of {total} words: divide it, or make a list of it."
        yield problem(passage.line, "long-paragraph", message)

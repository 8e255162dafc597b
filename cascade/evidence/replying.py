"""Read an answer out of a reply by mail: the words we asked for, a name and a role, or nothing."""

import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum

from cascade.evidence.confirm import PASSED_ON, Answer
from cascade.evidence.people import can_be_a_name, can_be_a_role
from cascade.evidence.quoting import written
from cascade.evidence.tally import CALL_ME
from cascade.sending.framing import REPLY_WORDS


class Unclear(StrEnum):
    """Why a reply is no answer."""

    NO_WORD = "a reply without one of the answer words"
    SEVERAL_WORDS = "a reply with more than one answer"
    SENTENCE = "a reply with the answer word within a sentence"
    DOUBT = "a reply with a question or a “not” beside the answer"
    NO_PERSON = "a reply without a name and role"


_ANSWERS = {
    "RECEIVED": "received",
    "ACTING": "acting",
    "PASSED": PASSED_ON,
    "NOT": "not-for-us",
    "CALL": CALL_ME,
}
"""The first word of each of the framing's reply words."""

_STAFF = r"(?:members\s+of\s+)?(?:staff|people|colleagues|team\s+members|team)"
_PATTERN = rf"""(?<![\w'’-])
    (?i:(?:(?:your\s+)?(?:answer|reply|response)\s*[:=]\s*)?
        (?:(?:this|it)\s+is\s+|we\s+are\s+|(?:we|i)\s+have\s+|please\s+)?)
    (?P<word>RECEIVED | ACTING | NOT\ FOR\ US | CALL\ ME
        | PASSED\ (?:(?i:it|this)\ )?ON
            (?i:\s*[-–:]?\s*(?:to\s+)?(?P<number>[0-9]{{1,6}})(?![0-9])(?:\s+{_STAFF}\b)?
                | \s+to\s+(?:all|our|the|my)\s+(?:of\s+)?(?:our\s+)?{_STAFF}\b
                | (?!\s*[-–:]?\s*(?:to\s+)?[0-9])))
    (?i:\s+(?:with\s+thanks|thank\s+you|thanks|please|this|it|now|on\s+it|on\s+this
        |and\s+read(?:\s+this)?)\b)*
    (?![\w'’-]|[.,][0-9])"""
_IN_CAPITALS = re.compile(_PATTERN, re.VERBOSE)
_IN_ANY_CASE = re.compile(rf"{_PATTERN}[\s.!:]*", re.VERBOSE | re.IGNORECASE)

_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_BETWEEN = re.compile(r"[,;|\t\n]|\s[-–—]\s")
_SENTENCE_BEFORE = re.compile(r"[\w)'’%]\s*\Z")
_LOOK_BACK = 80
_EDGES = ' .!:*-–—()[]<>"“”'
_POLITE = re.compile(
    r"""(?:hi|hello|hey|dear|good\ (?:morning|afternoon|evening))(?:\s+[\w'’]+){0,3}
    | (?:many\ |with\ )?(?:thanks|thank\ you|cheers)
        (?:\ (?:all|you|very\ much|for\ this|for\ letting\ us\ know))*
    | (?:(?:kind|kindest|best|warm|many|with)\ )*(?:regards|wishes)
    | yours(?:\ (?:sincerely|faithfully|truly))? | sincerely | please
    | all(?:\ the)?\ best""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER = re.compile(
    r"(?:(?:on|at|tel|telephone|phone|mobile|mob|t|m)\b[.:]?\s*)*\+?[0-9()][0-9() .-]{4,20}",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?:your|my|full|job)\s+)*(?:(?P<name>name)|role|title|position)\s*[:=]\s*(?P<said>.*)",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\?|\b(?:not|never|cannot|unable|nothing|nobody|neither|unsubscribe)\b|n['’]t\b"
    r"|\bno\b(?![ .]*[0-9])",
    re.IGNORECASE,
)
_MEANINGS = frozenset(meaning.casefold() for meaning in REPLY_WORDS.values())


def read_reply(text: str) -> Answer | None:
    """The answer that somebody wrote above the message answered; None when it isn't plain."""
    understood = _understand(written(text))
    return understood if isinstance(understood, Answer) else None


def why_not(text: str) -> str:
    """Why a reply is not an answer, for whoever looks at it; empty when it is one."""
    understood = _understand(written(text))
    return understood.value if isinstance(understood, Unclear) else ""


def _understand(lines: Sequence[str]) -> Answer | Unclear:
    found: set[tuple[str, int | None]] = set()
    pieces: list[str] = []
    for line in lines:
        rest = _take_capitals(_THOUSANDS.sub("", line), found)
        if rest is None:
            return Unclear.SENTENCE
        pieces.extend(_take_whole(rest, found))
    if len(found) != 1:
        return Unclear.SEVERAL_WORDS if found else Unclear.NO_WORD
    if any(map(_DOUBT.search, pieces)):
        return Unclear.DOUBT
    return _answer(*found.pop(), pieces)


def _take_capitals(line: str, found: set[tuple[str, int | None]]) -> str | None:
    """The line without its answers in capitals; None when one of them ends a sentence."""
    for match in _IN_CAPITALS.finditer(line):
        before = line[: match.start()][-_LOOK_BACK:]
        if _SENTENCE_BEFORE.search(before) and not _POLITE.fullmatch(before.strip()):
            return None
        found.add(_meant(match))
    return _IN_CAPITALS.sub("\n", line)


def _take_whole(line: str, found: set[tuple[str, int | None]]) -> Iterator[str]:
    """The pieces of a line, without its answers in any case that stand between separators."""
    for piece in map(str.strip, _BETWEEN.split(line)):
        match = _IN_ANY_CASE.match(piece)
        if match and (match.end() == len(piece) or match[0].rstrip().endswith((".", "!", ":"))):
            found.add(_meant(match))
            piece = piece[match.end() :]
        if piece := piece.strip(_EDGES):
            yield piece


def _meant(match: re.Match[str]) -> tuple[str, int | None]:
    number = match["number"]
    return _ANSWERS[match["word"].split()[0].upper()], int(number) if number else None


def _answer(answer: str, headcount: int | None, pieces: Sequence[str]) -> Answer | Unclear:
    labelled = [match for match in map(_LABEL.fullmatch, pieces) if match]
    others = [one for one in pieces if not (_LABEL.fullmatch(one) or _is_small_talk(one))]
    numbers = [one for one in others if _NUMBER.fullmatch(one)]
    words = [one for one in others if one not in numbers]
    name = _labelled(labelled, "name") or _next(words, can_be_a_name)
    role = _labelled(labelled, "role") or (_next(words, can_be_a_role) if name else "")
    # In capitals, because what is labelled as a name is one in any case.
    if not can_be_a_name(name.upper()) or not can_be_a_role(role.lower()):
        return Unclear.NO_PERSON
    return Answer(answer, name, role, headcount, ", ".join([*words, *numbers])[:2_000].strip())


def _is_small_talk(piece: str) -> bool:
    return bool(_POLITE.fullmatch(piece)) or piece.casefold() in _MEANINGS


def _labelled(labelled: Sequence[re.Match[str]], field: str) -> str:
    """What one label says; empty when there is none. Of two that differ, neither is believed."""
    said = {one["said"].strip(_EDGES) for one in labelled if bool(one["name"]) == (field == "name")}
    return " ?? ".join(sorted(said))


def _next(words: list[str], is_one: Callable[[str], bool]) -> str:
    """The next of the words, taken out, when it is what is looked for."""
    return words.pop(0) if words and is_one(words[0]) else ""

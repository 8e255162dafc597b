"""What can be wrong with a toolkit: every problem code, with its level, in one registry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Literal

Level = Literal["error", "warning", "advice"]

# A page of a thousand like complaints helps nobody: the rest are counted in the last one shown.
SHOWN_PER_CODE = 50

_ERRORS = """
    too-large reserved-text front-matter-unclosed front-matter-invalid front-matter-too-large
    front-matter-alias duplicate-key wrong-type bad-date not-yes-or-no
    bad-slot-name
    fence-unclosed fence-unopened fence-nested fence-unknown fence-no-segments
    code-unclosed comment-unclosed too-deep too-dense line-too-long block-too-long not-rendered
    missing-title unknown-segment unknown-slot slot-malformed slot-in-link
    missing-alt image-not-https unsafe-link relative-link html-not-allowed sms-too-long
    unknown-insert unknown-column placeholder
"""
_WARNINGS = """
    control-character unknown-key language-unknown fence-empty
    missing-key-messages missing-action empty-body slot-empty table-no-header heading-one
    heading-order vague-link reading-age-high deterrence blame pre-election sms-very-long
    social-too-long expired review-due heading-unknown
"""
_ADVICE = """
    bare-link link-http reading-age long-sentence long-paragraph all-caps sms-long
"""

CODES: Mapping[str, Level] = MappingProxyType(
    {
        **dict.fromkeys(_ERRORS.split(), "error"),
        **dict.fromkeys(_WARNINGS.split(), "warning"),
        **dict.fromkeys(_ADVICE.split(), "advice"),
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something to mend, at a line of the file (from 1); the message says what and how."""

    line: int
    level: Level
    code: str
    message: str


def problem(line: int, code: str, message: str) -> Problem:
    """A problem whose level is the one registered for its code."""
    return Problem(line, CODES[code], code, message)


def arrange(problems: Iterable[Problem]) -> list[Problem]:
    """The problems once each, in the order of their lines, long runs of one code cut short."""
    by_code = sorted(set(problems), key=lambda each: (each.code, each))
    kept = [shown for _, run in groupby(by_code, key=lambda each: each.code) for shown in _cut(run)]
    return sorted(kept)


def _cut(run: Iterable[Problem]) -> list[Problem]:
    problems = list(run)
    shown, rest = problems[:SHOWN_PER_CODE], len(problems) - SHOWN_PER_CODE
    if rest > 0:
        last = shown[-1]
        more = f"{last.message} ({rest} more like this further down.)"
        shown[-1] = Problem(last.line, last.level, last.code, more)
    return shown

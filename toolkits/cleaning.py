"""Characters that must not reach a message: removed, and reported with their line."""

import re
import unicodedata

from toolkits.problems import Problem, problem
from toolkits.slots import PREFIX

# Control characters but tab and newline; overrides and isolates of the writing direction (LRM and
# RLM stay: right-to-left text needs them); byte order marks; private-use characters, which is what
# Word's bullets become; halves of surrogate pairs; and code points that never are characters.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\ue000-\uf8ff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\U000f0000-\U0010ffff]"
)


def with_newlines(text: str) -> str:
    """The text with every line end as a newline, without a leading byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def clean(lines: list[str]) -> tuple[list[str], list[Problem]]:
    """The lines without hidden characters and look-alikes of our own marks, and where they were."""
    problems: list[Problem] = []
    cleaned = []
    for number, line in enumerate(lines, start=1):
        if hidden := _HIDDEN.search(line):
            problems.append(problem(number, "control-character", _hidden(hidden[0])))
            line = without_hidden(line)
        if PREFIX in line:
            message = f'"{PREFIX}" is used by Cascade itself: write it in another way.'
            problems.append(problem(number, "reserved-text", message))
            line = line.replace(PREFIX, f"{PREFIX[:2]} {PREFIX[2:]}")
        cleaned.append(line)
    return cleaned, problems


def without_hidden(text: str) -> str:
    """The text without characters that must not reach a message."""
    return _HIDDEN.sub("", text)


def _hidden(character: str) -> str:
    name = unicodedata.name(character, "no name")
    return (
        f"A hidden character (U+{ord(character):04X}, {name}) was left out. It often comes with "
        "text pasted from Word or a PDF: type this line again, with - for a bullet."
    )

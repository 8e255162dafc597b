"""What somebody wrote in a reply themselves: above the message answered and their signature."""

import re
from collections.abc import Sequence

from cascade.cleaning import one_line, several_lines
from cascade.sending.framing import EXERCISE, EXERCISE_WORDS, TIER_WORDS

MOST_LINES = 8
"""Lines with words on them. An answer stands at the top; what comes later is not looked at."""

_LONGEST = 20_000
_ATTRIBUTION_LINES = 3
_BANNER_LENGTH = 300

_END = re.compile(
    r"""--$                                 # a signature (RFC 3676, section 4.3)
    | [-_=]{5,}                             # "-----Original Message-----", Outlook's line
    | \*?From:                              # the headers of the message answered
    | Begin\ forwarded\ message
    | (?:Sent|Get)\ (?:from\ my|from\ Outlook|from\ Yahoo|from\ Mail|Outlook\ for)\b
    | Reference\ of\ this\ message""",
    re.IGNORECASE | re.VERBOSE,
)
_OURS = (*TIER_WORDS.values(), EXERCISE_WORDS, f"{EXERCISE} - {EXERCISE}")
"""How the messages that we send begin, for mail programs that do not mark what they quote."""

_BANNER = re.compile(
    r"\W*(?:caution|external|warning)\b|.*\boriginated\b.*\boutside\b", re.IGNORECASE
)
"""What mail gateways put above a message from elsewhere."""


def written(text: str) -> tuple[str, ...]:
    """The first lines of the writer's own, without blank ones."""
    lines = [one_line(line) for line in several_lines(text)[:_LONGEST].split("\n")]
    while lines and not lines[0]:
        del lines[0]
    if lines and _BANNER.match(lines[0][:_BANNER_LENGTH]):
        lines = lines[lines.index("") :] if "" in lines else []
    return tuple(filter(None, _above(lines)))[:MOST_LINES]


def _above(lines: Sequence[str]) -> Sequence[str]:
    for number, line in enumerate(lines):
        if line.startswith(">"):
            return _without_attribution(lines[:number])
        if _END.match(line) or line.startswith(_OURS) or _is_attribution(lines, number):
            return lines[:number]
    return lines


def _is_attribution(lines: Sequence[str], number: int) -> bool:
    """Whether `On Saturday Cascade wrote:` begins here; it is often broken into several lines."""
    following = lines[number : number + _ATTRIBUTION_LINES]
    return following[0].startswith("On ") and any(one.endswith("wrote:") for one in following)


def _without_attribution(lines: Sequence[str]) -> Sequence[str]:
    """The lines above a quote, without who is quoted in whichever language."""
    end = len(lines)
    while end and not lines[end - 1]:
        end -= 1
    if end and lines[end - 1].endswith(":"):
        while end and lines[end - 1]:
            end -= 1
    return lines[:end]

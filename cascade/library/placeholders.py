"""The lines of the starter and of ready pieces that stand for an author's own words."""

from functools import cache

from cascade.library.drafts import starter
from cascade.library.snippets import snippets

_KEPT = frozenset(
    (
        "---",
        "key_messages:",
        "## What to do",
        "- Tell us when it is done: [confirm that you have read this]({{ confirm_link }}).",
        "::: for care-homes",
        "## For care homes",
        ":::",
        "::: sms",
    )
)
"""Lines of the starter that may stay."""
_OF_PIECES = (
    "2. Do the first thing that is new.",
    "What {{ organisation }} needs to know, and others do not.",
    "## A heading of your own",
    (
        "Three or four sentences that a group can paste into its newsletter. "
        "Say who it is for, what to do and where to get help."
    ),
    "What happens, from when, and where to get help, in 160 characters: {{ share_link }}",
    "| A question about this message | the communications cell, 01632 960000 |",
)
"""Most of what the pieces say is ready to be sent."""


@cache
def placeholders() -> tuple[str, ...]:
    """Lines that no text is published with."""
    example = (line for line in starter().splitlines() if line.strip() and line not in _KEPT)
    pieces = {line for one in snippets() for line in one.text.splitlines()}
    return (*example, *(line for line in _OF_PIECES if line in pieces))

"""Whether a toolkit has its parts, and names segments that exist."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from toolkits.checks.parts import Part
from toolkits.documents import Document
from toolkits.nearest import quoted, suggest
from toolkits.problems import Problem, problem

_ASKS = re.compile(
    r"\b(?:what (?:you|to|we|your)\b.*\b(?:do|need|ask)|action|how to)", re.IGNORECASE
)


def problems(
    document: Document, parts: Sequence[Part], segments: Collection[str], today: date | None
) -> Iterator[Problem]:
    """Missing parts, unknown segments, and dates that are over."""
    yield from _missing(document, parts)
    if segments:
        yield from _unknown(document, frozenset(segments))
    meta = document.meta
    if today and meta.expires and meta.expires < today:
        message = f"This toolkit expired on {meta.expires.isoformat()}: set a later date."
        yield problem(meta.line("expires"), "expired", message)
    if today and meta.review and meta.review < today:
        message = f"It was to be looked at again by {meta.review.isoformat()}: do, and set a date."
        yield problem(meta.line("review"), "review-due", message)


def _missing(document: Document, parts: Sequence[Part]) -> Iterator[Problem]:
    meta = document.meta
    if not meta.title:
        yield problem(1, "missing-title", "Give it a title: “title: …” in the front matter.")
    if not meta.key_messages:
        message = "Give one to three key messages: “key_messages:” with “- ” before each."
        yield problem(meta.line("key_messages"), "missing-key-messages", message)
    if not any(section.channel is None for section in document.sections):
        yield problem(
            1, "empty-body", "There is no text outside of channel fences: add the message."
        )
    if not meta.action and not _asks(parts):
        message = "Say what the reader is asked to do: “action: …” in the front matter."
        yield problem(1, "missing-action", message)


def _asks(parts: Sequence[Part]) -> bool:
    """Whether a heading of the message says what to do."""
    return any(
        passage.kind[0] == "h" and _ASKS.search(passage.text)
        for part in parts
        if part.section.channel is None and not part.key
        for passage in part.found.passages
    )


def _unknown(document: Document, known: frozenset[str]) -> Iterator[Problem]:
    named = [(document.meta.line("segments"), name) for name in document.meta.segments]
    for section in document.sections:
        fence = section.line - 1
        named += [(fence, name) for name in (section.include or frozenset()) | section.exclude]
    for line, name in named:
        if name not in known:
            message = f"{quoted(name)} is not a segment.{suggest(name, known)}"
            yield problem(line, "unknown-segment", message)

"""What changed in a version: since the last that was approved, and since one was returned."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from cascade.library.diffs import Line, rendered, source
from cascade.library.records import ToolkitVersion
from cascade.sign_off import returns
from cascade.web.previews import LONGEST


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from an earlier version, for readers and in the Markdown."""

    since: ToolkitVersion
    paragraphs: tuple[Line, ...]
    lines: tuple[Line, ...]
    too_long: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """The return that a version answers: who gave back what, with which words, and what differs."""

    returned: returns.Returned
    comments: tuple[returns.Asked, ...]
    changes: Changes | None
    """None: the very same text was submitted again."""


def changes(before: ToolkitVersion, after: ToolkitVersion) -> Changes:
    """Both differences; none of a text that is too long to be compared while somebody waits."""
    if max(len(before.text), len(after.text)) > LONGEST:
        return Changes(before, (), (), too_long=True)
    shown, lines = rendered(before.text, after.text), source(before.text, after.text)
    return Changes(before, shown, lines, too_long=False)


def answered(session: Session, of: ToolkitVersion) -> Answered | None:
    """The return that a version answers, when there was one since the last approval."""
    if (found := returns.answered_by(session, of)) is None:
        return None
    comments = returns.asked(found, of.text)
    return Answered(
        found, comments, None if found.version.id == of.id else changes(found.version, of)
    )

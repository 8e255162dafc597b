"""Keep what somebody wrote: a new revision, unless somebody else kept one meanwhile."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cascade.errors import Overtaken, Refused
from cascade.library import uses
from cascade.library.drafts import get, readable, title
from cascade.library.records import Draft, DraftRevision

TOGETHER = timedelta(minutes=5)
"""Texts that one person keeps within this time are one line of the history."""


class DraftOvertaken(Overtaken):
    """Somebody else saved the same draft meanwhile; theirs is `text`, its number `revision`."""

    def __init__(self, summary: str, *, text: str, revision: int, by: str) -> None:
        super().__init__(summary)
        self.text, self.revision, self.by = text, revision, by


class Kept(NamedTuple):
    """The number of the revision that stands now, and whether the history has a new line."""

    revision: int
    is_new_line: bool


def keep(
    session: Session,
    number: int,
    text: str,
    *,
    revision: int,
    by: str,
    now: datetime,
    apart: bool = False,
) -> Kept:
    """Keep a text that began as `revision`; the next one is to begin as what this returns.

    Raises DraftOvertaken with the other text when that is not the newest: of two at once, one wins.
    `apart`: as a line of its own in the history. The text that stands is not kept twice.
    """
    kept = readable(text)
    draft = get(session, number)
    if draft.closed_at is not None:
        raise Refused("This draft was given up. Take it up again, then save.")
    if draft.text == kept:
        return Kept(draft.revision, is_new_line=False)
    change = (
        update(Draft)
        .where(Draft.id == number, Draft.revision == revision, Draft.closed_at.is_(None))
        .values(text=kept, title=title(kept), revision=revision + 1, changed_at=now, changed_by=by)
        .returning(Draft.revision)
    )
    if session.execute(change).first() is None:
        raise _overtaken(get(session, number))
    uses.of_draft(session, number, kept)
    is_new_line = _remember(
        session,
        DraftRevision(draft_id=number, revision=revision + 1, text=kept, at=now, by=by),
        apart,
    )
    return Kept(revision + 1, is_new_line)


def _remember(session: Session, made: DraftRevision, apart: bool) -> bool:
    """Add a line to the history (True) or bring the newest up to date; the first never changes.

    A line keeps its number and the moment it began at, so that links to it stay good.
    """
    newest = session.scalars(
        select(DraftRevision)
        .where(DraftRevision.draft_id == made.draft_id)
        .order_by(DraftRevision.revision.desc())
        .limit(1)
    ).one()
    lately = made.at - newest.at < TOGETHER
    is_new = apart or newest.revision == 1 or newest.by != made.by or not lately
    if is_new:
        session.add(made)
    else:
        newest.text = made.text
    session.flush()
    return is_new


def _overtaken(draft: Draft) -> DraftOvertaken:
    return DraftOvertaken(
        f"{draft.changed_by} saved this draft while you were writing. Your text was not saved over "
        "theirs: bring the two together and save again.",
        text=draft.text,
        revision=draft.revision,
        by=draft.changed_by,
    )

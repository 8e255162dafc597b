"""Keep what somebody wrote: a new revision, unless somebody else kept one meanwhile."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cascade.errors import Overtaken, Refused
from cascade.library.drafts import get, readable, title
from cascade.library.records import Draft, DraftRevision

TOGETHER = timedelta(minutes=5)
"""Texts that one person keeps within this time are one line of the history."""


def keep(
    session: Session,
    number: int,
    text: str,
    *,
    revision: int,
    by: str,
    now: datetime,
    apart: bool = False,
) -> int:
    """Keep a text that began as `revision`, and return the number of the new one.

    Raises Overtaken with the other text when that is not the newest: of two at once, one wins.
    `apart`: as a line of its own in the history. The text that stands is not kept twice.
    """
    kept = readable(text)
    draft = get(session, number)
    if draft.closed_at is not None:
        raise Refused("This draft was given up. Take it up again, then save.")
    if draft.text == kept:
        return draft.revision
    change = (
        update(Draft)
        .where(Draft.id == number, Draft.revision == revision, Draft.closed_at.is_(None))
        .values(text=kept, title=title(kept), revision=revision + 1, changed_at=now, changed_by=by)
        .returning(Draft.revision)
    )
    if session.execute(change).first() is None:
        raise _overtaken(get(session, number))
    _remember(
        session,
        DraftRevision(draft_id=number, revision=revision + 1, text=kept, at=now, by=by),
        apart,
    )
    return revision + 1


def _remember(session: Session, made: DraftRevision, apart: bool) -> None:
    """Add a line to the history, or bring the newest up to date; the first is never changed.

    A line keeps its number and the moment it began at, so that links to it stay good.
    """
    newest = session.scalars(
        select(DraftRevision)
        .where(DraftRevision.draft_id == made.draft_id)
        .order_by(DraftRevision.revision.desc())
        .limit(1)
    ).one()
    lately = made.at - newest.at < TOGETHER
    if apart or newest.revision == 1 or newest.by != made.by or not lately:
        session.add(made)
    else:
        newest.text = made.text
    session.flush()


def _overtaken(draft: Draft) -> Overtaken:
    return Overtaken(
        f"{draft.changed_by} saved this draft while you were writing. Your text was not saved over "
        "theirs: bring the two together and save again.",
        text=draft.text,
        revision=draft.revision,
        by=draft.changed_by,
    )

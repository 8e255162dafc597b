"""What a draft was before: its revisions, newest first."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from cascade.errors import NotFound
from cascade.library.records import DraftRevision
from cascade.paging import Page


@dataclass(frozen=True, slots=True)
class Step:
    """A revision and the one before it; the first has none."""

    revision: DraftRevision
    before: DraftRevision | None
    after: int | None
    """The number of the one that came next."""


def history(session: Session, draft: int, *, page: int = 1, size: int = 50) -> Page[DraftRevision]:
    """One page of a draft's revisions without their texts, newest first."""
    mine = DraftRevision.draft_id == draft
    total = session.scalar(select(func.count()).select_from(DraftRevision).where(mine)) or 0
    lines = session.scalars(
        select(DraftRevision)
        .where(mine)
        .options(defer(DraftRevision.text))
        .order_by(DraftRevision.revision.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return Page(tuple(lines), page, size, total)


def step(session: Session, draft: int, number: int) -> Step:
    """A revision with what it was made from; raises NotFound."""
    found = session.get(DraftRevision, (draft, number))
    if found is None:
        raise NotFound(f"Draft {draft} has no revision {number}.")
    mine = select(DraftRevision).where(DraftRevision.draft_id == draft)
    before = mine.where(DraftRevision.revision < number).order_by(DraftRevision.revision.desc())
    after = select(func.min(DraftRevision.revision)).where(
        DraftRevision.draft_id == draft, DraftRevision.revision > number
    )
    return Step(found, session.scalar(before.limit(1)), session.scalar(after))

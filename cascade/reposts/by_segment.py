"""Which segments the organisations are in that used a toolkit, as the segments are now.

Segments overlap: an organisation counts in each that it is in, and once in their sum.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Case, ColumnElement, case, false, func, or_, select
from sqlalchemy.orm import Session

from cascade.audience.membership import holds
from cascade.audience.records import Organisation, Segment
from cascade.reposts.records import Repost
from cascade.reposts.words import SEEN


@dataclass(frozen=True, slots=True)
class Share:
    """What the open organisations of a segment did with a toolkit."""

    title: str
    used: int
    seen: int
    """Of these, of whom any report was seen by us."""
    people: int
    organisations: int
    """All open ones that are in it."""


@dataclass(frozen=True, slots=True)
class BySegment:
    """The segments of which anybody used it, and all that are in any segment, each once."""

    shares: tuple[Share, ...]
    together: Share


def by_segment(session: Session, toolkit_id: int) -> BySegment:
    """The use of a toolkit by segment: three questions, however many segments there are.

    Every organisation is looked at, to say of how many it was used.
    """
    segments, conditions = _conditions(session)
    used = _columns(_used(session, toolkit_id, conditions))
    all_ = session.execute(
        select(*map(_total, conditions)).where(Organisation.closed_at.is_(None))
    ).one()
    titles = [*(one.title for one in segments), ""]
    shares = [Share(*row) for row in zip(titles, *used, map(int, all_), strict=True)]
    return BySegment(tuple(one for one in shares[:-1] if one.used), shares[-1])


def _conditions(session: Session) -> tuple[Sequence[Segment], Sequence[ColumnElement[bool]]]:
    """The segments, whether an organisation is in each, and last whether it is in any."""
    segments = session.scalars(select(Segment).order_by(Segment.id)).all()
    each = [holds(one) for one in segments]
    return segments, [*each, or_(false(), *each)]


def _used(
    session: Session, toolkit_id: int, conditions: Sequence[ColumnElement[bool]]
) -> list[int]:
    """Of each condition how many organisations used it, of how many it was seen, and people."""
    mine = (
        select(
            Repost.organisation_id,
            func.max(case((Repost.grade == SEEN, 1), else_=0)).label("seen"),
            func.coalesce(func.sum(Repost.people), 0).label("people"),
        )
        .where(
            Repost.toolkit_id == toolkit_id,
            Repost.withdrawn_at.is_(None),
            Repost.organisation_id.is_not(None),
        )
        .group_by(Repost.organisation_id)
        .subquery()
    )
    counts = [
        one
        for condition in conditions
        for one in (
            _total(condition),
            _total(condition, mine.c.seen),
            _total(condition, mine.c.people),
        )
    ]
    query = (
        select(*counts)
        .select_from(mine)
        .join(Organisation, Organisation.id == mine.c.organisation_id)
        .where(Organisation.closed_at.is_(None))
    )
    return [int(one) for one in session.execute(query).one()]


def _total(
    condition: ColumnElement[bool], of: ColumnElement[int] | None = None
) -> ColumnElement[int]:
    counted: Case[int] = case((condition, 1 if of is None else of), else_=0)
    return func.coalesce(func.sum(counted), 0)


def _columns(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """The same numbers, all first ones, all second ones, all third ones."""
    return (numbers[at::3] for at in range(3))

"""Which bulletins anybody may read, and their issues that went out, newest first."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from cascade.bulletins.records import Bulletin, Issue, IssueState
from cascade.errors import NotFound
from cascade.paging import Page
from cascade.sending.records import Cascade, CascadeEvent
from cascade.sending.states import CascadeAct, CascadeState

SIZE = 20
"""Issues on a page."""
_MOST_BULLETINS = 200


@dataclass(frozen=True, slots=True)
class Out:
    """An issue that went out."""

    number: int
    versions: Mapping[str, int]
    """By language, the one for everybody else first."""
    dated: datetime
    """The moment it was put together for, whose day its title says."""
    at: datetime
    """When it went out: earlier or later where somebody had it so."""
    withdrawn_at: datetime | None

    @property
    def changed_at(self) -> datetime:
        return self.withdrawn_at or self.at


@dataclass(frozen=True, slots=True)
class Beside:
    """The numbers of the issues before and after one; None: there is none."""

    earlier: int | None
    later: int | None


def revision(session: Session) -> Hashable:
    """A value that changes with every bulletin, release and act on a release; cheap to read."""
    return tuple(session.execute(_REVISION).one())


def is_public(bulletin: Bulletin, audiences: Collection[str]) -> bool:
    """Whether anybody may read it: it goes to a segment that is public."""
    return any(one in audiences for one in bulletin.segments)


def listing(session: Session, audiences: Collection[str]) -> tuple[Bulletin, ...]:
    """All bulletins that anybody may read, by title."""
    every = select(Bulletin).order_by(Bulletin.title, Bulletin.id).limit(_MOST_BULLETINS)
    return tuple(one for one in session.scalars(every) if is_public(one, audiences))


def find(session: Session, name: str, audiences: Collection[str]) -> Bulletin:
    """A bulletin that anybody may read.

    Raises NotFound, in the same words, for one that isn't there and for one that is private.
    """
    found = session.scalar(select(Bulletin).where(Bulletin.name == name))
    if found is None or not is_public(found, audiences):
        raise NotFound(f"There is no public bulletin called “{name}”.")
    return found


def page(session: Session, bulletin: Bulletin, number: int, size: int = SIZE) -> Page[Out]:
    """Its issues that went out, newest first."""
    total = session.scalar(_of(bulletin, func.count())) or 0
    rows = session.execute(
        _listed(bulletin).order_by(Issue.number.desc()).limit(size).offset((number - 1) * size)
    )
    return Page(_outs(bulletin, rows), number, size, total)


def some(session: Session, bulletin: Bulletin, numbers: Sequence[int]) -> tuple[Out, ...]:
    """These issues, in this order; what did not go out is left out."""
    rows = session.execute(_listed(bulletin).where(Issue.number.in_(numbers)))
    found = {one.number: one for one in _outs(bulletin, rows)}
    return tuple(found[number] for number in numbers if number in found)


def issue(session: Session, bulletin: Bulletin, number: int) -> Out:
    """One issue; raises NotFound, in the same words, where it has not gone out or isn't there."""
    found = some(session, bulletin, [number])
    if not found:
        raise NotFound(f"“{bulletin.title}” has no issue {number} that went out.")
    return found[0]


def beside(session: Session, bulletin: Bulletin, number: int) -> Beside:
    """The issues to go on to from one."""
    return Beside(
        earlier=session.scalar(_of(bulletin, func.max(Issue.number)).where(Issue.number < number)),
        later=session.scalar(_of(bulletin, func.min(Issue.number)).where(Issue.number > number)),
    )


def numbers_by_version(session: Session, bulletin: Bulletin) -> Mapping[int, int]:
    """In which issue each version of it went out."""
    rows = session.execute(_of(bulletin, Issue.number, Issue.versions))
    return {version: number for number, versions in rows for version in versions.values()}


def addresses(session: Session, bulletin: Bulletin, most: int) -> Sequence[Row[Any]]:
    """Numbers and days of its newest issues, for maps of the site."""
    newest = _of(bulletin, Issue.number, Cascade.send_at).order_by(Issue.number.desc())
    return session.execute(newest.limit(most)).all()


def _listed(bulletin: Bulletin) -> Select[Any]:
    withdrawn = (
        select(func.max(CascadeEvent.at))
        .where(CascadeEvent.cascade_id == Cascade.id, CascadeEvent.kind == CascadeAct.WITHDRAWN)
        .scalar_subquery()
    )
    dated = Issue.send_at.label("dated")
    gone = withdrawn.label("gone")
    return _of(bulletin, Issue.number, Issue.versions, dated, Cascade.send_at, gone)


def _of(bulletin: Bulletin, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Issue)
        .join(Cascade, Cascade.id == Issue.cascade_id)
        .where(Issue.bulletin_id == bulletin.id, Issue.state == IssueState.RELEASED, _went_out())
    )


def _went_out() -> ColumnElement[bool]:
    """Whether anybody may have got it: what waits for its time, or never had it, is not out."""
    mine = CascadeEvent.cascade_id == Cascade.id
    started = exists().where(mine, CascadeEvent.kind == CascadeAct.STARTED)
    early = and_(
        CascadeEvent.kind.in_((CascadeAct.PAUSED, CascadeAct.WITHDRAWN)),
        CascadeEvent.at < Cascade.send_at,
    )
    stopped = exists().where(mine, or_(CascadeEvent.kind == CascadeAct.HELD, early))
    return or_(
        Cascade.state.in_((CascadeState.SENDING, CascadeState.SENT)),
        and_(
            Cascade.state.in_((CascadeState.PAUSED, CascadeState.WITHDRAWN)),
            or_(started, ~stopped),
        ),
    )


def _outs(bulletin: Bulletin, rows: Iterable[Row[Any]]) -> tuple[Out, ...]:
    return tuple(
        Out(
            number=row.number,
            versions=_in_order(row.versions, bulletin.languages),
            dated=row.dated,
            at=row.send_at,
            withdrawn_at=row.gone,
        )
        for row in rows
    )


def _in_order(versions: Mapping[str, int], languages: Sequence[str]) -> dict[str, int]:
    # JSON keeps no order on PostgreSQL's side that is promised.
    ordered = [*languages, *sorted(versions)]
    return {one: versions[one] for one in ordered if one in versions}


_REVISION = select(
    select(func.sum(Bulletin.revision)).scalar_subquery(),
    select(func.max(Bulletin.id)).scalar_subquery(),
    select(func.max(Issue.id)).scalar_subquery(),
    select(func.max(Cascade.id)).scalar_subquery(),
    select(func.max(CascadeEvent.id)).scalar_subquery(),
)

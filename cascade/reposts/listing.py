"""Reposts as the desk lists them: filtered, by page, and one with its story."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, true
from sqlalchemy.orm import Session

from cascade.audience.membership import holds
from cascade.audience.records import Organisation, Segment
from cascade.library.records import Toolkit
from cascade.paging import Page
from cascade.reposts.records import LinkCheck, Repost, RepostPicture

SEARCHED = 3_000
"""Reports that a search looks at, at a time."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; empty: all of it. Withdrawn ones are shown only when they're asked for."""

    search: str = ""
    toolkit: str = ""
    grade: str = ""
    way: str = ""
    segment: str = ""
    """The name of one: by organisations that are in it now."""
    group: str = ""
    """The key of a group."""
    withdrawn: bool = False
    before: int = 0
    """Search those with lower numbers only: what stood in newer ones was looked for already."""

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))


@dataclass(frozen=True, slots=True)
class Line:
    """A repost with the toolkit it is of."""

    repost: Repost
    toolkit: str
    title: str


@dataclass(frozen=True, slots=True)
class Story:
    """One repost with everything that came after."""

    line: Line
    checks: tuple[LinkCheck, ...]
    """The newest first."""
    has_picture: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of reposts; `older`: from where a search goes on, None when all were looked at."""

    page: Page[Line]
    older: int | None = None


def listing(
    session: Session, wanted: Wanted, *, page: int, size: int, searched: int = SEARCHED
) -> Found:
    """One page, newest first; of a search over the newest `searched` reports."""
    query, older = _matching(session, wanted), None
    if wanted.search:
        first, older = _stretch(session, wanted.before, searched)
        query = query.where(Repost.id >= first)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(query.order_by(Repost.id.desc()).limit(size).offset((page - 1) * size))
    return Found(Page(tuple(Line(*row) for row in rows), page, size, total), older)


def _stretch(session: Session, before: int, searched: int) -> tuple[int, int | None]:
    """The lowest number that is looked at, and the same again if there are lower ones."""
    below = Repost.id < before if before else true()
    lowest = session.scalar(
        select(Repost.id).where(below).order_by(Repost.id.desc()).offset(searched - 1).limit(1)
    )
    if lowest is None:
        return 0, None
    is_more = session.scalar(select(exists().where(Repost.id < lowest)))
    return lowest, lowest if is_more else None


def every(session: Session, wanted: Wanted) -> Iterator[Line]:
    """All of them, newest first, without holding them all."""
    query = _matching(session, wanted).order_by(Repost.id.desc())
    for row in session.execute(query, execution_options={"yield_per": _AT_ONCE}):
        yield Line(*row)


def story(session: Session, number: int) -> Story | None:
    """A repost with its looks and whether there is a picture; None: there is none."""
    row = session.execute(_lines().where(Repost.id == number)).one_or_none()
    if row is None:
        return None
    checks = session.scalars(
        select(LinkCheck).where(LinkCheck.repost_id == number).order_by(LinkCheck.id.desc())
    )
    picture = select(RepostPicture.repost_id).where(RepostPicture.repost_id == number)
    return Story(Line(*row), tuple(checks), session.scalar(picture) is not None)


def toolkits_of(session: Session) -> dict[str, str]:
    """Titles by name of the toolkits that were used."""
    used = select(Repost.toolkit_id).distinct()
    rows = session.execute(
        select(Toolkit.name, Toolkit.title).where(Toolkit.id.in_(used)).order_by(Toolkit.title)
    )
    return {row.name: row.title for row in rows}


def _lines() -> Select[Repost, str, str]:
    return select(Repost, Toolkit.name, Toolkit.title).join(
        Toolkit, Toolkit.id == Repost.toolkit_id
    )


def _matching(session: Session, wanted: Wanted) -> Select[Repost, str, str]:
    withdrawn = Repost.withdrawn_at.is_not(None)
    conditions: list[ColumnElement[bool]] = [withdrawn if wanted.withdrawn else ~withdrawn]
    equal: tuple[tuple[str, ColumnElement[str]], ...] = (
        (wanted.toolkit, Toolkit.name.expression),
        (wanted.grade, Repost.grade.expression),
        (wanted.way, Repost.way.expression),
        (wanted.group, Repost.group_key.expression),
    )
    conditions += [column == value for value, column in equal if value]
    if wanted.before:
        conditions.append(Repost.id < wanted.before)
    if wanted.segment:
        conditions.append(_of_segment(session, wanted.segment))
    if wanted.search:
        columns = (Repost.group_name, Repost.words, Repost.link, Repost.email)
        conditions.append(or_(*(one.icontains(wanted.search, autoescape=True) for one in columns)))
    return _lines().where(*conditions)


def _of_segment(session: Session, name: str) -> ColumnElement[bool]:
    segment = session.scalar(select(Segment).where(Segment.name == name))
    if segment is None:
        return false()
    theirs = Repost.organisation_id == Organisation.id
    return exists().where(theirs, Organisation.closed_at.is_(None), holds(segment))

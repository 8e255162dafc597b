"""Reposts as the desk lists them: filtered, by page, and one with its story."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from cascade.library.records import Toolkit
from cascade.paging import Page
from cascade.reposts.records import LinkCheck, Repost, RepostPicture

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; empty: all of it. Withdrawn ones are shown only when they're asked for."""

    search: str = ""
    toolkit: str = ""
    grade: str = ""
    way: str = ""
    kind: str = ""
    group: str = ""
    """The key of a group."""
    withdrawn: bool = False

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


def listing(session: Session, wanted: Wanted, *, page: int, size: int) -> Page[Line]:
    """One page, newest first."""
    query = _matching(wanted)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(query.order_by(Repost.id.desc()).limit(size).offset((page - 1) * size))
    return Page(tuple(Line(*row) for row in rows), page, size, total)


def every(session: Session, wanted: Wanted) -> Iterator[Line]:
    """All of them, newest first, without holding them all."""
    query = _matching(wanted).order_by(Repost.id.desc())
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


def kinds_of(session: Session) -> tuple[str, ...]:
    """The kinds of organisation that used any."""
    query = select(Repost.kind).where(Repost.kind != "").distinct().order_by(Repost.kind)
    return tuple(session.scalars(query))


def _lines() -> Select[Repost, str, str]:
    return select(Repost, Toolkit.name, Toolkit.title).join(
        Toolkit, Toolkit.id == Repost.toolkit_id
    )


def _matching(wanted: Wanted) -> Select[Repost, str, str]:
    withdrawn = Repost.withdrawn_at.is_not(None)
    conditions: list[ColumnElement[bool]] = [withdrawn if wanted.withdrawn else ~withdrawn]
    equal: tuple[tuple[str, ColumnElement[str]], ...] = (
        (wanted.toolkit, Toolkit.name.expression),
        (wanted.grade, Repost.grade.expression),
        (wanted.way, Repost.way.expression),
        (wanted.kind, Repost.kind.expression),
        (wanted.group, Repost.group_key.expression),
    )
    conditions += [column == value for value, column in equal if value]
    if wanted.search:
        columns = (Repost.group_name, Repost.words, Repost.link, Repost.email)
        conditions.append(or_(*(one.icontains(wanted.search, autoescape=True) for one in columns)))
    return _lines().where(*conditions)

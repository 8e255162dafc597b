"""List organisations by name, a stretch at a time: no page costs more than the first."""

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from cascade.audience.finding import found_organisations
from cascade.audience.records import Contact, Organisation
from cascade.cleaning import cut

Line = TypeVar("Line")

SIZE = 50
COUNTED = 1_000
"""A total is counted up to here; beyond it is “more than”."""

_READ = 5_000

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which organisations to list; empty: whichever."""

    search: str = ""
    """Beginnings of words of a name, code, place, postcode, or of a contact's name or address."""
    kind: str = ""
    place: str = ""
    """The whole of it, in small or capital letters."""
    closed: bool = False
    """Those that are closed, in place of those that are open."""
    no_address: bool = False
    """Only those where no message can arrive: no open contact has an address."""


@dataclass(frozen=True, slots=True)
class Stretch(Generic[Line]):
    """Some lines of a list, and the numbers to go on from in either direction."""

    lines: tuple[Line, ...]
    before: int | None
    """Number of the first line, where there are lines before it."""
    after: int | None
    """Number of the last line, where there are lines after it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A stretch of organisations, and how many there are."""

    stretch: Stretch[Organisation]
    total: int | None
    """COUNTED + 1 stands for more than COUNTED; None: too many to be looked at."""


def organisations(
    session: Session, wanted: Wanted, *, after: int = 0, before: int = 0, size: int = SIZE
) -> Listed:
    """A stretch by name that begins after, or ends before, the organisation of that number.

    Of a search, the first COUNTED that are found are listed.
    """
    conditions, total = _conditions(wanted), None
    if words := cut(wanted.search, _LONGEST):
        numbers = found_organisations(session, words, conditions)
        conditions = [Organisation.id.in_(numbers[:COUNTED])]
        total = len(numbers)
    else:
        total = _counted(session, wanted)
    query = select(Organisation).where(*conditions)
    return Listed(stretch(session, query, after, before, size), total)


def _counted(session: Session, wanted: Wanted) -> int | None:
    if not wanted.no_address:
        return _number(session, select(Organisation.id).where(*_conditions(wanted)), COUNTED + 1)
    # Hardly anybody is without one: to count to a thousand of them, nearly all would be read.
    every = select(Organisation.id).where(*_conditions(replace(wanted, no_address=False)))
    if _number(session, every, _READ + 1) > _READ:
        return None
    return _number(session, every.where(~_has_address()), COUNTED + 1)


def _number(session: Session, query: Select[int], most: int) -> int:
    return session.scalar(select(func.count()).select_from(query.limit(most).subquery())) or 0


def stretch(
    session: Session,
    query: Select[Organisation],
    after: int = 0,
    before: int = 0,
    size: int = SIZE,
) -> Stretch[Organisation]:
    """Organisations of a query in the order of their names."""
    from_where = _place_of(session, after or before)
    position = tuple_(Organisation.name, Organisation.id)
    backwards = from_where is not None and not after
    if from_where is not None:
        beside = tuple_(*from_where)
        query = query.where(position < beside if backwards else position > beside)
    order = (Organisation.name, Organisation.id)
    if backwards:
        query = query.order_by(*(column.desc() for column in order))
    else:
        query = query.order_by(*order)
    found = list(session.scalars(query.limit(size + 1)))
    more, lines = len(found) > size, found[:size]
    if backwards:
        lines.reverse()
    return Stretch(
        tuple(lines),
        lines[0].id if lines and (more if backwards else from_where is not None) else None,
        lines[-1].id if lines and (backwards or more) else None,
    )


def _place_of(session: Session, number: int) -> tuple[str, int] | None:
    if not number:
        return None
    name = session.scalar(select(Organisation.name).where(Organisation.id == number))
    return None if name is None else (name, number)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    is_open = Organisation.closed_at.is_(None)
    conditions: list[ColumnElement[bool]] = [~is_open if wanted.closed else is_open]
    if wanted.kind:
        conditions.append(Organisation.kind == wanted.kind)
    if place := cut(wanted.place, _LONGEST):
        conditions.append(func.lower(Organisation.place) == place.lower())
    if wanted.no_address:
        conditions.append(~_has_address())
    return conditions


def _has_address() -> ColumnElement[bool]:
    # An alias: a search of contacts asks this beside contacts of its own.
    one = aliased(Contact)
    return exists().where(
        one.organisation_id == Organisation.id, one.email.is_not(None), one.closed_at.is_(None)
    )

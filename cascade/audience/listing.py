"""List organisations by name, a stretch at a time: no page costs more than the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Boolean, ColumnElement, Select, func, literal_column, select, tuple_
from sqlalchemy.orm import Session

from cascade.audience.finding import found_organisations
from cascade.audience.records import Organisation
from cascade.cleaning import cut
from cascade.database import among

Line = TypeVar("Line")

SIZE = 50
COUNTED = 1_000
"""A total is counted up to here; beyond it is “more than”."""

_LONGEST = 200
_UNREACHED = "NOT organisations.has_address"  # as in the index, or SQLite doesn't see that it fits


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
    total: int
    """COUNTED + 1 stands for more than COUNTED."""


def organisations(
    session: Session, wanted: Wanted, *, after: int = 0, before: int = 0, size: int = SIZE
) -> Listed:
    """A stretch by name that begins after, or ends before, the organisation of that number.

    Of a search, the first COUNTED that are found are listed.
    """
    if words := cut(wanted.search, _LONGEST):
        numbers = found_organisations(session, words, _conditions(wanted))
        found = _of_found(session, numbers[:COUNTED], after, before, size)
        return Listed(found, len(numbers))
    query = select(Organisation).where(*_conditions(wanted))
    return Listed(stretch(session, query, after, before, size), _counted(session, wanted))


def _of_found(
    session: Session, numbers: Sequence[int], after: int, before: int, size: int
) -> Stretch[Organisation]:
    """A stretch of these few, put in order before it is cut: names are not walked for them."""
    order = (Organisation.name, Organisation.id)
    some = select(Organisation.id).where(among(session, Organisation.id, numbers))
    ids = list(session.scalars(some.order_by(*order)))
    if after in ids:
        start = ids.index(after) + 1
    else:
        start = max(ids.index(before) - size, 0) if before in ids else 0
    chosen = ids[start : start + size]
    query = select(Organisation).where(among(session, Organisation.id, chosen)).order_by(*order)
    return Stretch(
        tuple(session.scalars(query)),
        chosen[0] if start else None,
        chosen[-1] if start + size < len(ids) else None,
    )


def _counted(session: Session, wanted: Wanted) -> int:
    some = select(Organisation.id).where(*_conditions(wanted)).limit(COUNTED + 1)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


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
        conditions.append(literal_column(_UNREACHED, Boolean))
    return conditions

"""List organisations by name, a stretch at a time: no page costs more than the first."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from cascade.audience.records import Contact, Organisation
from cascade.cleaning import cut

Line = TypeVar("Line")

SIZE = 50
COUNTED = 1_000
"""A total is counted up to here; beyond it is “more than”."""

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which organisations to list; empty: whichever."""

    search: str = ""
    """Part of a name, code, postcode, or of a contact's name or address."""
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


def organisations(
    session: Session, wanted: Wanted, *, after: int = 0, before: int = 0, size: int = SIZE
) -> Stretch[Organisation]:
    """A stretch by name that begins after, or ends before, the organisation of that number."""
    return stretch(session, select(Organisation).where(*_conditions(wanted)), after, before, size)


def counted(session: Session, wanted: Wanted) -> int:
    """How many there are; COUNTED + 1 stands for more than that."""
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


def _conditions(wanted: Wanted) -> list[Any]:
    is_open = Organisation.closed_at.is_(None)
    conditions: list[Any] = [~is_open if wanted.closed else is_open]
    if wanted.kind:
        conditions.append(Organisation.kind == wanted.kind)
    if place := cut(wanted.place, _LONGEST):
        conditions.append(func.lower(Organisation.place) == place.lower())
    if wanted.no_address:
        conditions.append(~_has_address())
    if words := cut(wanted.search, _LONGEST):
        conditions.append(_found(words))
    return conditions


def _has_address() -> Any:
    return exists().where(
        Contact.organisation_id == Organisation.id,
        Contact.email.is_not(None),
        Contact.closed_at.is_(None),
    )


def _found(words: str) -> Any:
    own = (Organisation.name, Organisation.code, Organisation.postcode)
    theirs = (Contact.email, Contact.name)
    people = select(Contact.organisation_id).where(
        or_(*(column.icontains(words, autoescape=True) for column in theirs))
    )
    return or_(
        *(column.icontains(words, autoescape=True) for column in own),
        Organisation.id.in_(people),
    )

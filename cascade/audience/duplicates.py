"""Find organisations that are likely to be the same one twice."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, distinct, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cascade.audience.naming import folded
from cascade.audience.records import Contact, Organisation

LOOKED_AT = 100
"""Values that several share, looked at for one page."""

READ = 5_000
"""Organisations or contacts that are looked at for one page."""

_SHOWN = 20
_MOST_OF_ONE = 20
_ALIKE = 0.75

Organisations = tuple[Organisation, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Open organisations of one kind that share a value, two at least."""

    value: str
    """The postcode, address or number."""
    organisations: Organisations


@dataclass(frozen=True, slots=True)
class Found:
    """Some of them, in the order of what they share, and where to look further."""

    groups: tuple[Alike, ...]
    after: str
    """The value that was looked at last; empty: there is nothing further."""


def by_postcode(session: Session, after: str = "") -> Found:
    """Those at one postcode with names that are alike."""
    entries = select(Organisation.postcode.label("value"), Organisation.id.label("home")).where(
        Organisation.closed_at.is_(None), Organisation.postcode > after
    )
    values, further = _shared(session, entries)
    query = select(Organisation.postcode, Organisation)
    rows = _open(session, query, Organisation.postcode, values)
    return _found(rows, further, _of_similar_names)


def by_email(session: Session, after: str = "") -> Found:
    """Those with a contact at one address, which may also be the mailbox of a group of homes."""
    return _by_contact(session, Contact.email, after)


def by_phone(session: Session, after: str = "") -> Found:
    """Those with a contact at one number."""
    return _by_contact(session, Contact.phone, after)


def are_alike(one: str, other: str) -> bool:
    """Whether two names may be of one organisation: `Oak House` and `Oak Hse Care Home`."""
    first, second = sorted((folded(one), folded(other)), key=len)
    if len(first) >= 4 and second.startswith(first):
        return True
    return SequenceMatcher(None, first, second).ratio() >= _ALIKE


def _by_contact(session: Session, column: InstrumentedAttribute[str | None], after: str) -> Found:
    entries = select(column.label("value"), Contact.organisation_id.label("home")).where(
        Contact.closed_at.is_(None), column > after
    )
    values, further = _shared(session, entries)
    query = (
        select(column, Organisation)
        .join(Contact, Contact.organisation_id == Organisation.id)
        .where(Contact.closed_at.is_(None))
    )
    return _found(_open(session, query, column, values), further, _of_one_kind)


def _shared(session: Session, entries: Select[*tuple[Any, ...]]) -> tuple[list[str], str]:
    """Values that several share among the next READ entries, and the one to look further after."""
    looked = entries.order_by("value").limit(READ).subquery()
    value = looked.c.value
    several = func.count(distinct(looked.c.home)) > 1
    shared = select(value).group_by(value).having(several).order_by(value).limit(LOOKED_AT)
    values = list(session.scalars(shared))
    if len(values) == LOOKED_AT:
        return values, values[-1]
    number, last = session.execute(select(func.count(), func.max(value)).select_from(looked)).one()
    if number < READ:
        return values, ""
    # Some of those that share it may stand behind the end.
    return list(dict.fromkeys((*values, last))), last


def _open(
    session: Session,
    query: Select[*tuple[Any, ...]],
    column: ColumnElement[Any] | Any,
    values: Sequence[str],
) -> Sequence[Any]:
    return session.execute(
        query.where(Organisation.closed_at.is_(None), column.in_(values))
        .order_by(column, Organisation.id)
        .limit(READ)
    ).all()


def _found(
    rows: Sequence[Any],
    further: str,
    split: Callable[[Sequence[Organisation]], Iterable[Organisations]],
) -> Found:
    groups: list[Alike] = []
    is_cut = len(rows) == READ
    for value, some in groupby(rows, key=lambda row: row[0]):
        # Several contacts of one organisation may share a number.
        alike = list(dict.fromkeys(row[1] for row in some))[:_MOST_OF_ONE]
        groups += (Alike(value, one) for one in split(alike) if len(one) > 1)
        if len(groups) >= _SHOWN:
            return Found(tuple(groups), value if value != rows[-1][0] or is_cut else further)
    return Found(tuple(groups), rows[-1][0] if is_cut else further)


def _of_one_kind(some: Sequence[Organisation]) -> Iterable[Organisations]:
    kinds = dict.fromkeys(one.kind for one in some)
    return [tuple(one for one in some if one.kind == kind) for kind in kinds]


def _of_similar_names(some: Sequence[Organisation]) -> Iterable[Organisations]:
    for alike in _of_one_kind(some):
        rest = list(alike)
        while rest:
            first = rest.pop(0)
            group = [one for one in rest if are_alike(first.name, one.name)]
            rest = [one for one in rest if one not in group]
            yield (first, *group)

"""Recount what the counters say from the rows themselves, and put right what differs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Table,
    cast,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from cascade.evidence.records import ConfirmedMinute
from cascade.sending.driver import is_sqlite
from cascade.sending.records import CascadeOrganisation, Counter, Delivery, OrganisationCounter

_COUNTERS: Table = Counter.__table__  # type: ignore[assignment]
_ORGANISATIONS: Table = OrganisationCounter.__table__  # type: ignore[assignment]
_MINUTES: Table = ConfirmedMinute.__table__  # type: ignore[assignment]
_TABLES = {one.name: one for one in (_COUNTERS, _ORGANISATIONS, _MINUTES)}


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter that doesn't say what the rows say."""

    table: str
    key: tuple[int | str, ...]
    """Variant, state and grade; or cascade and segments; or cascade and minute."""
    figure: str
    recorded: int
    counted: int

    def __str__(self) -> str:
        place = ", ".join(map(str, self.key))
        return f"{self.table} ({place}): {self.figure} is {self.recorded}, counted {self.counted}"


def recount(session: Session) -> list[Difference]:
    """Every counter that differs from its rows. Each table is compared in one statement.

    So messages that go out meanwhile make no difference: a statement sees one moment.
    """
    return [*_deliveries(session), *_organisations(session), *_minutes(session)]


def repair(session: Session) -> list[Difference]:
    """Recount, and add what is missing to each counter; gives what was different.

    Adding keeps what moves between the recount and the repair.
    """
    differences = recount(session)
    for one in differences:
        _add(session, one)
    return differences


def _add(session: Session, one: Difference) -> None:
    table = _TABLES[one.table]
    keys = dict(zip(table.primary_key.columns.keys(), one.key, strict=True))
    column = table.c[one.figure]
    result = session.execute(
        update(table)
        .where(*(table.c[name] == value for name, value in keys.items()))
        .values({column: column + (one.counted - one.recorded)})
        .returning(column)
    )
    if result.first() is None:
        session.execute(insert(table).values(_new(table, keys, one)))


def _new(table: Table, keys: dict[str, int | str], one: Difference) -> dict[str, int | str]:
    zeros = {column.name: 0 for column in table.columns if column.name not in keys}
    return {**zeros, **keys, one.figure: one.counted}


def _deliveries(session: Session) -> Iterator[Difference]:
    key = (Delivery.variant_id, Delivery.state, Delivery.grade)
    both = union_all(
        select(*key, func.count().label("counted"), literal(0).label("recorded")).group_by(*key),
        select(Counter.variant_id, Counter.state, Counter.grade, literal(0), Counter.deliveries),
    )
    return _different(session, _COUNTERS, "deliveries", both)


def _minutes(session: Session) -> Iterator[Difference]:
    at = CascadeOrganisation.confirmed_at
    key = (CascadeOrganisation.cascade_id, _minute(session, at).label("minute"))
    found = select(*key, func.count().label("counted"), literal(0).label("recorded"))
    told = (ConfirmedMinute.cascade_id, ConfirmedMinute.minute)
    both = union_all(
        found.where(at.is_not(None)).group_by(*key),
        select(*told, literal(0), ConfirmedMinute.confirmed),
    )
    return _different(session, _MINUTES, "confirmed", both)


def _minute(session: Session, at: InstrumentedAttribute[datetime | None]) -> ColumnElement[int]:
    if is_sqlite(session):
        return cast(func.strftime("%s", at), BigInteger) // 60
    return cast(func.floor(func.extract("epoch", at) / 60), BigInteger)


def _different(
    session: Session, table: Table, figure: str, both: CompoundSelect[*tuple[Any, ...]]
) -> Iterator[Difference]:
    """Where two figures of one key differ: what was counted, and what is recorded."""
    rows = both.subquery()
    names = list(rows.c)[:-2]
    counted, recorded = func.sum(rows.c.counted), func.sum(rows.c.recorded)
    for row in session.execute(
        select(*names, counted, recorded)
        .group_by(*names)
        .having(counted != recorded)
        .order_by(*names)
    ):
        *key, found, said = tuple(row)
        yield Difference(table.name, tuple(key), figure, int(said), int(found))


def _organisations(session: Session) -> Iterator[Difference]:
    key = (CascadeOrganisation.cascade_id, CascadeOrganisation.segments)
    found_confirmed = func.count(CascadeOrganisation.confirmed_at)
    both = union_all(
        select(
            *key,
            func.count().label("organisations"),
            found_confirmed.label("confirmed"),
            literal(0).label("said_organisations"),
            literal(0).label("said_confirmed"),
        ).group_by(*key),
        select(
            OrganisationCounter.cascade_id,
            OrganisationCounter.segments,
            literal(0),
            literal(0),
            OrganisationCounter.organisations,
            OrganisationCounter.confirmed,
        ),
    ).subquery()
    names = both.c[:2]
    sums = [func.sum(column) for column in both.c[2:]]
    rows = session.execute(select(*names, *sums).group_by(*names).order_by(*names))
    for row in rows:
        cascade, segments, *numbers = tuple(row)
        found, said = numbers[:2], numbers[2:]
        for figure, counted, recorded in zip(
            ("organisations", "confirmed"), found, said, strict=True
        ):
            if counted != recorded:
                yield Difference(
                    _ORGANISATIONS.name, (cascade, segments), figure, int(recorded), int(counted)
                )

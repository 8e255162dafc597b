"""Add, change, close and reopen one organisation; nobody's change is overwritten unseen."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cascade.audience.checking import GivenOrganisation, by_name, organisation_values
from cascade.audience.reach import note_reach
from cascade.audience.records import Contact, Organisation
from cascade.audience.search_words import learn_contacts, learn_organisations
from cascade.audience.segments import kinds
from cascade.errors import BadInput, NotFound, Overtaken

Row = TypeVar("Row", Organisation, Contact)


class There(BadInput):
    """The same one is there already; `number` is its row."""

    def __init__(self, field: str, words: str, number: int) -> None:
        super().__init__(words, [f"{field}: {words}"])
        self.number = number


def get(session: Session, number: int) -> Organisation:
    """The organisation of a number; raises NotFound."""
    found = session.get(Organisation, number)
    if found is None:
        raise NotFound(f"There is no organisation {number}.")
    return found


def add(session: Session, given: GivenOrganisation, now: datetime) -> Organisation:
    """A new one; raises BadInput, which is There when an import would take it for another."""
    values = organisation_values(given, kinds(session))
    _refuse_twin(session, values, 0)
    added = Organisation(**values, updated_at=now)
    session.add(added)
    session.flush()
    learn_organisations(session, [added])
    return added


def change(
    session: Session, number: int, given: GivenOrganisation, *, seen: datetime, now: datetime
) -> Organisation:
    """Give it other values; raises BadInput, and Overtaken when it isn't as it was seen."""
    row = unchanged(session, Organisation, number, seen)
    values = organisation_values(given, (*kinds(session), row.kind))
    _refuse_twin(session, values, number)
    return apply(session, row, values, now)


def set_closed(session: Session, number: int, *, closed: bool, now: datetime) -> Organisation:
    """Close or reopen it; its contacts stay as they are."""
    row = locked(session, Organisation, number)
    if closed == (row.closed_at is not None):
        return row
    return apply(session, row, {"closed_at": now if closed else None}, now)


def locked(session: Session, record: type[Row], number: int) -> Row:
    """The row, kept from others until the transaction ends; raises NotFound."""
    query = select(record).where(record.id == number).with_for_update()
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFound(f"There is no {record.__name__.lower()} {number}.")
    return row


def unchanged(session: Session, record: type[Row], number: int, seen: datetime) -> Row:
    """The same; raises Overtaken unless it was last changed at the moment that was seen."""
    row = locked(session, record, number)
    if row.updated_at != seen:
        raise overtaken(row.name or row.key)
    return row


def apply(session: Session, row: Row, values: Mapping[str, Any], now: datetime) -> Row:
    """Write the values; a moment that is always later than the last shows that it changed."""
    for name, new in values.items():
        setattr(row, name, new)
    row.updated_at = max(now, row.updated_at + timedelta(microseconds=1))
    session.flush()
    if isinstance(row, Organisation):
        learn_organisations(session, [row])
    else:
        learn_contacts(session, [row])
        note_reach(session, [row.organisation_id])
    return row


def overtaken(about: str) -> Overtaken:
    """The error for what is not as it was seen any more."""
    return Overtaken(f"{about} was changed while this page was open. Nothing was saved.")


def audited(row: Organisation) -> dict[str, Any]:
    """An organisation as the audit trail keeps it."""
    return {
        "name": row.name,
        "kind": row.kind,
        "code": row.code or "",
        "place": row.place,
        "postcode": row.postcode,
        **row.attributes,
        "closed": row.closed_at is not None,
    }


def _refuse_twin(session: Session, values: Mapping[str, Any], number: int) -> None:
    name = by_name(values)
    alike = select(Organisation).where(
        Organisation.key.in_({values["key"], name})
        | (func.lower(Organisation.name) == values["name"].lower())
    )
    for other in session.scalars(alike.where(Organisation.id != number).limit(100)):
        if other.key == values["key"]:
            field = "code" if values["code"] else "name"
            raise There(field, f"{other.name} has this {_known_by(values)} already", other.id)
        # A file that gives one of them without its code could not tell which is meant.
        if not (other.code and values["code"]) and _called(other) == name:
            raise There("name", f"{other.name} is there already at the same place", other.id)


def _known_by(values: Mapping[str, Any]) -> str:
    return "code" if values["code"] else "name and place"


def _called(other: Organisation) -> str:
    fields = ("name", "kind", "place", "postcode")
    return by_name({field: getattr(other, field) for field in fields})

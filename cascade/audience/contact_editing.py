"""Add, change, close and reopen one contact, and put the deputies of an organisation in order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.audience.checking import GivenContact, contact_values
from cascade.audience.editing import There, apply, locked, overtaken, unchanged
from cascade.audience.reach import note_reach
from cascade.audience.records import Contact, Organisation
from cascade.audience.search_words import learn_contacts
from cascade.errors import BadInput, NotFound

LAST_DEPUTY = 9


def contacts(session: Session, organisation_id: int) -> tuple[Contact, ...]:
    """Everybody of an organisation: who is written to first, then deputies, then who is closed."""
    order = (Contact.closed_at.is_not(None), Contact.deputy, Contact.name, Contact.id)
    query = select(Contact).where(Contact.organisation_id == organisation_id)
    return tuple(session.scalars(query.order_by(*order)))


def get(session: Session, number: int) -> Contact:
    """The contact of a number; raises NotFound."""
    found = session.get(Contact, number)
    if found is None:
        raise NotFound(f"There is no contact {number}.")
    return found


def add(session: Session, organisation_id: int, given: GivenContact, now: datetime) -> Contact:
    """A new contact; raises NotFound, and BadInput, which is There when it is known already."""
    locked(session, Organisation, organisation_id)
    values = contact_values(given)
    _refuse_twin(session, organisation_id, values, 0)
    added = Contact(**values, organisation_id=organisation_id, updated_at=now)
    session.add(added)
    session.flush()
    learn_contacts(session, [added])
    note_reach(session, [organisation_id])
    return added


def change(
    session: Session, number: int, given: GivenContact, *, seen: datetime, now: datetime
) -> Contact:
    """Give it other values; raises BadInput, and Overtaken when it isn't as it was seen."""
    row = unchanged(session, Contact, number, seen)
    values = contact_values(given)
    _refuse_twin(session, row.organisation_id, values, number)
    return apply(session, row, values, now)


def set_closed(session: Session, number: int, *, closed: bool, now: datetime) -> Contact:
    """Close or reopen it: who is closed gets no message any more."""
    row = locked(session, Contact, number)
    if closed == (row.closed_at is not None):
        return row
    return apply(session, row, {"closed_at": now if closed else None}, now)


def put_in_order(
    session: Session,
    organisation_id: int,
    wanted: Mapping[int, int],
    *,
    seen: Mapping[int, int],
    now: datetime,
) -> None:
    """Say who is written to at once (0) and who is which deputy, by the contacts' numbers.

    `seen`: how it was when it was shown; raises Overtaken when it isn't so any more.
    """
    organisation = locked(session, Organisation, organisation_id)
    here = [one for one in contacts(session, organisation_id) if one.closed_at is None]
    if {one.id: one.deputy for one in here} != dict(seen):
        raise overtaken(f"The order at {organisation.name}")
    if set(wanted) != set(seen) or not all(0 <= one <= LAST_DEPUTY for one in wanted.values()):
        raise BadInput("Choose a place for everybody.")
    if wanted and 0 not in wanted.values():
        raise BadInput("Somebody has to be written to at once: choose at least one.")
    for one in here:
        if one.deputy != wanted[one.id]:
            apply(session, one, {"deputy": wanted[one.id]}, now)


def audited(row: Contact) -> dict[str, Any]:
    """A contact as the audit trail keeps it."""
    return {
        "name": row.name,
        "role": row.role,
        "email": row.email or "",
        "phone": row.phone or "",
        "language": row.language,
        "deputy": row.deputy,
        "closed": row.closed_at is not None,
    }


def _refuse_twin(
    session: Session, organisation_id: int, values: Mapping[str, Any], number: int
) -> None:
    other = session.scalar(
        select(Contact).where(
            Contact.organisation_id == organisation_id,
            Contact.key == values["key"],
            Contact.id != number,
        )
    )
    if other is not None:
        field = "email" if values["email"] else "phone" if values["phone"] else "name"
        closed = ", closed: open it again" if other.closed_at else ""
        raise There(field, f"there is a contact {other.key} here already{closed}", other.id)

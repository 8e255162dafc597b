"""Whether an organisation can be written to at all, kept in step with its contacts."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, update
from sqlalchemy.orm import Session

from cascade.audience.records import Contact, Organisation
from cascade.database import among


def note_reach(session: Session, numbers: Collection[int]) -> None:
    """Note it of organisations whose contacts are new or have changed."""
    if numbers:
        _note(session, among(session, Organisation.id, sorted(numbers)))


def note_everybodys_reach(session: Session) -> None:
    """Note it of every organisation there is."""
    _note(session, Organisation.id.is_not(None))


def _note(session: Session, which: ColumnElement[bool]) -> None:
    reached = exists().where(
        Contact.organisation_id == Organisation.id,
        Contact.email.is_not(None),
        Contact.closed_at.is_(None),
    )
    session.execute(
        update(Organisation)
        .where(which, Organisation.has_address != reached)
        .values(has_address=reached)
        .execution_options(synchronize_session=False)
    )

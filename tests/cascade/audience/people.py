"""Organisations and contacts put in directly, with the keys that an import would give them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from cascade.audience import contact_editing, editing
from cascade.audience.checking import GivenContact, GivenOrganisation
from cascade.audience.records import Contact, Organisation

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def home(session: Session, name: str = "Oak House", **given: Any) -> Organisation:
    """A care home."""
    values = {"kind": "care-homes", "place": "Ambleby"} | given
    return editing.add(session, GivenOrganisation(name, **values), NOW)


def person(session: Session, at: Organisation, name: str = "Ann Lee", **given: Any) -> Contact:
    """A contact of an organisation."""
    return contact_editing.add(session, at.id, GivenContact(name, **given), NOW)

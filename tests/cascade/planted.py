"""A cascade planted row by row, in the numbers that a test names."""

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from cascade.audience.records import Contact, Organisation, Segment
from cascade.library.records import Toolkit, ToolkitVersion
from cascade.sending.records import (
    Cascade,
    CascadeOrganisation,
    Delivery,
    DeliveryOrganisation,
    OrganisationCounter,
    Variant,
)
from cascade.sending.states import CascadeState, DeliveryState, Grade, Lane, Tier
from cascade.sending.transitions import count

TITLES = {"care-homes": "Care homes", "gp-practices": "GP practices", "pharmacies": "Pharmacies"}


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what doesn't differ between the engines: a fresh PostgreSQL database takes its time."""


@dataclass(frozen=True, slots=True)
class Planted:
    """The row numbers of a planted cascade; deliveries and organisations in the same order."""

    cascade: int
    organisations: tuple[int, ...]
    deliveries: tuple[int, ...]


def plant(
    session: Session,
    now: datetime,
    segments: Sequence[str],
    *,
    state: DeliveryState = DeliveryState.ACCEPTED,
    grade: Grade = Grade.E,
    deadline: timedelta | None = timedelta(hours=4),
    exercise: bool = False,
    prefix: str = "",
) -> Planted:
    """For each entry (such as `care-homes,pharmacies`) an organisation, a contact, a message."""
    cascade = _cascade(session, now, segments, deadline, exercise, prefix)
    organisations = _organisations(session, now, segments, prefix)
    contacts = _contacts(session, now, organisations, prefix)
    variants = {
        names: Variant(
            cascade_id=cascade.id, version_id=cascade.version_id, segments=names, channel="email"
        )
        for names in dict.fromkeys(segments)
    }
    session.add_all(variants.values())
    session.flush()
    deliveries = [
        Delivery(
            cascade_id=cascade.id,
            variant_id=variants[names].id,
            contact_id=contact.id,
            address=contact.email,
            domain="example.org",
            slots={"organisation": organisation.name},
            state=state,
            grade=grade,
            due_at=now,
            changed_at=now,
        )
        for names, organisation, contact in zip(segments, organisations, contacts, strict=True)
    ]
    session.add_all(deliveries)
    session.flush()
    _counters(session, cascade.id, segments, organisations)
    count(session, Tally((one.variant_id, one.state, one.grade) for one in deliveries))
    session.execute(
        insert(DeliveryOrganisation),
        [
            {"delivery_id": delivery.id, "organisation_id": organisation.id}
            for delivery, organisation in zip(deliveries, organisations, strict=True)
        ],
    )
    return Planted(
        cascade.id, tuple(one.id for one in organisations), tuple(one.id for one in deliveries)
    )


def serve(session: Session, delivery: int, organisation: int) -> None:
    """Let a delivery stand for one more organisation."""
    session.add(DeliveryOrganisation(delivery_id=delivery, organisation_id=organisation))
    session.flush()


def plant_segments(session: Session) -> None:
    """The segments that planted cascades name."""
    session.add_all(Segment(name=name, title=title, rule={}) for name, title in TITLES.items())
    session.flush()


def _cascade(
    session: Session,
    now: datetime,
    segments: Sequence[str],
    deadline: timedelta | None,
    exercise: bool,
    prefix: str,
) -> Cascade:
    toolkit = Toolkit(name=f"{prefix}cold-snap", title="Cold snap", language="en", created_at=now)
    session.add(toolkit)
    session.flush()
    version = ToolkitVersion(
        toolkit_id=toolkit.id,
        language="en",
        number=1,
        title="Cold snap",
        text="",
        sha256="",
        published_at=now,
        published_by="Ann",
    )
    session.add(version)
    session.flush()
    cascade = Cascade(
        toolkit_id=toolkit.id,
        version_id=version.id,
        title="Cold snap",
        tier=Tier.URGENT,
        lane=Lane.URGENT,
        state=CascadeState.SENDING,
        segments=sorted({name for names in segments for name in names.split(",")}),
        exercise=exercise,
        released_by="Ann",
        released_at=now,
        send_at=now,
        deadline_at=now + deadline if deadline else None,
        organisations=len(segments),
        recipients=len(segments),
        suppressed={"no-contact": 2},
    )
    session.add(cascade)
    session.flush()
    return cascade


def _organisations(
    session: Session, now: datetime, segments: Sequence[str], prefix: str
) -> list[Organisation]:
    organisations = [
        Organisation(
            key=f"{prefix}{number}",
            name=f"{prefix}House {number}",
            kind=names.split(",")[0],
            has_address=True,
            place="Ambleby",
            postcode="ZZ1 1ZZ",
            updated_at=now,
        )
        for number, names in enumerate(segments)
    ]
    session.add_all(organisations)
    session.flush()
    return organisations


def _contacts(
    session: Session, now: datetime, organisations: Sequence[Organisation], prefix: str
) -> list[Contact]:
    contacts = [
        Contact(
            organisation_id=one.id,
            key=f"{prefix}{number}",
            name=f"Pat {number}",
            role="manager",
            email=f"{prefix}pat{number}@example.org",
            phone="+442079460018",
            updated_at=now,
        )
        for number, one in enumerate(organisations)
    ]
    session.add_all(contacts)
    session.flush()
    return contacts


def _counters(
    session: Session, cascade: int, segments: Sequence[str], organisations: Sequence[Organisation]
) -> None:
    session.add_all(
        CascadeOrganisation(cascade_id=cascade, organisation_id=one.id, segments=names)
        for names, one in zip(segments, organisations, strict=True)
    )
    session.add_all(
        OrganisationCounter(cascade_id=cascade, segments=names, organisations=total, confirmed=0)
        for names, total in Tally(segments).items()
    )
    session.flush()

"""One delivery of one cascade, put straight into the database."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from cascade.audience.records import Contact, Organisation, Segment
from cascade.database import Database
from cascade.library.records import Toolkit, ToolkitVersion
from cascade.sending.records import Cascade, Delivery, Variant
from cascade.sending.states import POLICIES, CascadeState, DeliveryState, Tier
from tests.cascade.sending.mail import OAK_HOUSE


def released(
    database: Database,
    now: datetime,
    text: str,
    *,
    segments: str = "care-homes",
    tier: Tier = Tier.URGENT,
    exercise: bool = False,
    slots: Mapping[str, str] = OAK_HOUSE,
) -> int:
    """Number of the delivery of a message to the manager of Oak House."""
    with database.writing() as session:
        organisation = Organisation(key="oak", name="Oak House", kind="care-homes", updated_at=now)
        toolkit = Toolkit(name="sample", title="Sample", language="en", created_at=now)
        titles = {"care-homes": "Care homes", "gp-practices": "GP practices"}
        session.add_all([organisation, toolkit])
        session.add_all(
            Segment(name=name, title=title, rule={"kind": [name]}) for name, title in titles.items()
        )
        session.flush()
        contact = Contact(organisation_id=organisation.id, key="manager", updated_at=now)
        version = ToolkitVersion(
            toolkit_id=toolkit.id,
            language="en",
            number=1,
            title="Sample",
            text=text,
            sha256="",
            published_at=now,
            published_by="Test",
        )
        session.add_all([contact, version])
        session.flush()
        cascade = Cascade(
            toolkit_id=toolkit.id,
            version_id=version.id,
            title="Sample",
            tier=tier,
            lane=POLICIES[tier].lane,
            state=CascadeState.SENDING,
            segments=segments.split(","),
            exercise=exercise,
            released_by="Test",
            released_at=now,
            send_at=now,
            deadline_at=None if tier is Tier.ROUTINE else now + timedelta(hours=4),
            organisations=1,
            recipients=1,
            suppressed={},
        )
        session.add(cascade)
        session.flush()
        variant = Variant(
            cascade_id=cascade.id, version_id=version.id, segments=segments, channel="email"
        )
        session.add(variant)
        session.flush()
        delivery = Delivery(
            cascade_id=cascade.id,
            variant_id=variant.id,
            contact_id=contact.id,
            address="manager@oakhouse.example.org",
            domain="oakhouse.example.org",
            slots=dict(slots),
            state=DeliveryState.CLAIMED,
            due_at=now,
            changed_at=now,
        )
        session.add(delivery)
        session.flush()
        return delivery.id

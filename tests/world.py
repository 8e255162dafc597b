"""A small world for tests of the route: people in segments, a published toolkit, a runtime."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cascade.audience.records import Contact, Organisation
from cascade.audience.segments import seed
from cascade.database import Database
from cascade.identity import Identity
from cascade.library.publish import find, publish
from cascade.links import Links
from cascade.sending.compositor import Compositor
from cascade.sending.pace import Limits
from cascade.sending.plan import Release, release
from cascade.sending.planned import Planned
from cascade.sending.records import Cascade, Claim, Counter, Delivery, Event, Variant
from cascade.sending.states import Tier
from channels.smtp import SmtpAddress, SmtpChannel
from workers.runtime import Runtime

LINKS = Links("a key that only the tests know, 0123456789", "https://cascade.example.org")
IDENTITY = Identity(
    sender="County Comms <comms@example.org>",
    reply_to="comms@example.org",
    bounce_domain="bounces.example.org",
    cell="County Comms",
)
TOOLKIT = """---
title: Cold snap
toolkit: cold-snap
lead: Example ICB
key_messages:
  - Keep one room warm.
action: Tell everybody on duty.
---
A cold snap is coming to {{ place }}, {{ organisation }}.

::: for care-homes
Check on residents twice a day.
:::

::: for gp-practices
Hot clinics are open.
:::
"""


def add_people(
    session: Session,
    number: int,
    *,
    kind: str = "care-homes",
    now: datetime | None = None,
    prefix: str = "",
) -> list[int]:
    """That many organisations of a kind with one contact each; gives the organisations' numbers."""
    now = now or datetime.now(UTC)
    organisations = [
        Organisation(
            key=f"{prefix}{kind}-{one}",
            name=f"{prefix}{kind.title()} {one}",
            kind=kind,
            place="Ambleby",
            has_address=True,
            updated_at=now,
        )
        for one in range(number)
    ]
    session.add_all(organisations)
    session.flush()
    session.add_all(
        Contact(
            organisation_id=one.id,
            key="first",
            name=f"Pat {one.id}",
            role="Manager",
            email=f"pat{one.id}@{prefix}{kind}.example.org",
            updated_at=now,
        )
        for one in organisations
    )
    session.flush()
    return [one.id for one in organisations]


def publish_toolkit(session: Session, text: str = TOOLKIT, now: datetime | None = None) -> None:
    """Publish the text; the first five segments are put in too."""
    seed(session)
    publish(session, text, by="Ann", now=now or datetime.now(UTC))


def send(
    session: Session,
    now: datetime,
    *,
    to: Sequence[str] = ("care-homes",),
    tier: Tier = Tier.URGENT,
    toolkit: str = "cold-snap",
    again: bool = False,
    send_at: datetime | None = None,
) -> Planned:
    """Release the toolkit."""
    wanted = Release(find(session, toolkit), to, tier, "Ann", send_at=send_at, again=again)
    return release(session, wanted, now, sign_off=False)


def planned_cascade(database: Database, people: int, *, tier: Tier = Tier.URGENT) -> int:
    """A released cascade to that many care homes."""
    now = datetime.now(UTC)
    with database.writing() as session:
        add_people(session, people)
        publish_toolkit(session)
        cascade = send(session, now, tier=tier).cascade
    assert cascade is not None
    return cascade


def runtime(
    database: Database,
    smtp_url: str,
    *,
    connections: int = 4,
    timeout: float = 5,
    limits: Limits | None = None,
) -> Runtime:
    """What a worker works with, sending to a server of the test's."""
    address = SmtpAddress.parse(smtp_url)
    return Runtime(
        database=database,
        compositor=Compositor(LINKS, IDENTITY),
        open_channel=lambda: SmtpChannel(address, connections=connections, timeout=timeout),
        links=LINKS,
        identity=IDENTITY,
        limits=limits or Limits(),
    )


def states(database: Database, cascade: int) -> dict[str, int]:
    """How many deliveries of a cascade are in each state, counted row by row."""
    with database.reading() as session:
        rows = session.execute(
            select(Delivery.state, func.count())
            .where(Delivery.cascade_id == cascade)
            .group_by(Delivery.state)
        )
        return {row[0]: row[1] for row in rows}


def counted(database: Database, cascade: int) -> dict[str, int]:
    """The same from the counters."""
    with database.reading() as session:
        rows = session.execute(
            select(Counter.state, func.sum(Counter.deliveries))
            .join(Variant, Variant.id == Counter.variant_id)
            .where(Variant.cascade_id == cascade)
            .group_by(Counter.state)
        )
        return {state: int(number) for state, number in rows if number}


def events(database: Database, kind: str) -> list[str]:
    """What is noted in all events of a kind."""
    with database.reading() as session:
        return list(session.scalars(select(Event.detail).where(Event.kind == kind)))


def claims(database: Database) -> int:
    """How many leases there are."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Claim)) or 0


def state_of(database: Database, cascade: int) -> str:
    """The state of a cascade."""
    with database.reading() as session:
        return session.execute(select(Cascade.state).where(Cascade.id == cascade)).scalar_one()

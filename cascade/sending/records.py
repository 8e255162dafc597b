"""Cascades, their variants and deliveries, what happened to each, and the counters beside them.

Deliveries, their events, and the organisations of a cascade have no foreign keys. A release makes
them by the ten thousand from rows that it has just read, and nothing that they name is ever
deleted, only closed; to have PostgreSQL check each of them took longer than the rest of a release.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cascade.database import Base, Id, UtcDateTime
from cascade.sending.states import Grade

WAITING_SQL = "state IN ('planned', 'deferred')"
"""Still to go out. In these very words, or SQLite doesn't see that the index holds them."""

ENDED_SQL = "state IN ('bounced', 'failed', 'suppressed', 'withdrawn', 'expired')"
"""Didn't arrive and is not tried again; the same holds for these words."""

ANSWERED_SQL = "grade IN ('A', 'B', 'C')"
"""Somebody, or their mail program, has answered; the same holds for these words."""

ITEM = 80
"""Letters of the name of an item."""


class Cascade(Base):
    """One release of a toolkit version to segments. Its numbers are frozen when it is released."""

    __tablename__ = "cascades"
    __table_args__ = (Index("ix_cascades_state", "state", "lane"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    toolkit_id: Mapped[int] = mapped_column(ForeignKey("toolkits.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("toolkit_versions.id"))
    """The version in the toolkit's own language; variants name the one they are made from."""
    title: Mapped[str] = mapped_column(String(300))
    tier: Mapped[str] = mapped_column(String(12))
    lane: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(10))
    segments: Mapped[list[str]] = mapped_column(JSON)
    exercise: Mapped[bool] = mapped_column(default=False)
    released_by: Mapped[str] = mapped_column(String(200))
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
    request_key: Mapped[str | None] = mapped_column(String(43), unique=True)
    """What the page it was released on carried: sent twice, it makes one cascade."""
    countersigned_by: Mapped[str | None] = mapped_column(String(320))
    """The second person, where a release needs two."""
    awaits_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when a second person may countersign it; None: it needs no second one."""
    send_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deadline_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    organisations: Mapped[int]
    recipients: Mapped[int]
    """People with a message of their own: the denominator of every delivery figure."""
    suppressed: Mapped[dict[str, int]] = mapped_column(JSON)
    """Contacts left out, by reason."""
    policy: Mapped[dict[str, float] | None] = mapped_column(JSON)
    """Seconds of its tier's times as they were at the release; None: the defaults of the tier."""
    look: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What was set of the cell's look at the release (`cascade/look/wearing.py`)."""
    segment_titles: Mapped[dict[str, str] | None] = mapped_column(JSON)
    """Of its segments, as they were at the release; None: from before these were kept."""
    half_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    most_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CascadeEvent(Base):
    """Something that somebody, or the clock, did to a cascade; never changed after."""

    __tablename__ = "cascade_events"
    __table_args__ = (Index("ix_cascade_events_cascade_id", "cascade_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cascade_id: Mapped[int] = mapped_column(ForeignKey("cascades.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text, default="")


class Variant(Base):
    """What one set of segments gets of one version, in one language, by one channel."""

    __tablename__ = "variants"
    __table_args__ = (UniqueConstraint("cascade_id", "version_id", "segments", "channel", "omits"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cascade_id: Mapped[int] = mapped_column(ForeignKey("cascades.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("toolkit_versions.id"))
    segments: Mapped[str] = mapped_column(String(600))
    """Names in alphabetical order, joined with commas."""
    channel: Mapped[str] = mapped_column(String(20))
    omits: Mapped[str] = mapped_column(String(2000), default="")
    """Items of an issue that its readers had before, in the same way."""


class IssueItem(Base):
    """An item of a text that is an issue of a bulletin; never changed after."""

    __tablename__ = "issue_items"
    __table_args__ = (Index("ix_issue_items_item", "item", "version_id"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("toolkit_versions.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(ITEM), primary_key=True)
    """The short name of its toolkit; `flu-jab.v3` where a changed text is said once more."""
    item_version_id: Mapped[int] = mapped_column(ForeignKey("toolkit_versions.id"))
    title: Mapped[str] = mapped_column(String(300))
    asks: Mapped[bool] = mapped_column(default=False)
    """Whether its readers are asked to say that they used it."""


class Delivery(Base):
    """One message to one person. What it says about them is kept as it was at the release."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "ix_deliveries_waiting",
            "cascade_id",
            "due_at",
            "id",
            sqlite_where=text(WAITING_SQL),
            postgresql_where=text(WAITING_SQL),
        ),
        Index(
            "ix_deliveries_claim",
            "claim_id",
            sqlite_where=text("claim_id IS NOT NULL"),
            postgresql_where=text("claim_id IS NOT NULL"),
        ),
        # For lists. Nothing here moves while a message is sent: decision 21.
        Index("ix_deliveries_listed", "variant_id", "id"),
        Index(
            "ix_deliveries_ended",
            "variant_id",
            "id",
            sqlite_where=text(ENDED_SQL),
            postgresql_where=text(ENDED_SQL),
        ),
        Index(
            "ix_deliveries_answered",
            "variant_id",
            "id",
            sqlite_where=text(ANSWERED_SQL),
            postgresql_where=text(ANSWERED_SQL),
        ),
        # A number is in signed links: it must never come to mean another delivery.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cascade_id: Mapped[int] = mapped_column(Id)
    variant_id: Mapped[int] = mapped_column(Id)
    contact_id: Mapped[int] = mapped_column(Id)
    address: Mapped[str] = mapped_column(String(320))
    domain: Mapped[str] = mapped_column(String(255))
    slots: Mapped[dict[str, str]] = mapped_column(JSON)
    """Values of the slots that differ by recipient: organisation, contact, role, place."""
    state: Mapped[str] = mapped_column(String(10))
    grade: Mapped[str] = mapped_column(String(1), default=Grade.F)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claim_id: Mapped[int | None] = mapped_column(Id)
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the first attempt was made: the time to give up is counted from here."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CascadeOrganisation(Base):
    """An organisation that a cascade is to reach, and whether it has answered."""

    __tablename__ = "cascade_organisations"
    __table_args__ = (Index("ix_cascade_organisations_outstanding", "cascade_id", "confirmed_at"),)

    cascade_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    segments: Mapped[str] = mapped_column(String(600))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The first answer of any of its contacts."""
    answer: Mapped[str | None] = mapped_column(String(20))
    """The last answer of any of its contacts."""


class DeliveryOrganisation(Base):
    """The organisations a delivery stands for: one mailbox may serve several."""

    __tablename__ = "delivery_organisations"
    __table_args__ = (Index("ix_delivery_organisations_organisation_id", "organisation_id"),)

    delivery_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)


class Event(Base):
    """Something that happened to a delivery; never changed after."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_delivery_id", "delivery_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(Text, default="")


class Counter(Base):
    """How many deliveries of a variant are in a state with a grade; moved with every change."""

    __tablename__ = "counters"

    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), primary_key=True)
    grade: Mapped[str] = mapped_column(String(1), primary_key=True)
    deliveries: Mapped[int]


class OrganisationCounter(Base):
    """How many organisations of a set of segments a cascade is to reach, how many confirmed."""

    __tablename__ = "organisation_counters"

    cascade_id: Mapped[int] = mapped_column(ForeignKey("cascades.id"), primary_key=True)
    segments: Mapped[str] = mapped_column(String(600), primary_key=True)
    organisations: Mapped[int]
    confirmed: Mapped[int] = mapped_column(default=0)


class Claim(Base):
    """A lease on some deliveries of one cascade, renewed while its holder makes progress."""

    __tablename__ = "claims"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    cascade_id: Mapped[int] = mapped_column(ForeignKey("cascades.id"))
    holder: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Circuit(Base):
    """Whether a channel can be used now; open after it failed, until it is tried again."""

    __tablename__ = "circuits"

    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    open_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")


class RateBucket(Base):
    """Messages that may go out now to a domain (`*`: to all together); filled as time passes."""

    __tablename__ = "rate_buckets"

    domain: Mapped[str] = mapped_column(String(255), primary_key=True)
    tokens: Mapped[float]
    filled_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WorkerBeat(Base):
    """A process at work, and when it was last seen; one that is stopped takes its row away."""

    __tablename__ = "worker_beats"

    worker: Mapped[str] = mapped_column(String(120), primary_key=True)
    """Machine and process, as its claims name their holder."""
    task: Mapped[str] = mapped_column(String(20))
    """`sending`, or `listening` for reports and replies."""
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClockBeat(Base):
    """When each part of the clock last did its work: readiness is judged by it."""

    __tablename__ = "clock_beats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

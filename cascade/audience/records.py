"""Who: organisations, their contacts, segments, and the addresses that must not be written to."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cascade.database import Base, Id, UtcDateTime

UNREACHED_SQL = "NOT has_address AND closed_at IS NULL"
"""Nobody there can be written to, though it is open."""


class Organisation(Base):
    """A care home, practice, group: whoever a message is for."""

    __tablename__ = "organisations"
    __table_args__ = (
        Index("ix_organisations_name", "name", "id"),
        Index("ix_organisations_postcode", "postcode"),
        Index(
            "ix_organisations_unreached",
            "name",
            "id",
            sqlite_where=text(UNREACHED_SQL),
            postgresql_where=text(UNREACHED_SQL),
        ),
        Index(
            "ix_organisations_closed",
            "name",
            "id",
            sqlite_where=text("closed_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(300), unique=True)
    """What makes it the same one in the next file: its code, or its name and postcode."""
    name: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(60), index=True)
    """In the words of segments: `care-homes`, `gp-practices` …"""
    code: Mapped[str | None] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(120), default="")
    postcode: Mapped[str] = mapped_column(String(12), default="")
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    has_address: Mapped[bool] = mapped_column(default=False)
    """Whether an open contact has an email address: `cascade.audience.reach` keeps it."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Contact(Base):
    """A person or a role mailbox of an organisation."""

    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("organisation_id", "key"),
        Index("ix_contacts_email", "email"),
        Index("ix_contacts_phone", "phone"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    key: Mapped[str] = mapped_column(String(330))
    """What makes it the same one in the next file: its address, else its phone or its name."""
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str | None] = mapped_column(String(320))
    """Normalised: lower-case, the domain in A-labels."""
    phone: Mapped[str | None] = mapped_column(String(32))
    """E.164, with `;ext=` where there is an extension (RFC 3966)."""
    language: Mapped[str] = mapped_column(String(35), default="")
    """BCP 47; empty: whatever the toolkit is written in."""
    channel: Mapped[str] = mapped_column(String(20), default="email")
    deputy: Mapped[int] = mapped_column(default=0)
    """0: written to at once; 1, 2 …: first, second deputy, written to when the chase gets there."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SearchWord(Base):
    """A word of an organisation or a contact, by which it is found."""

    __tablename__ = "search_words"
    __table_args__ = (
        Index("ix_search_words_word", "about", "word", "row_id"),
        {"sqlite_with_rowid": False},
    )

    about: Mapped[str] = mapped_column(String(1), primary_key=True)
    """`o`: organisation, `c`: contact."""
    row_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    word: Mapped[str] = mapped_column(
        # By the bytes on both engines, so that the beginning of a word is a stretch of the index.
        String(60).with_variant(String(60, collation="C"), "postgresql"),
        primary_key=True,
    )


class Segment(Base):
    """A named rule over organisations and contacts."""

    __tablename__ = "segments"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    rule: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What must hold, all of it: `{"kind": ["care-homes"], "place": [...], ...}`."""
    public: Mapped[bool] = mapped_column(default=False)
    """Whether the public library shows what is for this segment, and names it."""


class Suppression(Base):
    """An address that isn't written to, and why."""

    __tablename__ = "suppressions"

    email: Mapped[str] = mapped_column(String(320), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40))
    """`unsubscribed` holds for routine news; `bounced` and `complained` hold for everything."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Upload(Base):
    """A file that somebody wants to import, with the difference that they were shown."""

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    by: Mapped[str] = mapped_column(String(320))
    """Email address of the user; nobody else sees it."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    kind: Mapped[str] = mapped_column(String(60))
    """Of every line that names none; empty: each has to."""
    complete: Mapped[bool]
    """It names everybody of its kinds: who is missing is closed."""
    shown: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The difference as it was shown, or, once it is done, what was done."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of everything that the import would change: it is done only while this stays the same."""
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

"""Users, the browsers they are signed in with, their one-time links, and the audit trail.

What proves that somebody is somebody (tokens, codes, passwords) is kept as a hash only.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from cascade.database import Base, Id, UtcDateTime


class User(Base):
    """Somebody who works in or with the cell; closed, never deleted: the audit trail names them."""

    __tablename__ = "users"
    __table_args__ = (
        # One account at the provider is one account here.
        Index("ix_users_subject", "issuer", "subject", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    """In lower case."""
    name: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    """The partner they work for: an ICB, a trust, a council."""
    roles: Mapped[list[str]] = mapped_column(JSON)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """Argon2; None until they have chosen one."""
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    """Of their authenticator app (RFC 6238), in base 32; None: no second step."""
    totp_step: Mapped[int] = mapped_column(default=0)
    """The time step of the last code that was taken: a code works once."""
    issuer: Mapped[str | None] = mapped_column(String(500))
    """Of the provider that their account is linked with (OpenID Connect); None: no link."""
    subject: Mapped[str | None] = mapped_column(String(255))
    """Who they are there, for ever."""
    vouched: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the provider said, the last time, that they took a second step there."""
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Visit(Base):
    """A browser that somebody is signed in with."""

    __tablename__ = "visits"
    __table_args__ = (Index("ix_visits_user_id", "user_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(45))
    browser: Mapped[str] = mapped_column(String(200))
    vouched: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the provider that they came by said that they took a second step there."""


class RecoveryCode(Base):
    """A way past the second step for who has lost their phone; works once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (Index("ix_recovery_codes_user_id", "user_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OneTimeLink(Base):
    """A link sent by mail or printed at a terminal: to accept an invitation, reset, or come in."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    purpose: Mapped[str] = mapped_column(String(12))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Throttle(Base):
    """Failed tries of one kind for one account or from one address, within a window of time."""

    __tablename__ = "throttles"

    name: Mapped[str] = mapped_column(String(400), primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditEntry(Base):
    """Something that somebody did; never changed after."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject", "subject", "id"),
        Index("ix_audit_entries_by", "by", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(320))
    """The email address of a user, or `terminal: name` for a command."""
    act: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(400))
    """What it was done to, such as `user someone@example.org` or `cascade 12`."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(String(45), default="")
    detail: Mapped[str] = mapped_column(Text, default="")

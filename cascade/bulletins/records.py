"""Bulletins, their issues while these are put together, and who asked to get them."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cascade.database import Base, Id, UtcDateTime
from cascade.sending.records import ITEM

UNDER_WAY_SQL = "state IN ('collecting', 'closed', 'submitted')"
"""Neither out nor given up; in these very words, or SQLite doesn't see the index."""


class IssueState(StrEnum):
    """Where an issue stands. Whether what was submitted is approved stands with its versions."""

    COLLECTING = "collecting"
    """What becomes due comes in by itself."""
    CLOSED = "closed"
    """The cut-off has passed: it is edited, and nothing comes in by itself."""
    SUBMITTED = "submitted"
    """Its text is fixed, in versions of its bulletin."""
    RELEASED = "released"
    SKIPPED = "skipped"
    EMPTY = "empty"
    """There was nothing in it, so it was not sent."""


class Bulletin(Base):
    """A bulletin: its text goes out as versions of a toolkit of the kind `bulletin`."""

    __tablename__ = "bulletins"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    toolkit_id: Mapped[int] = mapped_column(ForeignKey("toolkits.id"), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    segments: Mapped[list[str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    """The first is for everybody whose language is not among them."""
    sender_name: Mapped[str] = mapped_column(String(80), default="")
    reply_to: Mapped[str] = mapped_column(String(320), default="")
    """Empty, as the name: those of the cell."""
    schedule: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`cascade/bulletins/schedules.py` reads it."""
    headings: Mapped[bool] = mapped_column(default=True)
    """Its items stand below them."""
    contents: Mapped[bool] = mapped_column(default=True)
    """An issue begins with a list of what is in it."""
    cut_off_hours: Mapped[int]
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the clock opens the next issue; None: not while one is under way, or no date is left."""
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(320))
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """No further issue opens by itself."""


class Issue(Base):
    """One issue of a bulletin."""

    __tablename__ = "issues"
    __table_args__ = (
        UniqueConstraint("bulletin_id", "number"),
        Index(
            "ix_issues_under_way",
            "send_at",
            sqlite_where=text(UNDER_WAY_SQL),
            postgresql_where=text(UNDER_WAY_SQL),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    send_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cut_off_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    collected_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lead: Mapped[str] = mapped_column(Text, default="")
    """The sentence it begins with."""
    note: Mapped[str] = mapped_column(Text, default="")
    """Of the editor, in Markdown, for every reader."""
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(320))
    editors: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Everybody who put it together: arranged, noted, held back, submitted. None of them may
    approve it."""
    versions: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """What was submitted, by language."""
    terms: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Fixed with its text when it was submitted: its `segments`, and the `look` of its mail."""
    cascade_id: Mapped[int | None] = mapped_column(ForeignKey("cascades.id"))
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its editors were told that it waits, or was empty."""
    waits_for: Mapped[str] = mapped_column(Text, default="")
    """Why it did not go out at its time."""


class IssueEntry(Base):
    """A toolkit that is to be an item of an issue, and what its editor does with it."""

    __tablename__ = "issue_entries"
    __table_args__ = (UniqueConstraint("issue_id", "item"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"))
    toolkit_id: Mapped[int] = mapped_column(ForeignKey("toolkits.id"), index=True)
    item: Mapped[str] = mapped_column(String(ITEM))
    """As in `issue_items`."""
    version_id: Mapped[int] = mapped_column(ForeignKey("toolkit_versions.id"))
    """In its own language, as it was when it came in, or at the last look since."""
    heading: Mapped[str] = mapped_column(String(30))
    position: Mapped[int]
    held: Mapped[str] = mapped_column(String(5), default="")
    """`next`: not in this issue; `never`: in none of this bulletin."""
    note: Mapped[str] = mapped_column(Text, default="")
    whole: Mapped[bool] = mapped_column(default=False)
    """All of its text, in place of its newsletter copy or its summary."""
    asks: Mapped[bool] = mapped_column(default=False)
    """Readers are asked to say that they used it."""
    by_hand: Mapped[bool] = mapped_column(default=False)


def _ticket() -> int:
    return secrets.randbits(60)


class Subscription(Base):
    """Somebody asked to get a bulletin; they get it once they have followed a letter's link."""

    __tablename__ = "subscriptions"
    __table_args__ = (UniqueConstraint("bulletin_id", "email"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    ticket: Mapped[int] = mapped_column(BigInteger, unique=True, default=_ticket)
    """What its link names, at random: rows are deleted, and an old link must fit no other one."""
    bulletin_id: Mapped[int] = mapped_column(ForeignKey("bulletins.id"))
    email: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(200), default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

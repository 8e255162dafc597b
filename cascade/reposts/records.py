"""Takers of toolkits, what people say they used, how we know, and counts without readers."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from cascade.database import Base, Id, UtcDateTime


class Taker(Base):
    """Somebody who asked for a link of their own to a toolkit; no account."""

    __tablename__ = "takers"
    __table_args__ = (
        UniqueConstraint("toolkit_id", "email"),
        Index("ix_takers_email", "email"),
        Index(
            "ix_takers_follow_up",
            "follow_up_at",
            sqlite_where=sql("follow_up_at IS NOT NULL"),
            postgresql_where=sql("follow_up_at IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    toolkit_id: Mapped[int] = mapped_column(ForeignKey("toolkits.id"))
    email: Mapped[str] = mapped_column(String(320))
    """Normalised: lower-case, the domain in A-labels."""
    name: Mapped[str] = mapped_column(String(200))
    """Of the group or organisation; may be empty."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    follow_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they are asked how it went; empty: they have been, have told us, or want no letters."""
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they said that they don't want to be asked."""


class TakerVisit(Base):
    """How often a taker's link was followed on one day; nothing is kept of who did."""

    __tablename__ = "taker_visits"

    taker_id: Mapped[int] = mapped_column(ForeignKey("takers.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    visits: Mapped[int]


class EmbedCount(Base):
    """How often a toolkit was shown in a frame of one site on one day."""

    __tablename__ = "embed_counts"

    toolkit_id: Mapped[int] = mapped_column(ForeignKey("toolkits.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    site: Mapped[str] = mapped_column(String(253), primary_key=True)
    """Host name, or what stands for it where none was told or there are too many."""
    shown: Mapped[int]


class Repost(Base):
    """A use of a toolkit by somebody, as it was reported: that never changes. What we know of it
    (`grade`), and that it doesn't count any more, come after."""

    __tablename__ = "reposts"
    __table_args__ = (
        Index("ix_reposts_toolkit", "toolkit_id", "id"),
        Index("ix_reposts_taker", "taker_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    toolkit_id: Mapped[int] = mapped_column(ForeignKey("toolkits.id"))
    taker_id: Mapped[int | None] = mapped_column(ForeignKey("takers.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    """Where the group is surely one that we know."""
    kind: Mapped[str] = mapped_column(String(60))
    """Of that organisation, then; empty: it is none that we know."""
    group_name: Mapped[str] = mapped_column(String(200))
    group_key: Mapped[str] = mapped_column(String(210))
    """What makes two reports be of one group; empty: nobody is named."""
    email: Mapped[str] = mapped_column(String(320))
    way: Mapped[str] = mapped_column(String(12))
    used_on: Mapped[date] = mapped_column(Date)
    people: Mapped[int | None]
    link: Mapped[str] = mapped_column(String(2000))
    words: Mapped[str] = mapped_column(Text)
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reported_by: Mapped[str] = mapped_column(String(320))
    """Who of the cell wrote it down; empty: the group itself."""
    grade: Mapped[str] = mapped_column(String(12))
    """`seen`, `reported` or `unverified`."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it doesn't count any more."""
    withdrawn_by: Mapped[str] = mapped_column(String(320), default="")
    withdrawn_why: Mapped[str] = mapped_column(String(500), default="")


class RepostPicture(Base):
    """The picture that came with a report, drawn anew."""

    __tablename__ = "repost_pictures"

    repost_id: Mapped[int] = mapped_column(ForeignKey("reposts.id"), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int]
    height: Mapped[int]


class LinkCheck(Base):
    """One look at a reported link: asked for, and what came of it."""

    __tablename__ = "link_checks"
    __table_args__ = (
        Index("ix_link_checks_repost", "repost_id", "id"),
        Index(
            "ix_link_checks_waiting",
            "due_at",
            sqlite_where=sql("state = 'waiting'"),
            postgresql_where=sql("state = 'waiting'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    repost_id: Mapped[int] = mapped_column(ForeignKey("reposts.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[str] = mapped_column(String(320))
    """Who of the cell asked for it; empty: it came with the report."""
    state: Mapped[str] = mapped_column(String(12))
    """`waiting`, then `seen`, `not-found`, `unreachable` or `refused`."""
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it's tried next; moved on before each try, so that two workers don't both look."""
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[int | None]
    """What the site answered with (HTTP)."""
    address: Mapped[str] = mapped_column(String(2000), default="")
    """Where the page was in the end."""
    found: Mapped[str] = mapped_column(String(200), default="")
    """In words, what of the toolkit stands there, or why nothing could be seen."""
    excerpt: Mapped[str] = mapped_column(String(300), default="")


class RepostTarget(Base):
    """How much use of a toolkit is wanted."""

    __tablename__ = "repost_targets"

    toolkit_id: Mapped[int] = mapped_column(ForeignKey("toolkits.id"), primary_key=True)
    what: Mapped[str] = mapped_column(String(8), primary_key=True)
    """`groups` or `people`."""
    number: Mapped[int]

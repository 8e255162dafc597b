"""What: toolkits, their published versions, which never change, and the drafts of the next."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cascade.database import Base, Id, UtcDateTime

TOOLKIT = "toolkit"
BULLETIN = "bulletin"


class Toolkit(Base):
    """A document under one name, through all its versions and languages."""

    __tablename__ = "toolkits"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    """Its short name, such as `flu-jab`."""
    title: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(35))
    """Language of the first version: who has no version in their own language gets this one."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(10), default=TOOLKIT)
    """`toolkit`, or `bulletin`: then its versions are the issues, and nobody writes it by hand."""


class ToolkitVersion(Base):
    """One published text: immutable, with its hash, who published it and when."""

    __tablename__ = "toolkit_versions"
    __table_args__ = (UniqueConstraint("toolkit_id", "language", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    toolkit_id: Mapped[int] = mapped_column(ForeignKey("toolkits.id"))
    language: Mapped[str] = mapped_column(String(35))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(String(200))


class Draft(Base):
    """A text that somebody is writing: the next version of a toolkit, or a new toolkit."""

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    """As its front matter has it; kept beside the text for lists."""
    text: Mapped[str] = mapped_column(Text)
    revision: Mapped[int]
    """Counts the texts that were kept: who saves says which one they began from."""
    based_on: Mapped[int | None] = mapped_column(ForeignKey("toolkit_versions.id"))
    """The version it began as."""
    version_id: Mapped[int | None] = mapped_column(ForeignKey("toolkit_versions.id"))
    """The version that was last made of it."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(320))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Given up; can be taken up again."""


class DraftRevision(Base):
    """One text of a draft. Those that one person keeps within minutes become one."""

    __tablename__ = "draft_revisions"

    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(320))


class Asset(Base):
    """A picture or a PDF that toolkits point to, checked by its content."""

    __tablename__ = "assets"
    __table_args__ = (Index("ix_assets_added_at", "added_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(60))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    thumbnail: Mapped[bytes | None] = mapped_column(LargeBinary)
    """A small picture of it for lists; its type is the same. A PDF has none."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    alt: Mapped[str] = mapped_column(Text)
    """What is told to people who do not see it; never empty for a picture."""
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by: Mapped[str] = mapped_column(String(320))


class DraftAsset(Base):
    """A draft whose text shows an asset, or leads to it."""

    __tablename__ = "draft_assets"

    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"), primary_key=True, index=True)


class VersionBulletin(Base):
    """A published version whose front matter names a bulletin."""

    __tablename__ = "version_bulletins"
    __table_args__ = (Index("ix_version_bulletins_bulletin", "bulletin", "version_id"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("toolkit_versions.id"), primary_key=True)
    bulletin: Mapped[str] = mapped_column(String(60), primary_key=True)


class VersionAsset(Base):
    """A published version that shows an asset, or leads to it: for ever, as its text."""

    __tablename__ = "version_assets"

    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("toolkit_versions.id"), primary_key=True)


class ShelfEntry(Base):
    """What the front matter of a version says of it, for the library; whether it is shown there
    is decided when somebody asks."""

    __tablename__ = "shelf_entries"
    __table_args__ = (Index("ix_shelf_entries_toolkit_id", "toolkit_id", "language", "number"),)

    version_id: Mapped[int] = mapped_column(
        ForeignKey("toolkit_versions.id"), primary_key=True, autoincrement=False
    )
    toolkit_id: Mapped[int] = mapped_column(ForeignKey("toolkits.id"))
    language: Mapped[str] = mapped_column(String(35))
    number: Mapped[int]
    public: Mapped[bool]
    title: Mapped[str] = mapped_column(Text)
    """Plain; slots that differ by reader are marks."""
    summary: Mapped[str] = mapped_column(Text)
    campaign: Mapped[str] = mapped_column(Text)
    lead: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires: Mapped[date | None] = mapped_column(Date)
    review: Mapped[date | None] = mapped_column(Date)


class ShelfLabel(Base):
    """A topic of a version, or a segment that something in it is for."""

    __tablename__ = "shelf_labels"

    version_id: Mapped[int] = mapped_column(ForeignKey("toolkit_versions.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(7), primary_key=True)
    """`topic` or `segment`."""
    value: Mapped[str] = mapped_column(String(200), primary_key=True)


class ShelfText(Base):
    """What one audience reads of a version, to be searched: a search never looks into the texts
    of segments that are private at that time."""

    __tablename__ = "shelf_texts"
    __table_args__ = (UniqueConstraint("version_id", "audience"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("toolkit_versions.id"))
    audience: Mapped[str] = mapped_column(String(200))
    """A segment; empty: everybody."""
    title: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    """All of it but the title, as plain text."""


class ShelfForm(Base):
    """A word of some text, whole or with a letter left out: by these, slips find their word."""

    __tablename__ = "shelf_forms"

    form: Mapped[str] = mapped_column(String(40), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)

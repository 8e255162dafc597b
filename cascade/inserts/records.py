"""Inserts: their revisions, their rows with the revisions that they are in, files that wait."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cascade.database import Base, Id, UtcDateTime


class Insert(Base):
    """A table under one name, through all its revisions."""

    __tablename__ = "inserts"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    """As fences name it: `opening-hours`."""
    title: Mapped[str] = mapped_column(String(200))
    columns: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[int]
    revision: Mapped[int]
    """The newest; who changes it says which one they began from."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(320))


class InsertRevision(Base):
    """One state of an insert; never changes."""

    __tablename__ = "insert_revisions"

    insert_id: Mapped[int] = mapped_column(ForeignKey("inserts.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    columns: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    """Of columns and rows: the same table has the same one."""
    said: Mapped[str] = mapped_column(String(300))
    """What was done, in words."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(320))


class InsertRow(Base):
    """What stands in a line of an insert from one revision on, up to before another."""

    __tablename__ = "insert_rows"
    __table_args__ = (Index("ix_insert_rows_until", "insert_id", "until", "number"),)

    insert_id: Mapped[int] = mapped_column(ForeignKey("inserts.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Its place in the table, from 1."""
    since: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[int | None]
    """The revision in which it is no more; None: it stands."""
    cells: Mapped[list[str]] = mapped_column(JSON)


class InsertUpload(Base):
    """A file that an insert is to become; it waits until somebody has seen what changes."""

    __tablename__ = "insert_uploads"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    by: Mapped[str] = mapped_column(String(320))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    file: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    revision: Mapped[int]
    """The revision that it was compared with; 0: there was no such insert."""
    columns: Mapped[list[str]] = mapped_column(JSON)
    cells: Mapped[list[list[str]]] = mapped_column(JSON, deferred=True)


class CascadeInsert(Base):
    """The revision of an insert that a cascade shows, frozen at its release."""

    __tablename__ = "cascade_inserts"

    cascade_id: Mapped[int] = mapped_column(ForeignKey("cascades.id"), primary_key=True)
    insert_id: Mapped[int] = mapped_column(ForeignKey("inserts.id"), primary_key=True, index=True)
    revision: Mapped[int]

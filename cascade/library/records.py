"""What: toolkits and their published versions, which never change."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cascade.database import Base, Id, UtcDateTime


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

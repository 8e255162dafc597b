"""Letters: written in the transaction that gives cause for them, sent by a worker after it."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from cascade.database import Base, Id, UtcDateTime


class Letter(Base):
    """One mail to one person with an account. Its text is emptied when it is sent: it holds links
    that let their holder in."""

    __tablename__ = "letters"
    __table_args__ = (
        Index(
            "ix_letters_waiting",
            "due_at",
            sqlite_where=sql("state = 'waiting'"),
            postgresql_where=sql("state = 'waiting'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    to: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    """An HTML part of its own, in place of one made from the text."""
    state: Mapped[str] = mapped_column(String(8))
    """`waiting`, `sent` or `failed`."""
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it's tried next; moved on before each try, so that two workers don't both send it."""
    attempts: Mapped[int] = mapped_column(default=0)
    detail: Mapped[str] = mapped_column(Text, default="")
    """What the mail server said last."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

"""What people and mail servers answered."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cascade.database import Base, Id, UtcDateTime


class Confirmation(Base):
    """A named human's answer. All are kept; the last one counts."""

    __tablename__ = "confirmations"
    __table_args__ = (Index("ix_confirmations_delivery_id", "delivery_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(120))
    headcount: Mapped[int | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    via: Mapped[str] = mapped_column(String(10), default="page")


class ItemAnswer(Base):
    """A named person used an item of an issue, as the answer to its message says; all are kept."""

    __tablename__ = "item_answers"
    __table_args__ = (Index("ix_item_answers_delivery_id", "delivery_id", "item"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"))
    item: Mapped[str] = mapped_column(String(80))
    answer: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ConfirmedMinute(Base):
    """How many organisations of a cascade confirmed in a minute: confirmations over time."""

    __tablename__ = "confirmed_minutes"

    cascade_id: Mapped[int] = mapped_column(ForeignKey("cascades.id"), primary_key=True)
    minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Whole minutes since 1970."""
    confirmed: Mapped[int]


class InboundMessage(Base):
    """A message that came in, kept as it came before anything is concluded from it."""

    __tablename__ = "inbound_messages"
    __table_args__ = (Index("ix_inbound_messages_sha256", "sha256", unique=True),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sha256: Mapped[str] = mapped_column(String(64))
    """Of sender, recipient and content: the same report twice is one."""
    mail_from: Mapped[str] = mapped_column(String(320))
    rcpt_to: Mapped[str] = mapped_column(String(320))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(20))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    effect: Mapped[str] = mapped_column(String(200), default="")

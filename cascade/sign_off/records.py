"""Where the sign-off of each version stands, who did what to it, and who is named to approve."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cascade.database import Base, Id, UtcDateTime


class SignOffState(StrEnum):
    """Where a version stands that somebody submitted."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"


class SignOff(Base):
    """A version that was submitted. A later version has a sign-off of its own."""

    __tablename__ = "sign_offs"
    __table_args__ = (Index("ix_sign_offs_state", "state", "version_id"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("toolkit_versions.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    submitted_by: Mapped[str] = mapped_column(String(320))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(320))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    immediate_use: Mapped[bool] = mapped_column(default=False)
    """One person may release it urgently: it stands in the bank of approved messages."""


class SignOffAct(Base):
    """A step of a sign-off; never changed after."""

    __tablename__ = "sign_off_acts"
    __table_args__ = (Index("ix_sign_off_acts_version_id", "version_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("toolkit_versions.id"))
    act: Mapped[str] = mapped_column(String(10))
    by: Mapped[str] = mapped_column(String(320))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")
    comments: Mapped[list[dict[str, str | int]]] = mapped_column(JSON, default=list)
    """What is to be mended where: `{"line": 12, "text": "Which clinic?"}`."""


class NamedApprover(Base):
    """Somebody who approves for a campaign or a lead organisation, in place of any approver."""

    __tablename__ = "named_approvers"
    __table_args__ = (UniqueConstraint("scope", "name", "user_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    scope: Mapped[str] = mapped_column(String(8))
    """`campaign` or `lead`: which line of the toolkit's front matter names it."""
    name: Mapped[str] = mapped_column(String(300))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

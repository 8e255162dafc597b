"""What administrators have set on pages in place of a default: a row for each subject."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from cascade.database import Base, UtcDateTime
from cascade.errors import Overtaken


class Adjustment(Base):
    """Something set on a page; without its row the default holds."""

    __tablename__ = "adjustments"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(320))


def read(session: Session, name: str, *, lock: bool = False) -> Mapping[str, Any]:
    """What was set; empty where nothing was. `lock`: nobody else changes it meanwhile."""
    row = session.get(Adjustment, name, with_for_update=lock, populate_existing=lock)
    return row.value if row else {}


def put(session: Session, name: str, value: Mapping[str, Any], *, by: str, now: datetime) -> None:
    """Let this hold from now on; raises Overtaken when somebody else sets it first just now."""
    session.merge(Adjustment(name=name, value=dict(value), changed_at=now, changed_by=by))
    try:
        session.flush()
    except IntegrityError:
        # A row that isn't there yet can't be locked.
        raise Overtaken("Somebody else has set this at the same moment.") from None


def reset(session: Session, name: str) -> None:
    """Let the default hold again."""
    session.execute(delete(Adjustment).where(Adjustment.name == name))

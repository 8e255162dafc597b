"""Forget what proves nothing any more: spent links, ended visits, tries of long ago."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from cascade.accounts import throttling
from cascade.accounts.records import OneTimeLink, Visit
from cascade.accounts.visits import LASTS

KEPT_FOR = timedelta(days=30)
"""How long links and visits are kept after their end, for who looks into what happened."""


def forget(session: Session, now: datetime) -> None:
    """Delete what is of no use any more; the audit trail keeps its own account of it."""
    throttling.forget(session, now)
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at <= now - KEPT_FOR))
    session.execute(delete(Visit).where(Visit.began_at <= now - LASTS - KEPT_FOR))

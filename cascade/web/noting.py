"""Put what a page did into the audit trail, and tell who did something before."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.accounts import audit
from cascade.accounts.acts import Act
from cascade.accounts.records import AuditEntry
from cascade.web import access
from cascade.web.site import site

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def note(
    session: Session,
    act: Act,
    subject: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    detail: str = "",
) -> None:
    """Under the name of who is signed in; only what differs is kept of a change."""
    if before is not None and after is not None:
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        before = {name: before.get(name, "") for name in names}
        after = {name: after.get(name, "") for name in names}
    audit.note(
        session,
        by=access.person().email,
        act=act,
        subject=subject,
        now=site().clock(),
        before=before,
        after=after,
        address=request.remote_addr or "",
        detail=detail,
    )


def note_own(
    session: Session,
    act: Act,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    detail: str = "",
) -> None:
    """What people do with their own account."""
    note(session, act, f"user {access.person().email}", before, after, detail)


def last_by(session: Session, subject: str, since: datetime = _EVER) -> str:
    """Who did something to it last after a moment; empty when it was no person by name."""
    found = session.scalar(
        select(AuditEntry.by)
        .where(AuditEntry.subject == subject, AuditEntry.at > since)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    return found or ""

"""Write what an import changes, in bulk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from cascade.audience.differences import Change, Comparison
from cascade.audience.records import Contact, Organisation


def apply(session: Session, comparisons: Sequence[Comparison], now: datetime) -> None:
    """Insert what is new and update what differs."""
    organisations = [one.organisation for one in comparisons]
    contacts = [change for one in comparisons for change in one.contacts]
    _update(session, Organisation, organisations, now)
    _update(session, Contact, contacts, now)
    ids = _insert_organisations(session, organisations, now)
    ids |= {c.values["key"]: c.before["id"] for c in organisations if c.before}
    new = [
        {**change.values, "organisation_id": ids[one.organisation.values["key"]], "updated_at": now}
        for one in comparisons
        for change in one.contacts
        if change.outcome == "added"
    ]
    if new:
        session.execute(insert(Contact), new)


def _insert_organisations(
    session: Session, changes: Sequence[Change], now: datetime
) -> dict[str, int]:
    new = [{**c.values, "updated_at": now} for c in changes if c.outcome == "added"]
    if not new:
        return {}
    rows = session.execute(insert(Organisation).returning(Organisation.key, Organisation.id), new)
    return {row.key: row.id for row in rows}


def _update(
    session: Session, record: type[Organisation | Contact], changes: Sequence[Change], now: datetime
) -> None:
    changed: list[dict[str, Any]] = [
        {**change.values, "updated_at": now, "id": change.before["id"]}
        for change in changes
        if change.outcome == "changed"
    ]
    if changed:
        session.execute(update(record), changed)

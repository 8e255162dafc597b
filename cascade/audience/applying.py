"""Write what an import changes, in bulk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from cascade.audience.differences import Change, Comparison
from cascade.audience.records import Contact, Organisation
from cascade.audience.search_words import learn_contacts, learn_organisations, searched


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
    _learn(session, comparisons, ids)


def _learn(session: Session, comparisons: Sequence[Comparison], ids: Mapping[str, int]) -> None:
    """Words to be found by, of everything that is new or different."""
    keys = {
        change.values["key"]
        for change in (one.organisation for one in comparisons)
        if change.outcome != "unchanged"
    }
    learn_organisations(session, session.execute(searched(Organisation, [ids[k] for k in keys])))
    touched = {
        (ids[one.organisation.values["key"]], change.values["key"])
        for one in comparisons
        for change in one.contacts
        if change.outcome != "unchanged"
    }
    homes = {home for home, _ in touched}
    rows = session.execute(searched(Contact, homes))
    learn_contacts(session, (one for one in rows if (one.organisation_id, one.key) in touched))


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

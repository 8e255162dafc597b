"""Write what an import changes, in bulk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from cascade.audience.differences import Change, Comparison, Values
from cascade.audience.reach import note_reach
from cascade.audience.records import Contact, Organisation
from cascade.audience.search_words import (
    CONTACT,
    ORGANISATION,
    learn_anew,
    learn_first,
    of_contact,
    of_organisation,
)

_OWN = ("name", "code", "place", "postcode")
_THEIRS = ("name", "email")
"""What words come from."""


def apply(session: Session, comparisons: Sequence[Comparison], now: datetime) -> None:
    """Insert what is new and update what differs."""
    organisations = [one.organisation for one in comparisons]
    contacts = [change for one in comparisons for change in one.contacts]
    _update(session, Organisation, organisations, now)
    _update(session, Contact, contacts, now)
    ids = _insert_organisations(session, comparisons, now)
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
    known = [one for one in comparisons if one.organisation.before]
    changed = [one for one in known if any(c.outcome != "unchanged" for c in one.contacts)]
    note_reach(session, [one.organisation.before["id"] for one in changed])


def _learn(session: Session, comparisons: Sequence[Comparison], ids: Mapping[str, int]) -> None:
    """Words to be found by, of what is new or has others now."""
    organisations = [one.organisation for one in comparisons]
    new = [
        (ids[one.values["key"]], _own_words(one.values)) for one in organisations if not one.before
    ]
    learn_first(session, ORGANISATION, new)
    changed = [one for one in organisations if one.before and _differs(one, _OWN)]
    learn_anew(
        session, ORGANISATION, [(one.before["id"], _own_words(one.values)) for one in changed]
    )
    _learn_contacts(session, comparisons, ids)


def _learn_contacts(
    session: Session, comparisons: Sequence[Comparison], ids: Mapping[str, int]
) -> None:
    new = {
        (ids[one.organisation.values["key"]], change.values["key"]): _their_words(change.values)
        for one in comparisons
        for change in one.contacts
        if not change.before
    }
    rows = session.execute(
        select(Contact.id, Contact.organisation_id, Contact.key).where(
            Contact.organisation_id.in_({home for home, _ in new})
        )
    )
    first = [(id_, new[home, key]) for id_, home, key in rows if (home, key) in new]
    learn_first(session, CONTACT, first)
    changed = [
        (change.before["id"], _their_words(change.values))
        for one in comparisons
        for change in one.contacts
        if change.before and _differs(change, _THEIRS)
    ]
    learn_anew(session, CONTACT, changed)


def _is_reached(one: Comparison) -> bool:
    return any(change.values["email"] for change in one.contacts)


def _own_words(values: Values) -> frozenset[str]:
    return of_organisation(*(values[name] for name in _OWN))


def _their_words(values: Values) -> frozenset[str]:
    return of_contact(*(values[name] for name in _THEIRS))


def _differs(change: Change, names: Sequence[str]) -> bool:
    return any(change.before[name] != change.values[name] for name in names)


def _insert_organisations(
    session: Session, comparisons: Sequence[Comparison], now: datetime
) -> dict[str, int]:
    new = [
        {**one.organisation.values, "has_address": _is_reached(one), "updated_at": now}
        for one in comparisons
        if not one.organisation.before
    ]
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

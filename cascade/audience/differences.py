"""Compare the organisations of a file with those in the database, a few hundred at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.audience.entries import Entry
from cascade.audience.gathering import Groups
from cascade.audience.naming import folded
from cascade.audience.records import Contact, Organisation

_ORGANISATIONS = Organisation.__table__
_CONTACTS = Contact.__table__

Values = dict[str, Any]
Known = Mapping[str, Any]
"""A row as it is in the database; empty: there is none."""

_NEW: Known = {}


@dataclass(slots=True)
class Change:
    """What becomes of one row: `before` is empty for a new one, `values` holds every column."""

    line: int
    about: str
    before: Known
    values: Values

    @property
    def fields(self) -> list[str]:
        """Names of the columns that differ."""
        return [name for name, new in self.values.items() if self.before.get(name) != new]

    @property
    def outcome(self) -> str:
        """`added`, `changed` or `unchanged`."""
        if not self.before:
            return "added"
        return "changed" if self.fields else "unchanged"


@dataclass(slots=True)
class Comparison:
    """One organisation of the file beside what is known of it."""

    organisation: Change
    contacts: list[Change] = field(default_factory=list)
    lines: int = 0
    merged: int = 0


def compare(session: Session, groups: Groups) -> list[Comparison]:
    """What importing these organisations would change; reads only."""
    known = _known_organisations(session, groups)
    contacts = _known_contacts(session, [row["id"] for row in known.values()])
    return [
        _comparison(key, entries, known.get(key, _NEW), contacts) for key, entries in groups.items()
    ]


def _known_organisations(session: Session, groups: Groups) -> dict[str, Known]:
    # One that came without a code before is found by its name, and gets its code now.
    by_name = {entries[-1].name_key: key for key, entries in groups.items() if entries[-1].code}
    wanted = {*groups, *by_name}
    rows = session.execute(select(_ORGANISATIONS).where(_ORGANISATIONS.c.key.in_(wanted)))
    found: dict[str, Known] = {row["key"]: dict(row) for row in rows.mappings()}
    adopted = {key: found[name] for name, key in by_name.items() if name in found}
    return adopted | {key: row for key, row in found.items() if key in groups}


def _known_contacts(session: Session, ids: Iterable[int]) -> dict[int, dict[str, Known]]:
    query = select(_CONTACTS).where(_CONTACTS.c.organisation_id.in_(list(ids)))
    found: dict[int, dict[str, Known]] = {}
    for row in session.execute(query.order_by(_CONTACTS.c.id)).mappings():
        found.setdefault(row["organisation_id"], {})[row["key"]] = dict(row)
    return found


def _comparison(
    key: str,
    entries: Sequence[Entry],
    known: Known,
    contacts: Mapping[int, dict[str, Known]],
) -> Comparison:
    about = entries[-1].organisation
    values = _organisation_values(key, entries, known)
    comparison = Comparison(Change(entries[0].line, about, known, values), lines=len(entries))
    by_contact: dict[str, list[Entry]] = {}
    for entry in entries:
        by_contact.setdefault(entry.contact_key, []).append(entry)
    known_contacts = dict(contacts.get(known["id"], {})) if known else {}
    pairs = _paired(by_contact, known_contacts)
    for contact_key, same in by_contact.items():
        comparison.merged += len(same) - 1
        if contact_key:
            before = pairs.get(contact_key, _NEW)
            change = Change(same[0].line, about, before, _contact_values(contact_key, same, before))
            comparison.contacts.append(change)
    return comparison


def _paired(by_contact: Mapping[str, list[Entry]], known: dict[str, Known]) -> dict[str, Known]:
    pairs = {key: known.pop(key) for key in by_contact if key in known}
    for key, same in by_contact.items() if known else ():
        # Known by phone or name only until now: this is the same person, with an address at last.
        for other in (same[-1].phone, folded(same[-1].contact)):
            before = known.get(other)
            if key not in pairs and before and _may_be(same[-1], before):
                pairs[key] = known.pop(other)
    return pairs


def _may_be(entry: Entry, known: Known) -> bool:
    same_name = not known["name"] or folded(known["name"]) == folded(entry.contact)
    return bool(entry.email) and not known["email"] and same_name


def _organisation_values(key: str, entries: Sequence[Entry], known: Known) -> Values:
    attributes = dict(known.get("attributes") or {})
    for entry in entries:
        attributes |= entry.attributes
    return {
        "key": key,
        "name": entries[-1].organisation,
        "kind": entries[-1].kind,
        "code": _last(entries, "code") or known.get("code"),
        "place": _last(entries, "place") or known.get("place", ""),
        "postcode": _last(entries, "postcode") or known.get("postcode", ""),
        "attributes": attributes,
        "closed_at": None,
    }


def _contact_values(key: str, entries: Sequence[Entry], known: Known) -> Values:
    deputy = entries[-1].deputy
    return {
        "key": key,
        "name": _last(entries, "contact") or known.get("name", ""),
        "role": _last(entries, "role") or known.get("role", ""),
        "email": _last(entries, "email") or known.get("email"),
        "phone": _last(entries, "phone") or known.get("phone"),
        "language": _last(entries, "language") or known.get("language", ""),
        "channel": _last(entries, "channel") or known.get("channel", "email"),
        "deputy": known.get("deputy", 0) if deputy is None else deputy,
        "closed_at": None,
    }


def _last(entries: Sequence[Entry], name: str) -> Any:
    for entry in reversed(entries):
        if text := getattr(entry, name):
            return text
    return None

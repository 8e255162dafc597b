"""Make one organisation of two: contacts move, the other is closed, nothing is deleted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.audience.checking import by_name
from cascade.audience.contact_editing import contacts
from cascade.audience.editing import apply, locked, overtaken
from cascade.audience.reach import note_reach
from cascade.audience.records import Organisation
from cascade.errors import Refused


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of two organisations."""

    kept: Organisation
    closed: Organisation
    moved: tuple[str, ...]
    """Keys of the contacts that went over."""
    left: tuple[str, ...]
    """Keys of those that the kept one has already; they stay, closed, where they were."""


def merge(
    session: Session,
    keep: int,
    other: int,
    *,
    seen: tuple[datetime, datetime],
    now: datetime,
) -> Merged:
    """Keep one and close the other; raises NotFound, Refused and Overtaken.

    What the kept one lacks it takes from the other: a code, a postcode, a place, attributes.
    Deliveries go on naming the organisation they were sent to, whose page stays.
    """
    if keep == other:
        raise Refused("Choose two different organisations.")
    # In the order of their numbers, so that two merges at once cannot wait for each other.
    rows = {number: locked(session, Organisation, number) for number in sorted((keep, other))}
    kept, closed = rows[keep], rows[other]
    if (kept.updated_at, closed.updated_at) != seen:
        raise overtaken(f"{kept.name} or {closed.name}")
    if kept.closed_at or closed.closed_at:
        raise Refused("One of them is closed. Open it again first.")
    _take_what_is_missing(session, kept, closed, now)
    moved, left = _move(session, kept.id, closed.id, now)
    note_reach(session, [kept.id, closed.id])
    return Merged(kept, closed, moved, left)


def _take_what_is_missing(
    session: Session, kept: Organisation, closed: Organisation, now: datetime
) -> None:
    values: dict[str, Any] = {
        "name": kept.name,
        "kind": kept.kind,
        "code": kept.code or closed.code,
        "place": kept.place or closed.place,
        "postcode": kept.postcode or closed.postcode,
        "attributes": {**closed.attributes, **kept.attributes},
    }
    values["key"] = values["code"] or by_name(values)
    gone: dict[str, Any] = {"closed_at": now}
    if values["key"] == closed.key:
        # The next file that names it so is to find the kept one.
        gone |= {"key": f"merged|{closed.id}", "code": None}
    elif _is_taken(session, values["key"], kept.id):
        values["key"] = kept.key
    apply(session, closed, gone, now)
    apply(session, kept, values, now)


def _is_taken(session: Session, key: str, number: int) -> bool:
    third = select(Organisation.id).where(Organisation.key == key, Organisation.id != number)
    return session.scalar(third) is not None


def _move(
    session: Session, kept: int, closed: int, now: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    there = {one.key for one in contacts(session, kept)}
    moved, left = [], []
    for one in contacts(session, closed):
        if one.key not in there:
            apply(session, one, {"organisation_id": kept}, now)
            moved.append(one.key)
        else:
            if one.closed_at is None:
                apply(session, one, {"closed_at": now}, now)
            left.append(one.key)
    return tuple(moved), tuple(left)

"""Who is in a segment, and which of their values its rule asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from cascade.audience.listing import SIZE, Stretch, stretch
from cascade.audience.records import Contact, Organisation, Segment
from cascade.audience.rules import OF_CONTACTS, rule_condition


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation of a segment, and why it is in it."""

    id: int
    name: str
    why: tuple[tuple[str, str], ...]
    """Each part of the rule, and the value that it found: (`place`, `Ambleby`)."""
    contacts: tuple[Contact, ...]
    """Open contacts for whom the rule holds."""


def members(
    session: Session, segment: Segment, *, after: int = 0, before: int = 0, size: int = SIZE
) -> Stretch[Member]:
    """Open organisations of a segment by name, a stretch at a time."""
    own, theirs = _parts(segment)
    query = select(Organisation).where(Organisation.closed_at.is_(None), holds(segment))
    found = stretch(session, query, after, before, size)
    matched = _contacts(session, segment, theirs, [one.id for one in found.lines])
    lines = tuple(_member(one, own, matched.get(one.id, ())) for one in found.lines)
    return Stretch(lines, found.before, found.after)


def holds(segment: Segment) -> ColumnElement[bool]:
    """Condition on organisations: it is in the segment, by itself and by an open contact."""
    own, theirs = _parts(segment)
    condition = rule_condition(own, segment.name)
    if not theirs:
        return condition
    here = exists().where(
        Contact.organisation_id == Organisation.id,
        Contact.closed_at.is_(None),
        rule_condition(theirs, segment.name),
    )
    return and_(condition, here)


def _parts(segment: Segment) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    rule = segment.rule
    own = {key: wanted for key, wanted in rule.items() if key not in OF_CONTACTS}
    return own, {key: wanted for key, wanted in rule.items() if key in OF_CONTACTS}


def _contacts(
    session: Session, segment: Segment, theirs: Mapping[str, Any], numbers: Sequence[int]
) -> Mapping[int, tuple[Contact, ...]]:
    query = select(Contact).where(
        Contact.organisation_id.in_(numbers),
        Contact.closed_at.is_(None),
        rule_condition(theirs, segment.name),
    )
    found: dict[int, tuple[Contact, ...]] = {}
    for one in session.scalars(query.order_by(Contact.deputy, Contact.id)):
        found[one.organisation_id] = (*found.get(one.organisation_id, ()), one)
    return found


def _member(one: Organisation, own: Mapping[str, Any], matched: tuple[Contact, ...]) -> Member:
    why = tuple(pair for part in own for pair in _value(one, part, own[part]))
    return Member(one.id, one.name, why, matched)


def _value(one: Organisation, part: str, wanted: Any) -> list[tuple[str, str]]:
    if part == "attributes":
        return [(str(name), str(one.attributes.get(name, ""))) for name in wanted]
    column = "postcode" if part == "postcode_area" else part
    return [(column, str(getattr(one, column)))]

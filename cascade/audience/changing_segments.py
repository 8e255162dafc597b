"""Change what a segment asks for: first the difference it makes, then the change."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, select
from sqlalchemy.orm import Session

from cascade.audience.making_segments import Asked, made
from cascade.audience.records import Contact, Organisation, Segment
from cascade.audience.rules import OF_CONTACTS, rule_condition
from cascade.audience.segments import SegmentSize, find, size
from cascade.errors import Overtaken

NAMES = 10
"""Of organisations, shown of each side of a difference."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Organisations that come in, or go out: how many, and the first by name."""

    organisations: int
    names: tuple[str, ...]
    contacts: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change makes of a segment."""

    before: SegmentSize
    after: SegmentSize
    coming: Moved
    going: Moved


def mark(segment: Segment) -> str:
    """What a page remembers of how a segment was when it was shown."""
    said = dumps([segment.title, segment.rule, segment.public], sort_keys=True)
    return sha256(said.encode()).hexdigest()[:32]


def difference(session: Session, segment: Segment, asked: Asked) -> Difference:
    """Who would come in and who would go out now; raises BadInput."""
    wanted = made(session, asked, of=segment)
    return Difference(
        before=size(session, segment),
        after=size(session, wanted),
        coming=_moved(session, wanted.rule, segment.rule, segment.name),
        going=_moved(session, segment.rule, wanted.rule, segment.name),
    )


def change(session: Session, name: str, asked: Asked, *, seen: str) -> Segment:
    """Change it; raises BadInput, and Overtaken when it isn't as it was `seen` any more.

    Its name stays: toolkits and cascades know it by that.
    """
    session.execute(select(Segment.id).where(Segment.name == name).with_for_update())
    segment = find(session, name)
    if mark(segment) != seen:
        raise Overtaken("Somebody else has changed this segment meanwhile.")
    wanted = made(session, asked, of=segment)
    segment.title, segment.rule, segment.public = wanted.title, wanted.rule, wanted.public
    session.flush()
    return segment


def _moved(
    session: Session, into: Mapping[str, Any], out_of: Mapping[str, Any], about: str
) -> Moved:
    only = and_(Organisation.closed_at.is_(None), _holds(into, about), not_(_holds(out_of, about)))
    total = session.scalar(select(func.count(Organisation.id)).where(only)) or 0
    names = session.scalars(
        select(Organisation.name)
        .where(only)
        .order_by(Organisation.name, Organisation.id)
        .limit(NAMES)
    )
    return Moved(total, tuple(names), session.scalar(_contacts(into, out_of, about)) or 0)


def _contacts(into: Mapping[str, Any], out_of: Mapping[str, Any], about: str) -> Select[int]:
    return (
        select(func.count(Contact.id))
        .join(Organisation, Organisation.id == Contact.organisation_id)
        .where(
            Organisation.closed_at.is_(None),
            Contact.closed_at.is_(None),
            _surely(rule_condition(into, about)),
            not_(_surely(rule_condition(out_of, about))),
        )
    )


def _holds(rule: Mapping[str, Any], about: str) -> ColumnElement[bool]:
    """Whether an organisation is in the segment: by itself, and with a contact if one is asked."""
    own = {key: wanted for key, wanted in rule.items() if key not in OF_CONTACTS}
    theirs = {key: wanted for key, wanted in rule.items() if key in OF_CONTACTS}
    holds = _surely(rule_condition(own, about))
    if not theirs:
        return holds
    here = exists().where(
        Contact.organisation_id == Organisation.id,
        Contact.closed_at.is_(None),
        rule_condition(theirs, about),
    )
    return and_(holds, here)


def _surely(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """False where SQL would say that it doesn't know, as of an attribute that isn't there."""
    return func.coalesce(condition, False)

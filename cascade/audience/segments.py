"""Segments: named rules over organisations and contacts."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, distinct, func, select
from sqlalchemy.orm import Session

from cascade.audience.kinds import FIRST_KINDS, VOLUNTARY_SECTOR
from cascade.audience.records import Contact, Organisation, Segment
from cascade.audience.rules import rule_condition
from cascade.errors import NotFound

FIRST = tuple(FIRST_KINDS)
"""Names of the first five segments."""


@dataclass(frozen=True, slots=True)
class SegmentSize:
    """A segment and whom it holds now; closed organisations and contacts are left out."""

    name: str
    title: str
    rule: dict[str, object]
    organisations: int
    contacts: int
    with_address: int
    without_address: int
    deputies: int


def seed(session: Session) -> None:
    """Put in the first five segments, where they are missing."""
    there = set(known(session))
    session.add_all(
        Segment(name=name, title=title, rule={"kind": [name]}, public=name == VOLUNTARY_SECTOR)
        for name, title in FIRST_KINDS.items()
        if name not in there
    )
    session.flush()


def known(session: Session) -> tuple[str, ...]:
    """The names of all segments, in the order they were made."""
    return tuple(session.scalars(select(Segment.name).order_by(Segment.id)))


def titles(session: Session) -> dict[str, str]:
    """What each segment is called, by its name, in the order they were made."""
    rows = session.execute(select(Segment.name, Segment.title).order_by(Segment.id))
    return {row.name: row.title for row in rows}


def kinds(session: Session) -> tuple[str, ...]:
    """The kinds an organisation may have: the first five, and those that a segment asks for."""
    rules = session.scalars(select(Segment.rule).order_by(Segment.id))
    asked = [kind for rule in rules for kind in rule.get("kind", ())]
    return tuple(dict.fromkeys([*FIRST_KINDS, *asked]))


def condition(segment: Segment) -> ColumnElement[bool]:
    """The rule over columns of Organisation and Contact; `closed_at` is left to the caller."""
    return rule_condition(segment.rule, segment.name)


def find(session: Session, name: str) -> Segment:
    """The segment of that name; NotFound lists the names there are."""
    segment = session.scalar(select(Segment).where(Segment.name == name))
    if segment is None:
        names = ", ".join(known(session)) or "none yet"
        raise NotFound(f"There is no segment “{name}”. Known: {names}.")
    return segment


def size(session: Session, segment: Segment) -> SegmentSize:
    """Count whom a segment holds."""
    here = and_(Contact.organisation_id == Organisation.id, Contact.closed_at.is_(None))
    query = (
        select(
            func.count(distinct(Organisation.id)),
            func.count(Contact.id),
            func.count(Contact.email),
            func.count(case((Contact.deputy > 0, 1))),
        )
        .select_from(Organisation)
        .outerjoin(Contact, here)
        .where(Organisation.closed_at.is_(None), condition(segment))
    )
    organisations, contacts, addressed, deputies = session.execute(query).one()
    return SegmentSize(
        name=segment.name,
        title=segment.title,
        rule=segment.rule,
        organisations=organisations,
        contacts=contacts,
        with_address=addressed,
        without_address=contacts - addressed,
        deputies=deputies,
    )


def sizes(session: Session) -> tuple[SegmentSize, ...]:
    """All segments with their counts, in the order they were made."""
    every = session.scalars(select(Segment).order_by(Segment.id))
    return tuple(size(session, segment) for segment in every)

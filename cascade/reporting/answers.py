"""What the organisations of a cascade have answered."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from cascade.evidence.records import Confirmation
from cascade.sending.records import CascadeOrganisation, Delivery, Variant


@dataclass(frozen=True, slots=True)
class Answered:
    """How many organisations gave which answer, by the segments that they are in."""

    numbers: tuple[tuple[frozenset[str], str, int], ...]

    def organisations(self, segment: str | None, answer: str) -> int:
        """Organisations of a segment (None: of all) whose answer this is."""
        return sum(
            number
            for segments, given, number in self.numbers
            if given == answer and (segment is None or segment in segments)
        )


def answered(session: Session, cascade_id: int) -> Answered:
    """The answers that count now. Reads a row for each organisation, none for each message."""
    given = CascadeOrganisation.answer
    rows = session.execute(
        select(CascadeOrganisation.segments, given, func.count())
        .where(CascadeOrganisation.cascade_id == cascade_id, given.is_not(None))
        .group_by(CascadeOrganisation.segments, given)
    )
    return Answered(tuple((frozenset(row[0].split(",")), row[1] or "", row[2]) for row in rows))


@dataclass(frozen=True, slots=True)
class Staff:
    """Members of staff that messages were passed on to, and how many answers say so."""

    segments: frozenset[str]
    people: int
    answers: int


def staff(session: Session, cascade_id: int) -> tuple[Staff, ...]:
    """Headcounts of the answers that count, by the segments of those who answered."""
    later = aliased(Confirmation)
    superseded = exists().where(
        later.delivery_id == Confirmation.delivery_id, later.id > Confirmation.id
    )
    rows = session.execute(
        select(Variant.segments, func.sum(Confirmation.headcount), func.count())
        .select_from(Confirmation)
        .join(Delivery, Delivery.id == Confirmation.delivery_id)
        .join(Variant, Variant.id == Delivery.variant_id)
        .where(Delivery.cascade_id == cascade_id, Confirmation.headcount.is_not(None), ~superseded)
        .group_by(Variant.segments)
    )
    return tuple(Staff(frozenset(row[0].split(",")), int(row[1] or 0), row[2]) for row in rows)

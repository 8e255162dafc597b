"""Who has not confirmed, who asked for a call, and whom to phone about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from cascade.audience.records import Organisation
from cascade.errors import NotFound
from cascade.evidence.tally import CALL_ME
from cascade.reporting.people import Call, Person, calls, people
from cascade.sending.records import Cascade, CascadeOrganisation

AT_ONCE = 500
"""Organisations read in one go while streaming."""


@dataclass(frozen=True, slots=True)
class Outstanding:
    """An organisation somebody has to look after, with everybody who could be phoned there."""

    organisation_id: int
    name: str
    code: str
    place: str
    postcode: str
    segments: tuple[str, ...]
    call_me: bool
    """They have read it and ask to be called."""
    deadline_passed: bool | None
    """None: the cascade asks for no confirmation by a time."""
    call: Call | None
    people: tuple[Person, ...]


def outstanding(session: Session, cascade_id: int, *, now: datetime) -> Iterator[Outstanding]:
    """All of them, who asked for a call first, read as they are used; raises NotFound at once."""
    deadline_at = _deadline(session, cascade_id)
    rows = session.execute(_listed(cascade_id).execution_options(yield_per=AT_ONCE))
    return (
        one
        for part in rows.partitions()
        for one in _filled(session, cascade_id, part, _passed(deadline_at, now))
    )


def _deadline(session: Session, cascade_id: int) -> datetime | None:
    found = session.execute(
        select(Cascade.deadline_at).where(Cascade.id == cascade_id)
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no cascade {cascade_id}.")
    deadline_at: datetime | None = found.deadline_at
    return deadline_at


def _passed(deadline_at: datetime | None, now: datetime) -> bool | None:
    return None if deadline_at is None else deadline_at < now


def _listed(cascade_id: int) -> Select[*tuple[Any, ...]]:
    asked = case((CascadeOrganisation.answer == CALL_ME, 0), else_=1)
    return (
        select(
            Organisation.id,
            Organisation.name,
            Organisation.code,
            Organisation.place,
            Organisation.postcode,
            CascadeOrganisation.segments,
            CascadeOrganisation.answer,
        )
        .join(Organisation, Organisation.id == CascadeOrganisation.organisation_id)
        .where(
            and_(
                CascadeOrganisation.cascade_id == cascade_id,
                or_(
                    CascadeOrganisation.confirmed_at.is_(None),
                    CascadeOrganisation.answer == CALL_ME,
                ),
            )
        )
        .order_by(
            asked,
            CascadeOrganisation.segments,
            func.lower(Organisation.place),
            func.lower(Organisation.name),
            Organisation.id,
        )
    )


def _filled(
    session: Session, cascade_id: int, rows: Sequence[Row[*tuple[Any, ...]]], passed: bool | None
) -> Iterator[Outstanding]:
    known = people(session, cascade_id, [row.id for row in rows])
    asked = calls(session, cascade_id, [row.id for row in rows if row.answer == CALL_ME])
    for row in rows:
        yield Outstanding(
            organisation_id=row.id,
            name=row.name,
            code=row.code or "",
            place=row.place,
            postcode=row.postcode,
            segments=tuple(row.segments.split(",")),
            call_me=row.answer == CALL_ME,
            deadline_passed=passed,
            call=asked.get(row.id),
            people=known.get(row.id, ()),
        )

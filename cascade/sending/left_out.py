"""Whom a release would leave out, and who is in several of its segments: one page at a time."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.audience.records import Contact, Organisation
from cascade.paging import Page
from cascade.sending.headcount import Headcount
from cascade.sending.resolve import Roll

OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Line:
    """A contact, or an organisation that has none, with the segments they are in."""

    organisation_id: int
    organisation: str
    contact: str
    address: str
    segments: tuple[str, ...]


def left_out(session: Session, counted: Headcount, why: str, *, page: int, size: int) -> Page[Line]:
    """Those that an obstacle such as `no-address` keeps from getting it, organisation by
    organisation; with `overlap` those in several of the segments, who get it once.

    Names and addresses are as they stand now; who was removed since the count is left out.
    """
    roll = counted.overlapping if why == OVERLAP else counted.left_out.get(why, Roll())
    here = slice((page - 1) * size, page * size)
    organisations = _organisations(session, roll.organisations[here].tolist())
    contacts = _contacts(session, roll.contacts[here].tolist())
    lines = (
        _line(organisation, contacts.get(contact, ("", "")), segments, organisations)
        for organisation, contact, segments in zip(
            roll.organisations[here], roll.contacts[here], roll.segments[here], strict=True
        )
        if organisation in organisations
    )
    return Page(tuple(lines), page, size, len(roll))


def _organisations(session: Session, numbers: list[int]) -> dict[int, str]:
    rows = session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(numbers))
    )
    return {row.id: row.name for row in rows}


def _contacts(session: Session, numbers: list[int]) -> dict[int, tuple[str, str]]:
    rows = session.execute(
        select(Contact.id, Contact.name, Contact.email).where(Contact.id.in_(numbers))
    )
    return {row.id: (row.name, row.email or "") for row in rows}


def _line(
    organisation: int,
    contact: tuple[str, str],
    segments: frozenset[str],
    names: dict[int, str],
) -> Line:
    return Line(organisation, names[organisation], *contact, tuple(sorted(segments)))

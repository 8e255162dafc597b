"""Resolve segments to people: one message each, whoever is in several gets the union."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.orm import Session

from cascade.audience.records import Contact, Organisation, Segment, Suppression
from cascade.audience.segments import condition
from cascade.database import joining_by_hash
from cascade.errors import NotFound

EVERY_TIER = frozenset({"bounced", "complained"})
UNSUBSCRIBABLE = EVERY_TIER | {"unsubscribed"}
"""Reasons of suppression that hold for what can be unsubscribed."""

NOTHING: frozenset[str] = frozenset()


MOST_CODES = 50
"""Of the organisations that one mailbox serves, which a message knows."""


@dataclass(slots=True)
class Recipient:
    """One person, with everything they stand for."""

    contact_id: int
    address: str
    contact: str
    role: str
    place: str
    language: str
    segments: frozenset[str]
    organisations: dict[int, str] = field(default_factory=dict)
    """Row numbers and names of the organisations that this mailbox serves."""
    omits: frozenset[str] = NOTHING
    """Items of an issue that they had before (`once.py`)."""
    codes: list[str] = field(default_factory=list)
    """Codes of those that have one."""


@dataclass(slots=True)
class Roll:
    """Some contacts by row number, in the order of their organisations.

    Arrays, because it may be everybody, and it may be kept for a while.
    """

    organisations: "array[int]" = field(default_factory=lambda: array("q"))
    contacts: "array[int]" = field(default_factory=lambda: array("q"))
    """0 for an organisation without any contact."""
    segments: list[frozenset[str]] = field(default_factory=list)
    """Those of the release that each is in."""

    def add(self, organisation: int, contact: int | None, segments: frozenset[str]) -> None:
        self.organisations.append(organisation)
        self.contacts.append(contact or 0)
        self.segments.append(segments)

    def __len__(self) -> int:
        return len(self.organisations)


@dataclass(slots=True)
class Audience:
    """Who a release reaches, and who it doesn't."""

    recipients: list[Recipient] = field(default_factory=list)
    organisations: dict[int, frozenset[str]] = field(default_factory=dict)
    """Every organisation in the segments, also those with nobody to write to."""
    left_out: dict[str, Roll] = field(default_factory=lambda: defaultdict(Roll))
    """Contacts (organisations, where there is no contact at all), by the obstacle."""


class Member(NamedTuple):
    """A contact of an organisation in the segments; without one, the organisation alone."""

    organisation_id: int
    organisation: str
    place: str
    code: str | None
    contact_id: int | None
    contact: str
    role: str
    email: str | None
    language: str
    reason: str | None


def named(session: Session, names: Sequence[str]) -> list[Segment]:
    """The segments of these names; raises NotFound that lists the known ones."""
    known = {one.name: one for one in session.scalars(select(Segment).order_by(Segment.name))}
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise NotFound(
            f"There is no segment called “{', '.join(unknown)}”. Known: {', '.join(known)}."
            if unknown
            else f"Name at least one segment. Known: {', '.join(known)}."
        )
    return [known[name] for name in dict.fromkeys(names)]


def resolve(
    session: Session, segments: Sequence[Segment], *, holding: frozenset[str] = EVERY_TIER
) -> Audience:
    """Everybody in the segments who isn't a deputy; `holding`: the suppressions that count."""
    audience = Audience()
    by_address: dict[str, Recipient] = {}
    with joining_by_hash(session):
        for member, names in _members(session, segments):
            audience.organisations[member.organisation_id] = names
            obstacle = _obstacle_to(member, holding)
            if obstacle:
                roll = audience.left_out[obstacle]
                roll.add(member.organisation_id, member.contact_id, names)
            else:
                _add(by_address, member, names)
    audience.recipients = list(by_address.values())
    return audience


def recipient(
    session: Session, segments: Sequence[Segment], contact: int, *, holding: frozenset[str]
) -> Recipient | None:
    """One recipient as `resolve` would find them, without the others; None: nobody it finds."""
    email = session.scalar(select(Contact.email).where(Contact.id == contact))
    if email is None:
        return None
    by_address: dict[str, Recipient] = {}
    for member, names in _members(session, segments, email):
        if not _obstacle_to(member, holding):
            _add(by_address, member, names)
    found = by_address.get(email.casefold())
    return found if found and found.contact_id == contact else None


def _members(
    session: Session, segments: Sequence[Segment], email: str | None = None
) -> Iterator[tuple[Member, frozenset[str]]]:
    """Every contact in the segments who isn't a deputy, with the names of those they are in.

    `email`: only those with this address.
    """
    rules = [condition(segment) for segment in segments]
    # On the connection: what the ORM adds to a row isn't needed, and costs as much as the row.
    rows = session.connection().execute(
        select(
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation"),
            Organisation.place,
            Organisation.code,
            Contact.id.label("contact_id"),
            Contact.name.label("contact"),
            Contact.role,
            Contact.email,
            Contact.language,
            Suppression.reason,
            *(rule.label(f"in_{number}") for number, rule in enumerate(rules)),
        )
        .outerjoin(
            Contact,
            and_(
                Contact.organisation_id == Organisation.id,
                Contact.closed_at.is_(None),
                Contact.deputy == 0,
            ),
        )
        .outerjoin(Suppression, Suppression.email == func.lower(Contact.email))
        .where(
            Organisation.closed_at.is_(None),
            or_(*rules),
            true() if email is None else Contact.email == email,
        )
        .order_by(Organisation.id, Contact.id)
        .execution_options(yield_per=1000)
    )
    # The same few sets stand for everybody, so each is made once.
    sets: dict[tuple[Any, ...], frozenset[str]] = {}
    for row in rows:
        flags = row[len(Member._fields) :]
        if flags not in sets:
            sets[flags] = frozenset(
                segment.name for segment, is_in in zip(segments, flags, strict=True) if is_in
            )
        yield Member._make(row[: len(Member._fields)]), sets[flags]


def _obstacle_to(member: Member, holding: frozenset[str]) -> str | None:
    """Why nothing can be written to them, in one of the words of `Audience.left_out`."""
    if member.contact_id is None:
        return "no-contact"
    if member.email is None:
        return "no-address"
    return member.reason if member.reason in holding else None


def _add(by_address: dict[str, Recipient], member: Member, names: frozenset[str]) -> None:
    assert member.contact_id is not None
    assert member.email is not None
    address = member.email.casefold()
    recipient = by_address.get(address)
    if recipient is None:
        recipient = by_address[address] = Recipient(
            member.contact_id,
            member.email,
            member.contact,
            member.role,
            member.place,
            member.language,
            names,
        )
    elif not names <= recipient.segments:
        recipient.segments |= names
    recipient.organisations[member.organisation_id] = member.organisation
    if member.code and len(recipient.codes) < MOST_CODES and member.code not in recipient.codes:
        recipient.codes.append(member.code)

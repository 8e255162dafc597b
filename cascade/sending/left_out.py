"""Whom a release would leave out, and who is in several of its segments: one page at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from cascade.database import joining_by_hash
from cascade.paging import Page
from cascade.sending import tiers
from cascade.sending.resolve import (
    EVERY_TIER,
    UNSUBSCRIBABLE,
    Recipient,
    members,
    named,
    obstacle_to,
    resolve,
)
from cascade.sending.states import Tier

OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Line:
    """A contact, or an organisation that has none, with the segments they are in."""

    organisation_id: int
    organisation: str
    contact: str
    address: str
    segments: tuple[str, ...]


def left_out(
    session: Session, segments: Sequence[str], tier: Tier, why: str, *, page: int, size: int
) -> Page[Line]:
    """Those that an obstacle such as `no-address` keeps from getting it, organisation by
    organisation; with `overlap` those in several of the segments, who get it once.

    It reads everybody in the segments, as a release does. Raises NotFound for an unknown segment.
    """
    chosen = named(session, segments)
    can_unsubscribe = tiers.policy(session, tier).can_unsubscribe
    holding = UNSUBSCRIBABLE if can_unsubscribe else EVERY_TIER
    if why == OVERLAP:
        reached = resolve(session, chosen, holding=holding).recipients
        return _page((_overlap(one) for one in reached if len(one.segments) > 1), page, size)
    with joining_by_hash(session):
        found = (
            Line(
                member.organisation_id,
                member.organisation,
                member.contact or "",
                member.email or "",
                tuple(sorted(names)),
            )
            for member, names in members(session, chosen)
            if obstacle_to(member, holding) == why
        )
        return _page(found, page, size)


def _overlap(one: Recipient) -> Line:
    number, name = next(iter(one.organisations.items()))
    return Line(number, name, one.contact, one.address, tuple(sorted(one.segments)))


def _page(found: Iterable[Line], page: int, size: int) -> Page[Line]:
    rest = iter(found)
    before = sum(1 for _ in islice(rest, (page - 1) * size))
    lines = tuple(islice(rest, size))
    return Page(lines, page, size, before + len(lines) + sum(1 for _ in rest))

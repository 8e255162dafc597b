"""Addresses that must not be written to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Literal, cast, get_args

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cascade.audience.addresses import email as checked_email
from cascade.audience.normalise import Flaw
from cascade.audience.records import Suppression
from cascade.cleaning import cut, one_line
from cascade.errors import BadInput, NotFound, Refused
from cascade.paging import Page

Reason = Literal["unsubscribed", "complained", "bounced"]
"""From the weakest to the strongest: `unsubscribed` holds only for what can be unsubscribed."""

REASON_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "unsubscribed": "They want no routine messages",
        "complained": "They complained: write nothing at all",
        "bounced": "The address does not work: write nothing at all",
    }
)
"""Each reason as people choose it."""

_ORDER: tuple[str, ...] = get_args(Reason)


def suppress(session: Session, email: str, reason: Reason, now: datetime) -> None:
    """Don't write to an address any more; a weaker reason never replaces a stronger one."""
    there = session.get(Suppression, _key(email))
    if there is None:
        session.add(Suppression(email=_key(email), reason=reason, created_at=now))
    elif _ORDER.index(reason) > _ORDER.index(there.reason):
        there.reason, there.created_at = reason, now
    session.flush()


def unsuppress(session: Session, email: str) -> bool:
    """Write to an address again; says whether it was suppressed."""
    there = session.get(Suppression, _key(email))
    if there is not None:
        session.delete(there)
        session.flush()
    return there is not None


def reasons(session: Session, emails: Sequence[str]) -> dict[str, str]:
    """Those of the addresses that are suppressed, with the reason."""
    query = select(Suppression).where(Suppression.email.in_([_key(one) for one in emails]))
    return {one.email: one.reason for one in session.scalars(query)}


def add(session: Session, email: str, reason: str, why: str, now: datetime) -> Suppression:
    """Put an address on the list by hand; raises BadInput, and Refused when it is there already."""
    problems = []
    address = ""
    try:
        address = checked_email(one_line(email))
    except Flaw as flaw:
        problems.append(f"email: {flaw}")
    if reason not in _ORDER:
        problems.append("reason: choose why it is not written to")
    _refuse_no_words(why, problems)
    there = session.get(Suppression, address)
    if there is not None and _ORDER.index(there.reason) >= _ORDER.index(reason):
        raise Refused(f"{address} is on the list already: {there.reason}.")
    suppress(session, address, cast(Reason, reason), now)
    return session.get_one(Suppression, address)


def lift(session: Session, email: str, why: str) -> Suppression:
    """Write to an address again; raises NotFound, and BadInput without a reason. Gives what was."""
    _refuse_no_words(why, [])
    there = session.get(Suppression, _key(email))
    if there is None:
        raise NotFound(f"{cut(email, 320)} is not on the list.")
    session.delete(there)
    session.flush()
    return there


def listing(
    session: Session, *, search: str = "", reason: str = "", page: int = 1, size: int = 50
) -> Page[Suppression]:
    """One page by address; `search`: part of it."""
    found = select(Suppression)
    if reason:
        found = found.where(Suppression.reason == reason)
    if words := cut(search, 320):
        found = found.where(Suppression.email.icontains(words, autoescape=True))
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = session.scalars(found.order_by(Suppression.email).limit(size).offset((page - 1) * size))
    return Page(tuple(rows), page, size, total)


def _refuse_no_words(why: str, problems: list[str]) -> None:
    if not one_line(why):
        problems.append("why: say in a few words who asked for it, or how you know")
    if problems:
        raise BadInput("Some of it can't be used.", problems)


def _key(email: str) -> str:
    """Mailboxes are told apart without regard to capitals, as everybody but RFC 5321 does."""
    return email.strip().lower()

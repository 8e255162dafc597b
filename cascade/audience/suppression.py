"""Addresses that must not be written to."""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy.orm import Session

from cascade.audience.records import Suppression

Reason = Literal["unsubscribed", "complained", "bounced"]
"""From the weakest to the strongest: `unsubscribed` holds only for what can be unsubscribed."""

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


def is_suppressed(session: Session, email: str) -> bool:
    """Whether an address is suppressed for any reason."""
    return session.get(Suppression, _key(email)) is not None


def _key(email: str) -> str:
    """Mailboxes are told apart without regard to capitals, as everybody but RFC 5321 does."""
    return email.strip().lower()

"""Claim a letter that is due, and record what became of it.

A letter is claimed by moving on the time at which it is due: who dies with it in hand leaves it to
be tried again when that time comes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, literal_column, select, update
from sqlalchemy.orm import Session

from cascade.letters.records import Letter
from channels.base import Outcome

LEASE = timedelta(seconds=60)
"""How long a letter is left to who claimed it, unless they renew that."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
PATIENCE = timedelta(days=2)
"""How long after it was written a letter is tried that is refused for now."""
SOON = timedelta(seconds=10)
"""When a letter is due again that nobody has looked at."""

MOMENT = timedelta(seconds=1)
"""When a letter is due again that would be too fast for the rate limits."""

# As it stands in the index: with a bound value neither engine would take that.
_WAITING: ColumnElement[bool] = Letter.state == literal_column("'waiting'")

# Asked ten times a second, so it is put together once.
_DUE = select(Letter.id).where(_WAITING, Letter.due_at <= bindparam("now")).limit(1)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter in hand, free of the database."""

    id: int
    to: str
    name: str
    subject: str
    text: str
    html: str | None
    written_at: datetime
    attempts: int
    """With this one."""


def is_due(session: Session, now: datetime) -> bool:
    """Whether a letter is to go out now."""
    return session.scalar(_DUE, {"now": now}) is not None


def waiting(session: Session) -> tuple[int, int, datetime | None]:
    """How many letters wait, how many of these were tried before, and since when one is due."""
    tried = func.count(case((Letter.attempts > 0, 1)))
    found = select(func.count(), tried, func.min(Letter.due_at)).where(_WAITING)
    total, again, oldest = session.execute(found).one()
    return total, again, oldest


def claim(
    session: Session, now: datetime, may_go: Callable[[str], bool] = lambda domain: True
) -> Claimed | None:
    """Take the letter that is due the longest, and count the attempt.

    `may_go`: whether one more message may go to a domain now; else the letter waits a moment, so
    that letters to others go meanwhile.
    """
    letter = session.scalar(
        select(Letter)
        .where(_WAITING, Letter.due_at <= now)
        .order_by(Letter.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if letter is None:
        return None
    if not may_go(letter.to.rpartition("@")[2].lower()):
        letter.due_at = now + MOMENT
        return None
    letter.due_at = now + LEASE
    letter.attempts += 1
    return Claimed(
        letter.id,
        letter.to,
        letter.name,
        letter.subject,
        letter.text,
        letter.html,
        letter.written_at,
        letter.attempts,
    )


def renew(session: Session, claimed: Claimed, now: datetime) -> None:
    """Keep a letter in hand while the mail server takes its time."""
    session.execute(
        update(Letter).where(*_still_held(claimed)).values(due_at=now + LEASE),
        execution_options={"synchronize_session": False},
    )


def record(session: Session, claimed: Claimed, outcome: Outcome, now: datetime) -> None:
    """Note what the mail server said, and what follows from it.

    An acceptance counts also when the letter is somebody else's by now.
    """
    accepted = outcome.kind == "accepted"
    where = (Letter.id == claimed.id,) if accepted else _still_held(claimed)
    session.execute(
        update(Letter)
        .where(*where)
        .values(**_effect(claimed, outcome, now), detail=_words(outcome)),
        execution_options={"synchronize_session": False},
    )


def _still_held(claimed: Claimed) -> tuple[ColumnElement[bool], ...]:
    return Letter.id == claimed.id, _WAITING, Letter.attempts == claimed.attempts


def _effect(claimed: Claimed, outcome: Outcome, now: datetime) -> Mapping[str, Any]:
    if outcome.kind == "accepted":
        return {"state": "sent", "text": "", "html": None, "sent_at": now}
    if outcome.kind == "unsent":
        return {"due_at": now + SOON, "attempts": Letter.attempts - 1}
    if outcome.kind == "temporary" and now - claimed.written_at < PATIENCE:
        return {"due_at": now + _pause(claimed.attempts)}
    # Its links are of no use to anybody any more, but to who finds them.
    return {"state": "failed", "text": "", "html": None}


def _pause(attempts: int) -> timedelta:
    doubled: timedelta = FIRST_PAUSE * 2 ** min(attempts - 1, 10)
    return min(doubled, LONGEST_PAUSE)


def _words(outcome: Outcome) -> str:
    return f"{outcome.code} {outcome.text}" if outcome.code else outcome.text

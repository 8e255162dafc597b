"""Links that are to be looked at: claimed, and recorded with what came of it.

As with letters, a look is claimed by moving on the time at which it is due: who dies with it in
hand leaves it to be tried again when that time comes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, literal_column, select, update
from sqlalchemy.orm import Session

from cascade.cleaning import cut
from cascade.library.records import Toolkit
from cascade.reposts.records import LinkCheck, Repost
from cascade.reposts.words import REPORTED, SEEN, UNVERIFIED

LEASE = timedelta(seconds=60)
ATTEMPTS = 3
FIRST_PAUSE = timedelta(minutes=5)
"""Before the second attempt; before the third it is six times as long."""

_NO_END = "no look at the page came to its end"

# As it stands in the index: with a bound value neither engine would take that.
_WAITING: ColumnElement[bool] = LinkCheck.state == literal_column("'waiting'")

# Asked ten times a second, so it is put together once.
_DUE = select(LinkCheck.id).where(_WAITING, LinkCheck.due_at <= bindparam("now")).limit(1)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A link in hand, free of the database."""

    id: int
    repost: int
    link: str
    attempts: int
    """With this one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a look. `state`: `seen`, `not-found`, `unreachable` or `refused`."""

    state: str
    found: str
    excerpt: str = ""
    status: int | None = None
    address: str = ""
    again: bool = False
    """Whether it may be different a while later."""


def ask(session: Session, repost: Repost, *, by: str, now: datetime) -> bool:
    """Have the link of a repost looked at; False where one is about to be, or there is none."""
    waiting = select(LinkCheck.id).where(LinkCheck.repost_id == repost.id, _WAITING).limit(1)
    if not repost.link or session.scalar(waiting) is not None:
        return False
    session.add(
        LinkCheck(repost_id=repost.id, asked_at=now, asked_by=by, state="waiting", due_at=now)
    )
    session.flush()
    return True


def is_due(session: Session, now: datetime) -> bool:
    """Whether a link is to be looked at now."""
    return session.scalar(_DUE, {"now": now}) is not None


def claim(session: Session, now: datetime) -> Claimed | None:
    """Take the link that is due the longest, and count the attempt.

    One whose attempts have all been made is not tried again: nobody came back from them, and what
    stops one process would stop the next. Its report stays what it was.
    """
    while (row := _next(session, now)) is not None:
        check, link = row
        if check.attempts < ATTEMPTS:
            check.due_at = now + LEASE
            check.attempts += 1
            return Claimed(check.id, check.repost_id, link, check.attempts)
        check.state, check.done_at, check.found = "unreachable", now, _NO_END
        session.flush()
    return None


def _next(session: Session, now: datetime) -> tuple[LinkCheck, str] | None:
    row = session.execute(
        select(LinkCheck, Repost.link)
        .join(Repost, Repost.id == LinkCheck.repost_id)
        .where(_WAITING, LinkCheck.due_at <= now)
        .order_by(LinkCheck.due_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=LinkCheck)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def toolkit_of(session: Session, claimed: Claimed) -> Toolkit:
    """The toolkit whose words are looked for."""
    query = select(Toolkit).join(Repost, Repost.toolkit_id == Toolkit.id)
    return session.scalars(query.where(Repost.id == claimed.repost)).one()


def record(session: Session, claimed: Claimed, finding: Finding, now: datetime) -> None:
    """Keep what came of it, and what it makes of the repost's grade; or try again later.

    It counts only for who still holds the claim.
    """
    later = finding.again and claimed.attempts < ATTEMPTS
    done = session.execute(
        update(LinkCheck)
        .where(LinkCheck.id == claimed.id, _WAITING, LinkCheck.attempts == claimed.attempts)
        .values(
            found=cut(finding.found, 200),
            excerpt=cut(finding.excerpt, 300),
            status=finding.status,
            address=finding.address[:2000],
            **(_later(claimed, now) if later else {"state": finding.state, "done_at": now}),
        )
        .returning(LinkCheck.id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if done is None or later:
        return
    repost = session.get_one(Repost, claimed.repost)
    if repost.grade != SEEN:  # what was seen once was there, whatever became of the page
        repost.grade = graded(repost.group_key, finding.state)


def graded(group_key: str, looked: str = "") -> str:
    """How well a use is known: `looked` is what came of the last look at its link, if any.

    By whom the name stands for, not by what was typed: a dash is no group.
    """
    if looked == "seen":
        return SEEN
    return UNVERIFIED if looked or not group_key else REPORTED


def _later(claimed: Claimed, now: datetime) -> Mapping[str, Any]:
    return {"due_at": now + FIRST_PAUSE * 6 ** (claimed.attempts - 1)}

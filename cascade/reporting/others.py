"""What waits for others than who looks, and what was approved but never released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from cascade.accounts.permissions import Permission
from cascade.accounts.users import Person
from cascade.library.publish import is_newest
from cascade.library.records import TOOLKIT, ShelfEntry, Toolkit, ToolkitVersion
from cascade.sending.deadlines import LONDON
from cascade.sending.records import Cascade
from cascade.sending.states import CascadeState
from cascade.sign_off.records import SignOff, SignOffState

RELEASABLE_FOR = timedelta(days=14)
"""How long after its approval a text that nobody releases is spoken of."""


@dataclass(frozen=True, slots=True)
class Others:
    """How much waits for somebody else, by who that is."""

    texts: int = 0
    """For an approver."""
    urgent: int = 0
    """Releases, for a second releaser."""
    approved: int = 0
    """Texts, for a releaser."""


@dataclass(frozen=True, slots=True)
class Releasable:
    """An approved text in its toolkit's own language that was never released."""

    toolkit: str
    title: str
    approved_by: str
    approved_at: datetime


def others(session: Session, person: Person | None, now: datetime, *, decides: bool) -> Others:
    """What waits for others than this person; `decides`: some of the texts wait for them."""
    may = person.permissions if person else frozenset()
    texts = select(func.count()).select_from(SignOff).where(SignOff.state == SignOffState.SUBMITTED)
    urgent = select(func.count(Cascade.id)).where(Cascade.state == CascadeState.AWAITING)
    if person and Permission.RELEASE in may:
        urgent = urgent.where(Cascade.released_by == person.email)
    approved = select(func.count()).select_from(_unreleased(now).subquery())
    return Others(
        0 if decides else session.scalar(texts) or 0,
        session.scalar(urgent) or 0,
        0 if Permission.RELEASE in may else session.scalar(approved) or 0,
    )


def releasable(session: Session, now: datetime, most: int) -> Sequence[Releasable]:
    """What was approved in the last days and never released, the newest first."""
    rows = session.execute(_unreleased(now).order_by(SignOff.decided_at.desc()).limit(most))
    return [Releasable(*row) for row in rows]


def _unreleased(now: datetime) -> Select[*tuple[Any, ...]]:
    """Not what is kept for immediate use, which waits for nobody, nor issues: they go by the clock.

    What was approved before a newer version can't be released any more.
    """
    released = select(Cascade.version_id).where(~Cascade.exercise)
    today = now.astimezone(LONDON).date()
    return (
        select(Toolkit.name, ToolkitVersion.title, SignOff.decided_by, SignOff.decided_at)
        .join(ToolkitVersion, ToolkitVersion.id == SignOff.version_id)
        .join(Toolkit, Toolkit.id == ToolkitVersion.toolkit_id)
        .outerjoin(ShelfEntry, ShelfEntry.version_id == ToolkitVersion.id)
        .where(
            SignOff.state == SignOffState.APPROVED,
            SignOff.decided_at > now - RELEASABLE_FOR,
            ~SignOff.immediate_use,
            Toolkit.kind == TOOLKIT,
            ToolkitVersion.language == Toolkit.language,
            is_newest(),
            ToolkitVersion.id.not_in(released),
            or_(ShelfEntry.expires.is_(None), ShelfEntry.expires >= today),
        )
    )

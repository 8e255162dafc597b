"""What waits for whom, what is on its way, and the week ahead: the desk's first page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.orm import Session

from cascade.accounts.permissions import Permission
from cascade.accounts.users import Person
from cascade.bulletins.records import UNDER_WAY_SQL, Bulletin, Issue, IssueState
from cascade.library.records import ToolkitVersion
from cascade.reporting.cascades import CascadeLine, chosen
from cascade.reporting.others import Others, others, releasable
from cascade.sending.countersigning import CLOCK
from cascade.sending.records import Cascade, CascadeEvent, Circuit, OrganisationCounter
from cascade.sending.states import CascadeAct, CascadeState
from cascade.sign_off.approvers import to_decide
from cascade.sign_off.records import SignOff, SignOffState

Kind = Literal[
    "approve", "mend", "countersign", "held", "overdue", "channel", "issue", "missed", "release"
]

SHOWN = 5
"""Lines of each kind; more than that is a page of its own."""
AHEAD = timedelta(days=7)
EMPTY_FOR = timedelta(days=2)
MISSED_FOR = timedelta(days=1)
"""How long after it was withdrawn for want of a second person a release is spoken of here."""
OVERDUE_FOR = timedelta(days=7)
"""How long after its deadline a cascade is still spoken of here."""

_IN_FLIGHT = (
    CascadeState.AWAITING,
    CascadeState.SENDING,
    CascadeState.PAUSED,
    CascadeState.HELD,
)


@dataclass(frozen=True, slots=True)
class Need:
    """Something that somebody should do now; `number` is a version's or a cascade's."""

    kind: Kind
    number: int
    title: str
    detail: str
    at: datetime
    count: int = 0
    """Organisations outstanding, of `of`."""
    of: int = 0
    bulletin: str = ""
    """Of an issue that waits: the short name; `number` is the issue's."""
    toolkit: str = ""
    """Of a text to release: the short name."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Something that happens in the next days: a cascade goes out, or its deadline ends."""

    kind: Literal["goes out", "confirm by"]
    cascade: int
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Today:
    """What stands on the first page above the list of all cascades."""

    needs: tuple[Need, ...]
    others: Others
    in_flight: tuple[CascadeLine, ...]
    ahead: tuple[Ahead, ...]


def today(session: Session, person: Person | None, now: datetime) -> Today:
    """The same number of questions however much there is; `person` None: who has no account."""
    may = person.permissions if person else frozenset()
    needs: list[Need] = []
    if person and Permission.RELEASE in may:
        needs += _to_countersign(session, person)
        needs += _missed(session, now)
    needs += _broken(session, now)
    needs += _of(session, Cascade.state == CascadeState.HELD, "held")
    if person and Permission.APPROVE in may:
        needs += _to_approve(session, person)
    if person and Permission.RELEASE in may:
        needs += _to_release(session, now)
    if person and Permission.WRITE in may:
        needs += _to_mend(session, person)
    needs += _issues(session, now)
    needs += _overdue(session, now)
    return Today(
        tuple(needs),
        others(session, person, now, decides=any(one.kind == "approve" for one in needs)),
        chosen(session, Cascade.state.in_(_IN_FLIGHT), limit=SHOWN),
        tuple(sorted([*_going(session, now), *_ending(session, now)], key=lambda one: one.at)),
    )


def _to_countersign(session: Session, person: Person) -> Sequence[Need]:
    theirs = (Cascade.state == CascadeState.AWAITING) & (Cascade.released_by != person.email)
    return _of(session, theirs, "countersign")


def _missed(session: Session, now: datetime) -> Sequence[Need]:
    """What the clock withdrew, because nobody countersigned it in time."""
    by_clock = select(CascadeEvent.id).where(
        CascadeEvent.cascade_id == Cascade.id,
        CascadeEvent.kind == CascadeAct.WITHDRAWN,
        CascadeEvent.by == CLOCK,
    )
    lately = Cascade.awaits_until > now - MISSED_FOR
    which = (Cascade.state == CascadeState.WITHDRAWN) & lately & by_clock.exists()
    return _of(session, which, "missed")


def _of(session: Session, which: ColumnElement[bool], kind: Kind) -> Sequence[Need]:
    rows = session.scalars(select(Cascade).where(which).order_by(Cascade.id.desc()).limit(SHOWN))
    return [Need(kind, one.id, one.title, one.released_by, one.released_at) for one in rows]


def _broken(session: Session, now: datetime) -> Sequence[Need]:
    rows = session.scalars(select(Circuit).where(Circuit.open_until > now))
    return [Need("channel", 0, one.channel, one.reason, one.open_until or now) for one in rows]


def _to_approve(session: Session, person: Person) -> Sequence[Need]:
    return [
        Need("approve", one.version_id, one.title, one.submitted_by, one.submitted_at)
        for one in to_decide(session, person, SHOWN)
    ]


def _to_release(session: Session, now: datetime) -> Sequence[Need]:
    return [
        Need("release", 0, one.title, one.approved_by, one.approved_at, toolkit=one.toolkit)
        for one in releasable(session, now, SHOWN)
    ]


def _to_mend(session: Session, person: Person) -> Sequence[Need]:
    newer = select(ToolkitVersion.id).where(ToolkitVersion.id > SignOff.version_id)
    of = select(ToolkitVersion).where(ToolkitVersion.id == SignOff.version_id).subquery()
    newer = newer.where(
        ToolkitVersion.toolkit_id == of.c.toolkit_id, ToolkitVersion.language == of.c.language
    )
    rows = session.execute(
        select(SignOff, of.c.title)
        .join(of, of.c.id == SignOff.version_id)
        .where(SignOff.state == SignOffState.RETURNED, SignOff.submitted_by == person.email)
        .where(~newer.exists())
        .order_by(SignOff.decided_at.desc())
        .limit(SHOWN)
    )
    return [
        Need(
            "mend", one.version_id, title, one.decided_by or "", one.decided_at or one.submitted_at
        )
        for one, title in rows
    ]


def _issues(session: Session, now: datetime) -> Sequence[Need]:
    """Issues that did not go out at their time, and those that were lately found empty."""
    lately = (Issue.state == IssueState.EMPTY) & (Issue.send_at > now - EMPTY_FOR)
    waiting = text(UNDER_WAY_SQL) & (Issue.waits_for != "")
    rows = session.execute(
        select(Issue, Bulletin)
        .join(Bulletin, Bulletin.id == Issue.bulletin_id)
        .where(or_(waiting, lately))
        .order_by(Issue.send_at.desc())
        .limit(SHOWN)
    )
    return [
        Need(
            "issue",
            one.number,
            of.title,
            one.waits_for or "It was not sent: nothing was due for it.",
            one.send_at,
            bulletin=of.name,
        )
        for one, of in rows
    ]


def _overdue(session: Session, now: datetime) -> Sequence[Need]:
    confirmed = (
        select(func.coalesce(func.sum(OrganisationCounter.confirmed), 0))
        .where(OrganisationCounter.cascade_id == Cascade.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Cascade, confirmed)
        .where(
            Cascade.deadline_at <= now,
            Cascade.deadline_at > now - OVERDUE_FOR,
            Cascade.state.in_((CascadeState.SENDING, CascadeState.SENT)),
            confirmed < Cascade.organisations,
        )
        .order_by(Cascade.deadline_at.desc())
        .limit(SHOWN)
    )
    return [
        Need(
            "overdue",
            one.id,
            one.title,
            one.tier,
            one.deadline_at or now,
            one.organisations - int(done),
            one.organisations,
        )
        for one, done in rows
    ]


def _going(session: Session, now: datetime) -> Sequence[Ahead]:
    rows = session.scalars(
        select(Cascade)
        .where(Cascade.state == CascadeState.SCHEDULED, Cascade.send_at <= now + AHEAD)
        .order_by(Cascade.send_at)
        .limit(SHOWN)
    )
    return [Ahead("goes out", one.id, one.title, one.send_at) for one in rows]


def _ending(session: Session, now: datetime) -> Sequence[Ahead]:
    rows = session.scalars(
        select(Cascade)
        .where(
            Cascade.deadline_at > now,
            Cascade.deadline_at <= now + AHEAD,
            Cascade.state.in_((CascadeState.SENDING, CascadeState.SENT)),
        )
        .order_by(Cascade.deadline_at)
        .limit(SHOWN)
    )
    return [Ahead("confirm by", one.id, one.title, one.deadline_at or now) for one in rows]

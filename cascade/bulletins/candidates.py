"""What may be an item of an issue: approved toolkits that are not over and were in none before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

import toolkits
from cascade.bulletins.issues import UNDER_WAY
from cascade.bulletins.records import Bulletin, Issue, IssueEntry, IssueState
from cascade.errors import NotFound, Refused
from cascade.library.records import TOOLKIT, ShelfEntry, Toolkit, ToolkitVersion, VersionBulletin
from cascade.sending.deadlines import LONDON
from cascade.sending.records import Cascade
from cascade.sending.states import CascadeState
from cascade.shelf.visible import is_approved
from toolkits import Meta

MOST = 30
"""Items of an issue: nobody reads more, and all their names fit where variants keep them."""
OFFERED = 100
"""Toolkits that are offered to be taken in by hand."""
USUAL_HEADING = "for-information"


@dataclass(frozen=True, slots=True)
class Found:
    """A toolkit that may be an item: its newest approved version in its own language."""

    toolkit: Toolkit
    version: ToolkitVersion
    meta: Meta

    @property
    def heading(self) -> str:
        return self.meta.heading or USUAL_HEADING


def named(session: Session, bulletin: Bulletin, issue: Issue, *, sign_off: bool) -> Sequence[Found]:
    """What is meant for the bulletin and its audiences, not over, and was in no issue of it."""
    marked = select(VersionBulletin.version_id).where(VersionBulletin.bulletin == bulletin.name)
    rows = session.execute(
        _newest(sign_off).where(ToolkitVersion.id.in_(marked), ~_was_in(bulletin, issue))
    )
    every = (read(*row) for row in rows)
    return [one for one in every if _fits(one.meta, bulletin, issue)]


def changed_since(
    session: Session, bulletin: Bulletin, issue: Issue, *, sign_off: bool
) -> Sequence[Found]:
    """What was in an issue before, has another text now, and could be said once more."""
    before = (
        select(func.max(IssueEntry.version_id))
        .join(Issue, Issue.id == IssueEntry.issue_id)
        .where(
            Issue.bulletin_id == bulletin.id,
            _went_out(),
            IssueEntry.toolkit_id == Toolkit.id,
            IssueEntry.held == "",
        )
        .scalar_subquery()
    )
    named = select(VersionBulletin.version_id).where(VersionBulletin.bulletin == bulletin.name)
    here = exists().where(IssueEntry.issue_id == issue.id, IssueEntry.toolkit_id == Toolkit.id)
    rows = session.execute(
        _newest(sign_off)
        .where(ToolkitVersion.id.in_(named), ToolkitVersion.id > before, ~here)
        .limit(MOST)
    )
    return [one for row in rows if _fits((one := read(*row)).meta, bulletin, issue)]


def offered(
    session: Session, bulletin: Bulletin, issue: Issue, *, sign_off: bool
) -> Sequence[tuple[str, str]]:
    """Names and titles of approved toolkits that may be taken in, the newest first."""
    newest = _newest(sign_off).with_only_columns(Toolkit.name, ToolkitVersion.title)
    open_ones = newest.where(~_was_in(bulletin, issue)).order_by(ToolkitVersion.id.desc())
    return [(name, title) for name, title in session.execute(open_ones.limit(OFFERED))]


def find(session: Session, name: str, *, sign_off: bool) -> Found:
    """A toolkit that somebody takes in by hand; raises NotFound when nobody approved it."""
    row = session.execute(_newest(sign_off).where(Toolkit.name == name)).one_or_none()
    if row is None:
        raise NotFound(f"There is no approved toolkit called “{name[:60]}”.")
    return read(*row)


def item_of(session: Session, bulletin: Bulletin, found: Found) -> str:
    """The name it is an item by: another one where a changed text is said again.

    Raises Refused when this very text was in an issue already.
    """
    versions = session.scalars(
        select(IssueEntry.version_id)
        .join(Issue, Issue.id == IssueEntry.issue_id)
        .where(
            Issue.bulletin_id == bulletin.id,
            _went_out(),
            IssueEntry.toolkit_id == found.toolkit.id,
            IssueEntry.held == "",
        )
    ).all()
    if found.version.id in versions:
        raise Refused(f"“{found.version.title}” was in an issue before, in these very words.")
    return f"{found.toolkit.name}.v{found.version.number}" if versions else found.toolkit.name


def refuse_over(session: Session, issue: Issue, now: datetime) -> None:
    """Raise Refused when what an item of it tells of is over."""
    over = session.scalar(
        select(ToolkitVersion.title)
        .join(ShelfEntry, ShelfEntry.version_id == ToolkitVersion.id)
        .join(IssueEntry, IssueEntry.version_id == ToolkitVersion.id)
        .where(
            IssueEntry.issue_id == issue.id,
            IssueEntry.held == "",
            ShelfEntry.expires < now.astimezone(LONDON).date(),
        )
        .limit(1)
    )
    if over is not None:
        raise Refused(
            f"“{over}” is over: take the issue back, leave out what is over, and submit it anew."
        )


def _newest(sign_off: bool) -> Select[Toolkit, ToolkitVersion]:
    newer = (
        select(func.max(ToolkitVersion.number))
        .where(
            ToolkitVersion.toolkit_id == Toolkit.id,
            ToolkitVersion.language == Toolkit.language,
            is_approved(sign_off),
        )
        .correlate(Toolkit)
        .scalar_subquery()
    )
    return (
        select(Toolkit, ToolkitVersion)
        .join(ToolkitVersion, ToolkitVersion.toolkit_id == Toolkit.id)
        .where(
            Toolkit.kind == TOOLKIT,
            ToolkitVersion.language == Toolkit.language,
            ToolkitVersion.number == newer,
        )
    )


def _was_in(bulletin: Bulletin, issue: Issue) -> ColumnElement[bool]:
    """Whether a toolkit is in this issue, was in an earlier one, or is never to be in any."""
    counts = or_(
        Issue.id == issue.id,
        IssueEntry.held == "never",
        (IssueEntry.held == "") & Issue.state.in_(UNDER_WAY),
        (IssueEntry.held == "") & _went_out(),
    )
    return (
        exists()
        .where(
            IssueEntry.toolkit_id == Toolkit.id,
            Issue.id == IssueEntry.issue_id,
            Issue.bulletin_id == bulletin.id,
            counts,
        )
        .correlate(Toolkit)
    )


def _went_out() -> ColumnElement[bool]:
    """Whether an issue was sent. Of one that was withdrawn, everything is to be said again: who
    had an item before that doesn't get it twice."""
    withdrawn = exists().where(
        Cascade.id == Issue.cascade_id, Cascade.state == CascadeState.WITHDRAWN
    )
    return (Issue.state == IssueState.RELEASED) & ~withdrawn.correlate(Issue)


def read(toolkit: Toolkit, version: ToolkitVersion) -> Found:
    """The toolkit with the front matter of a version."""
    return Found(toolkit, version, toolkits.parse(version.text).meta)


def _fits(meta: Meta, bulletin: Bulletin, issue: Issue) -> bool:
    meant = not meta.segments or bool(set(meta.segments) & set(bulletin.segments))
    return meant and not is_over(meta, day_of(issue))


def is_over(meta: Meta, day: date) -> bool:
    """Whether what a text tells of has ended before a day."""
    return meta.expires is not None and meta.expires < day


def day_of(issue: Issue) -> date:
    """The day, in England, on which it is to go out."""
    return issue.send_at.astimezone(LONDON).date()

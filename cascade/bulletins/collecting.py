"""What became due for a bulletin since its last issue, in the order of its tier and dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, update
from sqlalchemy.orm import Session

import toolkits
from cascade.bulletins.issues import CLOCK, UNDER_WAY
from cascade.bulletins.records import Bulletin, Issue, IssueEntry, IssueState
from cascade.errors import BadInput, NotFound, Refused
from cascade.library.records import TOOLKIT, Toolkit, ToolkitVersion, VersionBulletin
from cascade.sending.deadlines import LONDON
from cascade.sending.records import Cascade
from cascade.sending.states import CascadeState, Tier
from cascade.shelf.visible import is_approved
from toolkits import HEADINGS, Meta

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


def collect(
    session: Session, bulletin: Bulletin, issue: Issue, *, now: datetime, sign_off: bool
) -> int:
    """Take in what is due and not in yet; gives how many. What an editor arranged stays so."""
    _begin(session, issue, now)
    there = session.scalars(select(IssueEntry).where(IssueEntry.issue_id == issue.id)).all()
    room = MOST - len(there)
    found = due(session, bulletin, issue, sign_off=sign_off)[: max(room, 0)]
    begin = max((one.position for one in there), default=0) + 1
    session.add_all(_entry(issue, one, place) for place, one in enumerate(found, begin))
    session.flush()
    if issue.changed_by == CLOCK and there and found:
        _arrange(session, issue)
    return len(found)


def _begin(session: Session, issue: Issue, now: datetime) -> None:
    """Two collectors take turns. No new revision: nobody who edits is in the way of it."""
    ours = session.execute(
        update(Issue)
        .where(Issue.id == issue.id, Issue.state == IssueState.COLLECTING)
        .values(collected_at=now)
        .returning(Issue.id)
    ).all()
    if not ours:
        raise Refused(f"Issue {issue.number} is {issue.state}: nothing comes in by itself.")


def due(session: Session, bulletin: Bulletin, issue: Issue, *, sign_off: bool) -> Sequence[Found]:
    """What is meant for the bulletin and its audiences, not over, and was in no issue of it."""
    named = select(VersionBulletin.version_id).where(VersionBulletin.bulletin == bulletin.name)
    rows = session.execute(
        _newest(sign_off).where(ToolkitVersion.id.in_(named), ~_was_in(bulletin, issue))
    )
    found = (_found(*row) for row in rows)
    fitting = [one for one in found if _fits(one.meta, bulletin, issue)]
    return _ordered(session, fitting)


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
    return [one for row in rows if _fits((one := _found(*row)).meta, bulletin, issue)]


def offered(
    session: Session, bulletin: Bulletin, issue: Issue, *, sign_off: bool
) -> Sequence[tuple[str, str]]:
    """Names and titles of approved toolkits that may be taken in, the newest first."""
    newest = _newest(sign_off).with_only_columns(Toolkit.name, ToolkitVersion.title)
    open_ones = newest.where(~_was_in(bulletin, issue)).order_by(ToolkitVersion.id.desc())
    return [(name, title) for name, title in session.execute(open_ones.limit(OFFERED))]


def candidate(session: Session, name: str, *, sign_off: bool) -> Found:
    """A toolkit that somebody takes in by hand; raises NotFound when nobody approved it."""
    row = session.execute(_newest(sign_off).where(Toolkit.name == name)).one_or_none()
    if row is None:
        raise NotFound(f"There is no approved toolkit called “{name[:60]}”.")
    return _found(*row)


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


def take_in(
    session: Session, bulletin: Bulletin, issue: Issue, name: str, *, sign_off: bool
) -> IssueEntry:
    """Take a toolkit in by hand, also one that is not marked for this bulletin.

    Raises BadInput with what is wrong at the field `toolkit`.
    """
    try:
        found = candidate(session, name.strip(), sign_off=sign_off)
        item = item_of(session, bulletin, found)
        here = session.scalars(select(IssueEntry).where(IssueEntry.issue_id == issue.id)).all()
        _refuse_entry(found, issue, here)
    except (NotFound, Refused) as error:
        raise BadInput("It can't be taken in.", [f"toolkit: {error}"]) from None
    place = max((one.position for one in here), default=0) + 1
    made = _entry(issue, found, place, item=item, by_hand=True)
    session.add(made)
    session.flush()
    return made


def _refuse_entry(found: Found, issue: Issue, here: Sequence[IssueEntry]) -> None:
    if any(one.toolkit_id == found.toolkit.id for one in here):
        raise Refused(f"“{found.version.title}” is in this issue already.")
    if len(here) >= MOST:
        raise Refused(f"An issue has {MOST} items at most.")
    if _is_over(found.meta, _day(issue)):
        raise Refused(f"“{found.version.title}” is over before this issue goes out.")


def refuse_over(session: Session, issue: Issue, now: datetime) -> None:
    """Raise Refused when what an item of it tells of is over."""
    rows = session.scalars(
        select(ToolkitVersion)
        .join(IssueEntry, IssueEntry.version_id == ToolkitVersion.id)
        .where(IssueEntry.issue_id == issue.id, IssueEntry.held == "")
    )
    today = now.astimezone(LONDON).date()
    over = [one.title for one in rows if _is_over(toolkits.parse(one.text).meta, today)]
    if over:
        raise Refused(
            f"“{over[0]}” is over: take the issue back, leave out what is over, and submit it anew."
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


def _found(toolkit: Toolkit, version: ToolkitVersion) -> Found:
    return Found(toolkit, version, toolkits.parse(version.text).meta)


def _fits(meta: Meta, bulletin: Bulletin, issue: Issue) -> bool:
    meant = not meta.segments or bool(set(meta.segments) & set(bulletin.segments))
    return meant and not _is_over(meta, _day(issue))


def _is_over(meta: Meta, day: date) -> bool:
    return meta.expires is not None and meta.expires < day


def _day(issue: Issue) -> date:
    return issue.send_at.astimezone(LONDON).date()


def _ordered(session: Session, found: Sequence[Found]) -> list[Found]:
    urgency = _tiers(session, [one.toolkit.id for one in found])

    def place(one: Found) -> tuple[int, int, date, float, int]:
        return (
            HEADINGS.index(one.heading),
            urgency.get(one.toolkit.id, len(Tier)),
            one.meta.expires or date.max,
            -one.version.published_at.timestamp(),
            one.toolkit.id,
        )

    return sorted(found, key=place)


def _tiers(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """How urgent the last cascade of each toolkit was; the most urgent is 0."""
    last = (
        select(func.max(Cascade.id))
        .where(Cascade.toolkit_id.in_(numbers), ~Cascade.exercise)
        .group_by(Cascade.toolkit_id)
    )
    rows = session.execute(select(Cascade.toolkit_id, Cascade.tier).where(Cascade.id.in_(last)))
    order = list(Tier)
    return {row.toolkit_id: order.index(Tier(row.tier)) for row in rows}


def _arrange(session: Session, issue: Issue) -> None:
    """Put everything into the usual order, as long as nobody has put it into another one."""
    rows = session.execute(
        select(IssueEntry, Toolkit, ToolkitVersion)
        .join(Toolkit, Toolkit.id == IssueEntry.toolkit_id)
        .join(ToolkitVersion, ToolkitVersion.id == IssueEntry.version_id)
        .where(IssueEntry.issue_id == issue.id)
    ).all()
    by_toolkit = {toolkit.id: entry for entry, toolkit, _ in rows}
    ordered = _ordered(session, [_found(toolkit, version) for _, toolkit, version in rows])
    for place, one in enumerate(ordered, 1):
        by_toolkit[one.toolkit.id].position = place
    session.flush()


def _entry(
    issue: Issue, found: Found, place: int, *, item: str = "", by_hand: bool = False
) -> IssueEntry:
    return IssueEntry(
        issue_id=issue.id,
        toolkit_id=found.toolkit.id,
        item=item or found.toolkit.name,
        version_id=found.version.id,
        heading=found.heading,
        position=place,
        asks=bool(found.meta.action) or "confirm_link" in found.version.text,
        by_hand=by_hand,
    )

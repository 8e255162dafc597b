"""What became due for a bulletin since its last issue, in the order of its tier and dates."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from cascade.bulletins import candidates
from cascade.bulletins.candidates import MOST, Found
from cascade.bulletins.issues import CLOCK
from cascade.bulletins.records import Bulletin, Issue, IssueEntry, IssueState
from cascade.errors import BadInput, NotFound, Refused
from cascade.library.records import Toolkit, ToolkitVersion
from cascade.sending.records import Cascade
from cascade.sending.states import Tier
from toolkits import HEADINGS


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
    """What is to come in by itself, in the usual order."""
    return _ordered(session, candidates.named(session, bulletin, issue, sign_off=sign_off))


def take_in(
    session: Session, bulletin: Bulletin, issue: Issue, name: str, *, sign_off: bool
) -> IssueEntry:
    """Take a toolkit in by hand, also one that is not marked for this bulletin.

    Raises BadInput with what is wrong at the field `toolkit`.
    """
    try:
        found = candidates.find(session, name.strip(), sign_off=sign_off)
        item = candidates.item_of(session, bulletin, found)
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
    if candidates.is_over(found.meta, candidates.day_of(issue)):
        raise Refused(f"“{found.version.title}” is over before this issue goes out.")


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
    ordered = _ordered(session, [candidates.read(toolkit, version) for _, toolkit, version in rows])
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

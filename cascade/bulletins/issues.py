"""Issues: open the next one, close it, give it up, find it, and where it stands."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from cascade.bulletins import schedules
from cascade.bulletins.records import Bulletin, Issue, IssueEntry, IssueState
from cascade.errors import NotFound, Overtaken, Refused
from cascade.library.records import Toolkit, ToolkitVersion
from cascade.paging import Page
from cascade.sending.insert_uses import Uses
from cascade.sign_off.records import SignOff, SignOffState
from toolkits import HEADINGS

CLOCK = "clock"
UNDER_WAY = (IssueState.COLLECTING, IssueState.CLOSED, IssueState.SUBMITTED)
EDITED = (IssueState.COLLECTING, IssueState.CLOSED)
"""Nobody has submitted it."""


def open_next(session: Session, bulletin: Bulletin, *, by: str, now: datetime) -> Issue:
    """Open the issue of the next date; raises Refused while one is under way, or no date is left.

    It holds nothing yet: `collecting.collect` looks for what became due.
    """
    session.execute(select(Bulletin.id).where(Bulletin.id == bulletin.id).with_for_update())
    last = last_of(session, bulletin)
    if last is not None and last.state in UNDER_WAY:
        raise Refused(f"Issue {last.number} is under way. Release it or skip it first.")
    begin = after(session, bulletin, now)
    send_at = schedules.next_after(schedules.read(bulletin.schedule), begin)
    if send_at is None:
        raise Refused("The schedule has no further date. Change it first.")
    made = Issue(
        bulletin_id=bulletin.id,
        number=last.number + 1 if last else 1,
        state=IssueState.COLLECTING,
        send_at=send_at,
        cut_off_at=send_at - timedelta(hours=bulletin.cut_off_hours),
        opened_at=now,
        collected_at=now,
        changed_at=now,
        changed_by=CLOCK,
        editors=_makers(bulletin, last),
    )
    session.add(made)
    bulletin.opens_at = None
    session.flush()
    return made


def after(session: Session, bulletin: Bulletin, now: datetime) -> datetime:
    """The moment after which the next issue comes: the date of the last one is over.

    Not that of an issue that was skipped for another schedule: a wrong year can be put right.
    """
    last = last_of(session, bulletin)
    if last is not None and last.state == IssueState.SKIPPED and _is_changed(bulletin, last):
        not_skipped = _of(bulletin).where(Issue.state != IssueState.SKIPPED)
        last = session.scalar(not_skipped.order_by(Issue.number.desc()).limit(1))
    return max(now, last.send_at) if last else now


def _is_changed(bulletin: Bulletin, since: Issue) -> bool:
    return bulletin.changed_at > since.opened_at


def _makers(bulletin: Bulletin, last: Issue | None) -> list[str]:
    """Who put together what an issue has from its bulletin, such as its title."""
    return [bulletin.changed_by] if last is None or _is_changed(bulletin, last) else []


def close(session: Session, issue: Issue, *, by: str, now: datetime) -> None:
    """Take nothing further in by itself; raises Refused when that is so already."""
    move(session, issue, (IssueState.COLLECTING,), by=by, now=now, state=IssueState.CLOSED)


def skip(session: Session, bulletin: Bulletin, issue: Issue, *, by: str, now: datetime) -> None:
    """Give this issue up; what was to be in it comes into the next."""
    move(session, issue, UNDER_WAY, by=by, now=now, state=IssueState.SKIPPED)
    over(bulletin, now)


def over(bulletin: Bulletin, now: datetime) -> None:
    """The issue that was under way is no more: the clock opens the next."""
    bulletin.opens_at = now


def find(session: Session, bulletin: Bulletin, number: int) -> Issue:
    """The issue of a number; raises NotFound."""
    found = session.scalar(_of(bulletin).where(Issue.number == number))
    if found is None:
        raise NotFound(f"“{bulletin.name}” has no issue {number}.")
    return found


def last_of(session: Session, bulletin: Bulletin) -> Issue | None:
    """The one with the highest number, wherever it stands."""
    return session.scalar(_of(bulletin).order_by(Issue.number.desc()).limit(1))


def under_way(session: Session, bulletin: Bulletin) -> Issue | None:
    """The one that is being put together, or waits for its time."""
    return session.scalar(
        _of(bulletin).where(Issue.state.in_(UNDER_WAY)).order_by(Issue.number.desc()).limit(1)
    )


def all_under_way(session: Session, bulletins: Sequence[Bulletin]) -> dict[int, Issue]:
    """The same for several bulletins, by their numbers, in one question."""
    numbers = [one.id for one in bulletins]
    wanted = select(Issue).where(Issue.bulletin_id.in_(numbers), Issue.state.in_(UNDER_WAY))
    return {one.bulletin_id: one for one in session.scalars(wanted)}


class Coming(NamedTuple):
    """An issue that is to go out."""

    bulletin: str
    title: str
    number: int
    submitted: bool
    """Its text is fixed."""


def touched(session: Session, used: Uses) -> tuple[Coming, ...]:
    """The issues to come that hold a toolkit which shows an insert."""
    versions = [one.number for one in used.versions]
    of = select(ToolkitVersion.toolkit_id).where(ToolkitVersion.id.in_(versions))
    holding = select(IssueEntry.issue_id).where(
        IssueEntry.held == "", IssueEntry.toolkit_id.in_(of)
    )
    rows = session.execute(
        select(Bulletin.name, Bulletin.title, Issue.number, Issue.state)
        .join(Issue, Issue.bulletin_id == Bulletin.id)
        .where(Issue.state.in_(UNDER_WAY), Issue.id.in_(holding))
        .order_by(Issue.send_at, Issue.id)
    )
    return tuple(
        Coming(row.name, row.title, row.number, row.state == IssueState.SUBMITTED) for row in rows
    )


def listing(session: Session, bulletin: Bulletin, *, page: int = 1, size: int = 20) -> Page[Issue]:
    """Its issues, newest first."""
    mine = Issue.bulletin_id == bulletin.id
    total = session.scalar(select(func.count()).select_from(Issue).where(mine)) or 0
    rows = session.scalars(
        _of(bulletin).order_by(Issue.number.desc()).limit(size).offset((page - 1) * size)
    )
    return Page(tuple(rows), page, size, total)


def entries(session: Session, issue: Issue) -> tuple[tuple[IssueEntry, Toolkit], ...]:
    """What is to be in it, in its order, and after that what is held back."""
    rows = session.execute(
        select(IssueEntry, Toolkit)
        .join(Toolkit, Toolkit.id == IssueEntry.toolkit_id)
        .where(IssueEntry.issue_id == issue.id)
        .order_by(IssueEntry.position, IssueEntry.id)
    )
    found = [(entry, toolkit) for entry, toolkit in rows]
    found.sort(key=lambda row: (row[0].held != "", HEADINGS.index(row[0].heading)))
    return tuple(found)


def standing(session: Session, issue: Issue, *, sign_off: bool) -> str:
    """Where it stands, in a word: its state, or of what was submitted `approved`, `returned`."""
    if issue.state != IssueState.SUBMITTED:
        return issue.state
    return decided(session, issue.versions.values(), sign_off=sign_off)


def decided(session: Session, versions: Iterable[int], *, sign_off: bool) -> str:
    """`approved` when all of these are, `returned` when any is, else `submitted`."""
    numbers = [*versions]
    if not sign_off:
        return SignOffState.APPROVED.value
    states = session.scalars(select(SignOff.state).where(SignOff.version_id.in_(numbers))).all()
    if SignOffState.RETURNED in states:
        return SignOffState.RETURNED.value
    if len(states) == len(numbers) and set(states) == {SignOffState.APPROVED}:
        return SignOffState.APPROVED.value
    return SignOffState.SUBMITTED.value


def move(
    session: Session,
    issue: Issue,
    origins: Iterable[IssueState],
    *,
    by: str,
    now: datetime,
    **values: Any,
) -> None:
    """Change it if it is in one of these states: of two at once, one raises Refused."""
    moved = session.execute(
        update(Issue)
        .where(Issue.id == issue.id, Issue.state.in_([*origins]))
        .values(revision=Issue.revision + 1, changed_at=now, changed_by=by, **values)
        .returning(Issue.id),
        execution_options={"synchronize_session": False},
    ).all()
    session.refresh(issue)
    if not moved:
        raise Refused(f"Issue {issue.number} is {issue.state}: this can't be done now.")


def edit(session: Session, issue: Issue, *, seen: int, by: str, now: datetime) -> None:
    """Begin a change by an editor; raises Overtaken when it isn't as it was `seen` any more."""
    moved = session.execute(
        update(Issue)
        .where(Issue.id == issue.id, Issue.revision == seen, Issue.state.in_(EDITED))
        .values(revision=seen + 1, changed_at=now, changed_by=by)
        .returning(Issue.id),
        execution_options={"synchronize_session": False},
    ).all()
    session.refresh(issue)
    if moved:
        issue.editors = sorted({*issue.editors, by})
        return
    if issue.state not in EDITED:
        raise Refused(f"Issue {issue.number} is {issue.state}: it can't be edited now.")
    raise _overtaken(issue)


def refuse_other(session: Session, issue: Issue, seen: int) -> None:
    """Raise Overtaken when it isn't as it was `seen` any more; nobody changes it until the end."""
    session.refresh(issue, with_for_update=True)
    if issue.revision != seen:
        raise _overtaken(issue)


def _overtaken(issue: Issue) -> Overtaken:
    return Overtaken(
        f"{issue.changed_by} changed this issue meanwhile. Nothing of yours was done: look at it "
        "as it is now, and do it again."
    )


def _of(bulletin: Bulletin) -> Select[Issue]:
    return select(Issue).where(Issue.bulletin_id == bulletin.id)

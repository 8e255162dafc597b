"""What the clock does with bulletins: open, collect, close, release; and say what waits."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from cascade.accounts import users
from cascade.accounts.permissions import Permission
from cascade.bulletins import collecting, issues, submitting
from cascade.bulletins.records import UNDER_WAY_SQL, Bulletin, Issue, IssueEntry, IssueState
from cascade.bulletins.submitting import House
from cascade.errors import CascadeError, Refused
from cascade.letters.writing import write
from cascade.sending import tiers
from cascade.sending.states import Tier
from cascade.sign_off.records import SignOffState

COLLECT_EVERY = timedelta(minutes=10)
Act = Literal["open", "collect", "close", "send"]
_WAITING = """Hello {name},

issue {number} of “{title}” was to go out at its time, and did not. {why}

{link}
"""
_EMPTY = """Hello {name},

issue {number} of “{title}” was not sent: nothing was due for it. What becomes due from now on
comes into the next one.

{link}
"""


class Due(NamedTuple):
    """Something to do: with the bulletin of a number (`open`), or with an issue."""

    act: Act
    number: int


def due(session: Session, now: datetime) -> list[Due]:
    """What there is to do now, in the order in which it is to be done."""
    opening = session.scalars(
        select(Bulletin.id).where(Bulletin.opens_at <= now, Bulletin.stopped_at.is_(None))
    )
    found = [Due("open", number) for number in opening]
    for one in session.scalars(select(Issue).where(text(UNDER_WAY_SQL)).order_by(Issue.id)):
        act = _act(one, now)
        if act is not None:
            found.append(Due(act, one.id))
    return found


def do(session: Session, what: Due, house: House, now: datetime) -> None:
    """Do one of them. Any number of clocks may: what another one did meanwhile is left alone."""
    if what.act == "open":
        _open(session, session.get_one(Bulletin, what.number), house, now)
        return
    issue = session.get_one(Issue, what.number, with_for_update=True, populate_existing=True)
    bulletin = session.get_one(Bulletin, issue.bulletin_id)
    if _act(issue, now) != what.act:
        return
    if what.act == "collect":
        collecting.collect(session, bulletin, issue, now=now, sign_off=house.sign_off)
    elif what.act == "close":
        collecting.collect(session, bulletin, issue, now=now, sign_off=house.sign_off)
        issues.close(session, issue, by=issues.CLOCK, now=now)
    else:
        _send(session, bulletin, issue, house, now)


def _act(issue: Issue, now: datetime) -> Act | None:
    if issue.state == IssueState.COLLECTING and issue.cut_off_at <= now:
        return "close"
    if issue.state == IssueState.COLLECTING and issue.collected_at + COLLECT_EVERY <= now:
        return "collect"
    if issue.send_at <= now and issue.state in (IssueState.CLOSED, IssueState.SUBMITTED):
        return "send"
    return None


def _open(session: Session, bulletin: Bulletin, house: House, now: datetime) -> None:
    try:
        issue = issues.open_next(session, bulletin, by=issues.CLOCK, now=now)
    except Refused:
        bulletin.opens_at = None
        return
    collecting.collect(session, bulletin, issue, now=now, sign_off=house.sign_off)


def _send(session: Session, bulletin: Bulletin, issue: Issue, house: House, now: datetime) -> None:
    """Let it go when it is approved; else say so, once."""
    stands = issues.standing(session, issue, sign_off=house.sign_off)
    if stands == SignOffState.APPROVED and _is_late(session, issue, now):
        _wait(session, bulletin, issue, _LATE, house, now)
    elif stands == SignOffState.APPROVED:
        try:
            with session.begin_nested():
                submitting.send(
                    session,
                    bulletin,
                    issue,
                    by=issues.CLOCK,
                    person=None,
                    house=house,
                    now=now,
                    by_clock=True,
                )
            return
        except CascadeError as error:
            session.refresh(issue)
            _wait(session, bulletin, issue, str(error), house, now)
    elif _is_empty(session, issue):
        issues.move(session, issue, issues.EDITED, by=issues.CLOCK, now=now, state=IssueState.EMPTY)
        issues.over(bulletin, now)
        _tell(session, bulletin, issue, _EMPTY, house, now)
    else:
        _wait(session, bulletin, issue, _WHY[stands], house, now)


def _is_late(session: Session, issue: Issue, now: datetime) -> bool:
    """After an outage, such as: what was right to say then may be wrong now."""
    return now - issue.send_at > tiers.policy(session, Tier.ROUTINE).tolerance


_LATE = "Its time is over by more than is allowed: look at it once more, and release it by hand."
_WHY = {
    IssueState.CLOSED.value: "Nobody has submitted it.",
    SignOffState.SUBMITTED.value: "Nobody has approved it.",
    SignOffState.RETURNED.value: "It was returned: mend it and submit it again.",
}


def _wait(
    session: Session, bulletin: Bulletin, issue: Issue, why: str, house: House, now: datetime
) -> None:
    if issue.waits_for == why:
        return
    issue.waits_for = why
    _tell(session, bulletin, issue, _WAITING, house, now)


def _is_empty(session: Session, issue: Issue) -> bool:
    there = exists().where(IssueEntry.issue_id == issue.id, IssueEntry.held == "")
    return issue.state in issues.EDITED and not session.scalar(select(there))


def _tell(
    session: Session, bulletin: Bulletin, issue: Issue, words: str, house: House, now: datetime
) -> None:
    issue.told_at = now
    for person in users.allowed(session, Permission.WRITE):
        write(
            session,
            to=person.email,
            name=person.name,
            subject=f"{'Not sent' if words is _EMPTY else 'Waiting'}: {bulletin.title}",
            text=words.format(
                name=person.name,
                number=issue.number,
                title=bulletin.title,
                why=issue.waits_for,
                link=f"{house.home}/editions/{bulletin.name}/{issue.number}",
            ),
            now=now,
        )
    session.flush()

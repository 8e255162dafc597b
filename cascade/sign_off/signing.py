"""The steps of a sign-off. Each is a conditional change: of two at once, one is refused."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from cascade.accounts.permissions import Permission
from cascade.accounts.users import Person
from cascade.cleaning import several_lines
from cascade.errors import BadInput, Refused
from cascade.library.publish import latest
from cascade.library.records import Toolkit, ToolkitVersion
from cascade.sign_off.approvers import refuse_approver
from cascade.sign_off.records import SignOff, SignOffAct, SignOffState
from cascade.sign_off.standing import EDITED, authors, standing, version

_LONGEST = 4_000
_MOST_COMMENTS = 200


class Comment(NamedTuple):
    """What is to be mended on a line of the text; lines count from 1."""

    line: int
    text: str


def submit(session: Session, version_id: int, *, by: Person, now: datetime, note: str = "") -> None:
    """Ask for approval of a version, for the first time or once more after it was returned."""
    of = _locked(session, version_id)
    if Permission.WRITE not in by.permissions:
        raise Refused(f"{by.name} is not an author. Ask somebody who is.")
    _refuse_old(session, of)
    found = standing(session, version_id)
    values = {
        "state": SignOffState.SUBMITTED,
        "submitted_by": by.email,
        "submitted_at": now,
        "decided_by": None,
        "decided_at": None,
        "immediate_use": False,
    }
    if found is None:
        session.add(SignOff(version_id=version_id, **values))
        session.flush()
    else:
        _move(session, found, (SignOffState.RETURNED,), values)
    _keep(session, version_id, "submitted", by, now, note)


def approve(
    session: Session,
    version_id: int,
    *,
    by: Person,
    now: datetime,
    note: str = "",
    immediate_use: bool = False,
) -> None:
    """This very text may be released; `immediate_use`: urgently too, and by one person alone."""
    of = _locked(session, version_id)
    _refuse_old(session, of)
    refuse_approver(session, by, of)
    _move(
        session,
        _submitted(session, of),
        (SignOffState.SUBMITTED,),
        {
            "state": SignOffState.APPROVED,
            "decided_by": by.email,
            "decided_at": now,
            "immediate_use": immediate_use,
        },
    )
    _keep(session, version_id, "approved", by, now, note)


def give_back(
    session: Session,
    version_id: int,
    *,
    by: Person,
    now: datetime,
    note: str = "",
    comments: Sequence[Comment] = (),
) -> None:
    """Return a version to its authors with what is to be mended; an approval ends with it."""
    of = _locked(session, version_id)
    refuse_approver(session, by, of)
    told = _comments(of, comments)
    if not told and not note.strip():
        raise BadInput("Say what is to be mended.", ["note: say what is to be mended"])
    _move(
        session,
        _submitted(session, of),
        (SignOffState.SUBMITTED, SignOffState.APPROVED),
        {
            "state": SignOffState.RETURNED,
            "decided_by": by.email,
            "decided_at": now,
            "immediate_use": False,
        },
    )
    _keep(session, version_id, "returned", by, now, note, told)


def note_authors(
    session: Session, version_id: int, people: Iterable[str], *, now: datetime
) -> None:
    """These wrote at a version that has no draft: none of them approves it."""
    known = authors(session, version(session, version_id))
    new = [one for one in people if one not in known]
    if new:
        rows = [{"version_id": version_id, "act": EDITED, "by": one, "at": now} for one in new]
        session.execute(insert(SignOffAct), rows)


def _locked(session: Session, version_id: int) -> ToolkitVersion:
    """The version, with which nobody else does anything until the transaction ends."""
    this_one = select(ToolkitVersion.id).where(ToolkitVersion.id == version_id)
    session.execute(this_one.with_for_update())
    return version(session, version_id)


def _refuse_old(session: Session, of: ToolkitVersion) -> None:
    newest = latest(session, session.get_one(Toolkit, of.toolkit_id), of.language)
    if newest is not None and newest.id != of.id:
        raise Refused(
            f"Version {newest.number} has taken the place of version {of.number}. Look at that one."
        )


def _submitted(session: Session, of: ToolkitVersion) -> SignOff:
    found = standing(session, of.id)
    if found is None:
        raise Refused("Nobody has submitted this version. Its author submits it first.")
    return found


def _move(
    session: Session, found: SignOff, origins: Sequence[SignOffState], values: dict[str, Any]
) -> None:
    moved = session.execute(
        update(SignOff)
        .where(SignOff.version_id == found.version_id, SignOff.state.in_(origins))
        .values(**values)
        .returning(SignOff.version_id)
    ).all()
    if not moved:
        now = standing(session, found.version_id) or found
        who = now.submitted_by if now.state == SignOffState.SUBMITTED else now.decided_by
        raise Refused(f"This version has been {now.state} already, by {who}.")
    session.expire(found)


def _keep(
    session: Session,
    version_id: int,
    act: str,
    by: Person,
    now: datetime,
    note: str,
    comments: Sequence[Comment] = (),
) -> None:
    session.execute(
        insert(SignOffAct).values(
            version_id=version_id,
            act=act,
            by=by.email,
            at=now,
            note=several_lines(note)[:_LONGEST],
            comments=[one._asdict() for one in comments],
        )
    )


def _comments(of: ToolkitVersion, given: Sequence[Comment]) -> list[Comment]:
    kept = [Comment(one.line, several_lines(one.text)[:_LONGEST]) for one in given]
    last = of.text.count("\n") + 1
    for one in kept:
        if not 1 <= one.line <= last:
            raise BadInput(
                "A comment is on a line that is not there.",
                [f"comments: the text has {last} lines, so there is no line {one.line}"],
            )
    return [one for one in kept if one.text][:_MOST_COMMENTS]

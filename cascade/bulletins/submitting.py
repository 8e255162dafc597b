"""Fix the text of an issue, have it approved, and let it go out as a cascade does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cascade.accounts.users import Person
from cascade.bulletins import candidates, issues, subscribers
from cascade.bulletins.assembling import Made, assemble
from cascade.bulletins.records import Bulletin, Issue, IssueEntry, IssueState
from cascade.errors import Refused
from cascade.library.publish import publish
from cascade.library.records import BULLETIN, Toolkit, ToolkitVersion
from cascade.sending.plan import Release, release
from cascade.sending.planned import Planned
from cascade.sending.records import IssueItem
from cascade.sending.states import Tier
from cascade.sign_off import signing, telling
from cascade.sign_off.records import SignOffState
from cascade.sign_off.standing import standing


@dataclass(frozen=True, slots=True)
class House:
    """What of the installation an issue depends on."""

    sign_off: bool
    home: str
    """The address of its pages."""


def submit(
    session: Session,
    bulletin: Bulletin,
    issue: Issue,
    *,
    seen: int,
    by: str,
    person: Person | None,
    house: House,
    now: datetime,
) -> None:
    """Make a version of it in each language; with sign-off, ask for their approval.

    Raises Refused while there is nothing in it, and BadInput with the mistakes of its text.
    """
    if house.sign_off and person is None:
        raise Refused("Sign-off is on: say who submits it, by the address of their account.")
    issues.edit(session, issue, seen=seen, by=by, now=now)
    every = assemble(session, bulletin, issue, sign_off=house.sign_off, home=house.home)
    if not every[0].items:
        raise Refused("There is nothing in this issue. Take something in, or skip it.")
    versions = {one.language: _published(session, one, by, now, house) for one in every}
    _note_versions(session, issue, every[0])
    numbers = {language: version.id for language, version in versions.items()}
    issues.move(
        session,
        issue,
        issues.EDITED,
        by=by,
        now=now,
        state=IssueState.SUBMITTED,
        versions=numbers,
        terms={"segments": list(bulletin.segments), "look": _look(bulletin)},
        waits_for="",
        told_at=None,
    )
    if house.sign_off and person is not None:
        for version in versions.values():
            signing.note_authors(session, version.id, issue.editors, now=now)
            _ask(session, version, person, house, now)


def take_back(session: Session, issue: Issue, *, by: str, now: datetime) -> None:
    """Edit once more what was submitted; another text needs another approval."""
    issues.move(session, issue, (IssueState.SUBMITTED,), by=by, now=now, state=IssueState.CLOSED)


def approve(
    session: Session, issue: Issue, *, seen: int, by: Person, house: House, now: datetime
) -> None:
    """Approve it in every language at once; raises Refused for who put it together, and Overtaken
    when it isn't the revision that they have `seen`."""
    issues.refuse_other(session, issue, seen)
    if issue.state != IssueState.SUBMITTED:
        raise Refused(f"Issue {issue.number} is {issue.state}: only what is submitted is approved.")
    for version in issue.versions.values():
        found = standing(session, version)
        if found is None or found.state != SignOffState.APPROVED:
            signing.approve(session, version, by=by, now=now)
            telling.tell(session, version, base_url=house.home, now=now)


def send(
    session: Session,
    bulletin: Bulletin,
    issue: Issue,
    *,
    by: str,
    person: Person | None,
    house: House,
    now: datetime,
    send_at: datetime | None = None,
    by_clock: bool = False,
) -> Planned:
    """Release it to its segments and subscribers, each reader without what they had before.

    `by_clock`: its time has come, and nobody is asked who they are. Raises Refused unless all of
    it is approved, and when an item of it is over; of two at once, one is refused.
    """
    candidates.refuse_over(session, issue, now)
    issues.move(session, issue, (IssueState.SUBMITTED,), by=by, now=now, state=IssueState.RELEASED)
    wanted = wanted_of(session, bulletin, issue, by=by, person=person, send_at=send_at)
    asked = replace(wanted, by_clock=by_clock)
    planned = release(session, asked, now, sign_off=house.sign_off)
    issue.cascade_id = planned.cascade
    issues.over(bulletin, now)
    session.flush()
    return planned


def waiting(session: Session, bulletin: Bulletin, issue: Issue, *, person: Person) -> Release:
    """The release that it waits for; raises Refused where nobody submitted it."""
    if issue.state != IssueState.SUBMITTED:
        raise Refused(f"Issue {issue.number} is {issue.state}: only what is submitted goes out.")
    return wanted_of(session, bulletin, issue, by=person.email, person=person)


def wanted_of(
    session: Session,
    bulletin: Bulletin,
    issue: Issue,
    *,
    by: str,
    person: Person | None,
    send_at: datetime | None = None,
) -> Release:
    """The release that an issue is."""
    rows = session.scalars(
        select(ToolkitVersion).where(ToolkitVersion.id.in_(issue.versions.values()))
    )
    by_number = {one.id: one for one in rows}
    toolkit = session.get_one(Toolkit, bulletin.toolkit_id)
    return Release(
        toolkit=toolkit,
        segments=(*issue.terms["segments"], *subscribers.segments(session, bulletin)),
        tier=Tier.ROUTINE,
        by=by,
        person=person,
        send_at=send_at,
        request_key=f"issue {issue.id}",
        versions={language: by_number[one] for language, one in issue.versions.items()},
        look=issue.terms["look"],
    )


def segments_of(bulletin: Bulletin, issue: Issue) -> Sequence[str]:
    """To whom it goes beside subscribers: as it was submitted, or as its bulletin stands now."""
    segments: Sequence[str] = issue.terms.get("segments", bulletin.segments)
    return bulletin.segments if issue.state in issues.EDITED else segments


def _look(bulletin: Bulletin) -> dict[str, Any]:
    worn = {"sender_name": bulletin.sender_name, "reply_to": bulletin.reply_to}
    return {name: value for name, value in worn.items() if value}


def _published(
    session: Session, made: Made, by: str, now: datetime, house: House
) -> ToolkitVersion:
    version = publish(session, made.text, by=by, now=now, home=house.home, kind=BULLETIN)
    # The same text once more: what is asked of its readers may have changed all the same.
    session.execute(delete(IssueItem).where(IssueItem.version_id == version.id))
    session.add_all(
        IssueItem(
            version_id=version.id,
            item=one.item,
            item_version_id=one.version_id,
            title=one.title,
            asks=one.asks,
        )
        for one in made.items
    )
    session.flush()
    return version


def _note_versions(session: Session, issue: Issue, made: Made) -> None:
    """Keep with each entry which text went into the issue."""
    used = {one.item: one.version_id for one in made.items}
    for entry in session.scalars(select(IssueEntry).where(IssueEntry.issue_id == issue.id)):
        entry.version_id = used.get(entry.item, entry.version_id)


def _ask(
    session: Session, version: ToolkitVersion, by: Person, house: House, now: datetime
) -> None:
    found = standing(session, version.id)
    if found is None or found.state == SignOffState.RETURNED:
        signing.submit(session, version.id, by=by, now=now)
        telling.tell(session, version.id, base_url=house.home, now=now)

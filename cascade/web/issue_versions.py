"""Which issue of a bulletin a version is the text of, and to whom that goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.bulletins import submitting
from cascade.bulletins.records import Bulletin, Issue
from cascade.library.records import BULLETIN, Toolkit, ToolkitVersion


@dataclass(frozen=True, slots=True)
class IssueOf:
    """The number of an issue within its bulletin (None: another text has taken the place of this
    one), what the bulletin is called, and the segments that it goes to."""

    number: int | None
    bulletin: str
    segments: Sequence[str]


def issue_of(session: Session, version: ToolkitVersion, toolkit: Toolkit) -> IssueOf | None:
    """The issue; None for what is no bulletin's."""
    if toolkit.kind != BULLETIN:
        return None
    wanted = select(Bulletin).where(Bulletin.toolkit_id == toolkit.id)
    if (bulletin := session.scalar(wanted)) is None:
        return None
    rows = session.execute(
        select(Issue.id, Issue.versions)
        .where(Issue.bulletin_id == bulletin.id)
        .order_by(Issue.number.desc())
    )
    numbers = (number for number, versions in rows if version.id in versions.values())
    if (number := next(numbers, None)) is None:
        return IssueOf(None, bulletin.title, bulletin.segments)
    issue = session.get_one(Issue, number)
    return IssueOf(issue.number, bulletin.title, submitting.segments_of(bulletin, issue))

"""The newest issues of a bulletin as a feed."""

from html import escape

from sqlalchemy.orm import Session

from cascade.bulletins import archive
from cascade.bulletins.public_issues import (
    IssueReading,
    Place,
    PublicIssue,
    in_first_language,
    public,
    read,
)
from cascade.bulletins.records import Bulletin
from cascade.shelf.catalogue import Catalogue
from cascade.shelf.feeds import MOST, Entry, Feed

WITHDRAWN = "This issue was withdrawn. Please do not use it any more."


def issues_feed(
    session: Session, of: Catalogue, bulletin: Bulletin, audience: str, place: Place
) -> Feed:
    """Issues as everybody reads them, or a public segment; one with nothing for them is left out.

    Of one that was withdrawn there is only that, so that readers who keep it lose it.
    """
    outs = archive.page(session, bulletin, 1, MOST).lines
    issues = public(session, of, bulletin, in_first_language(outs), place)
    both = [(one, read(one, audience, place)) for one in issues]
    own = f"{bulletin.name}/{audience}" if audience else bulletin.name
    title = of.audiences.get(audience, "")
    return Feed(
        title=f"{bulletin.title}: {title}" if title else bulletin.title,
        about=f"Issues of {bulletin.title}, from {place.identity.cell}.",
        home=place.bulletin(bulletin.name),
        address=f"{place.home.rstrip('/')}/feeds/{own}",
        language=bulletin.languages[0],
        author=place.identity.cell,
        began=bulletin.created_at,
        entries=tuple(_entry(one, text, place) for one, text in both if text.blocks),
    )


def _entry(issue: PublicIssue, text: IssueReading, place: Place) -> Entry:
    gone = issue.out.withdrawn_at is not None
    return Entry(
        title=f"Withdrawn: {text.title}" if gone else text.title,
        address=place.issue(issue.bulletin, issue.out.number),
        html=f"<p>{escape(WITHDRAWN)}</p>" if gone else text.html,
        language=issue.shown.language,
        published=issue.out.at,
        updated=issue.out.changed_at,
    )

"""Readers whom nobody chose: where anybody may subscribe, they get what anybody may read."""

from collections.abc import Mapping, Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cascade.bulletins import issues
from cascade.bulletins.archive import is_public
from cascade.bulletins.records import Bulletin, Issue, IssueEntry, Subscription
from cascade.bulletins.subscribers import PREFIX, segment_name
from cascade.library.records import ShelfEntry, Toolkit
from cascade.shelf.visible import audiences, newest_of
from toolkits import Document


def segments(session: Session, bulletin: Bulletin) -> frozenset[str]:
    """The segments of subscribers, among those it goes to, that anybody may be in.

    Who subscribed by themselves stays in one when its bulletin is public no more.
    """
    named = {segment_name(bulletin), *bulletin.segments}
    names = [one.removeprefix(PREFIX) for one in named if one.startswith(PREFIX)]
    themselves = exists().where(
        Subscription.bulletin_id == Bulletin.id, Subscription.confirmed_at.is_not(None)
    )
    rows = session.execute(select(Bulletin, themselves).where(Bulletin.name.in_(names)))
    public = audiences(session)
    return frozenset(segment_name(one) for one, any_ in rows if any_ or is_public(one, public))


def is_kept_out(own: Document, shown: Document) -> bool:
    """Whether an item is not for strangers.

    A toolkit that is taken out of the library in its own language is so in all (`public_items`).
    """
    return not (own.meta.public and shown.meta.public)


def kept_from(
    session: Session,
    bulletin: Bulletin,
    issue: Issue,
    entries: Sequence[tuple[IssueEntry, Toolkit]],
    *,
    sign_off: bool,
) -> frozenset[int]:
    """The entries of an issue, by their numbers, that strangers among its readers don't get."""
    if not segments(session, bulletin):
        return frozenset()
    versions = _own(session, issue, entries, sign_off)
    private = set(
        session.scalars(
            select(ShelfEntry.version_id).where(
                ShelfEntry.version_id.in_(versions.values()), ~ShelfEntry.public
            )
        )
    )
    return frozenset(entry for entry, version in versions.items() if version in private)


def _own(
    session: Session,
    issue: Issue,
    entries: Sequence[tuple[IssueEntry, Toolkit]],
    sign_off: bool,
) -> Mapping[int, int]:
    """The version that each entry is of in its toolkit's own language."""
    kept = {entry.id: entry.version_id for entry, _ in entries}
    if issue.state not in issues.EDITED:
        return kept
    newest = newest_of(session, [toolkit for _, toolkit in entries], sign_off)
    now = {
        entry.id: newest[toolkit.id][toolkit.language].id
        for entry, toolkit in entries
        if toolkit.language in newest[toolkit.id]
    }
    return kept | now

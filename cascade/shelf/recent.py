"""The newest toolkits of the library as a feed."""

from datetime import UTC, date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

import toolkits
from cascade.identity import Identity
from cascade.library.records import ToolkitVersion
from cascade.sending.deadlines import LONDON
from cascade.shelf.catalogue import Catalogue
from cascade.shelf.feeds import MOST, Entry, Feed
from cascade.shelf.values import finished_html, page_of, values
from cascade.shelf.visible import Shown, shown


def toolkits_feed(
    session: Session, of: Catalogue, identity: Identity, home: str, today: date
) -> Feed:
    """Each toolkit by its own language, as everybody reads it; one that is over is left out."""
    newest = [one for one in of.entries if one.is_own and not one.is_over(today)][:MOST]
    numbers = [one.version_id for one in newest]
    rows = session.scalars(select(ToolkitVersion).where(ToolkitVersion.id.in_(numbers)))
    versions = {one.id: one for one in rows}
    root = home.rstrip("/")
    return Feed(
        title=f"{identity.cell}: library",
        about="Messages that you can use and pass on.",
        home=f"{root}/library",
        address=f"{root}/feeds/library",
        language="en",
        author=identity.cell,
        began=datetime.combine(today, time(), LONDON).astimezone(UTC),
        entries=tuple(
            _entry(
                shown(session, versions[one.version_id], one.toolkit, of.audiences), identity, home
            )
            for one in newest
        ),
    )


def _entry(of: Shown, identity: Identity, home: str) -> Entry:
    meta = of.document.meta
    found = values(meta, identity, home)
    messages = "".join(f"<li>{toolkits.inline(one)}</li>" for one in meta.key_messages)
    body = toolkits.html(of.document, [])
    marked = f"<ul>{messages}</ul>\n{body}" if messages else body
    return Entry(
        title=found["title"],
        address=page_of(of.toolkit, home),
        html=finished_html(marked, found),
        language=of.language,
        published=of.published_at,
        updated=of.published_at,
    )

"""Write down what the library lists and searches of a version: once, since a text never changes.

These are facts of the text. Whether the public sees any of it is decided when somebody asks:
somebody has approved it, it is the newest in its language, its segments are public now.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

import toolkits
from cascade.library import search_index
from cascade.library.index_words import without_addresses
from cascade.library.records import ShelfEntry, ShelfLabel, ShelfText, ToolkitVersion

TOPIC, SEGMENT = "topic", "segment"
EVERYBODY = ""
"""The audience of who is in no segment."""

_LONGEST = 100_000  # characters of one audience's text that are searched
_LONGEST_LABEL = 200
_MOST_AUDIENCES = 50


class Facts(NamedTuple):
    """A version without its text."""

    id: int
    toolkit_id: int
    language: str
    number: int
    published_at: datetime


def learn(session: Session, version: Facts, document: toolkits.Document) -> None:
    """Write down a version, which nobody has written down yet."""
    document = toolkits.impersonal(document)
    own = _own_slots(document.meta)
    _learn_entry(session, version, document.meta, own)
    segments = _segments(document)
    _learn_labels(session, version.id, document.meta.topics, segments)
    texts = list(_texts(document, segments, own))
    found = session.execute(
        insert(ShelfText).returning(ShelfText.id, ShelfText.title, ShelfText.words),
        [{"version_id": version.id, **one} for one in texts],
    )
    rows = [row._asdict() for row in found]
    search_index.add(session, version.language, rows)
    search_index.learn_words(session, (f"{row['title']} {row['words']}" for row in rows))


def learn_everything(session: Session) -> None:
    """Every version that nobody has written down yet."""
    there = select(ShelfEntry.version_id)
    # Columns by name: what a later migration adds to the table isn't there yet in this one.
    missing = select(
        ToolkitVersion.id,
        ToolkitVersion.toolkit_id,
        ToolkitVersion.language,
        ToolkitVersion.number,
        ToolkitVersion.published_at,
        ToolkitVersion.text,
    ).where(ToolkitVersion.id.not_in(there))
    for row in session.execute(missing.order_by(ToolkitVersion.id)).all():
        facts: Any = row[:-1]
        learn(session, Facts(*facts), toolkits.parse(row.text))


def _learn_entry(
    session: Session, version: Facts, meta: toolkits.Meta, own: Mapping[str, str]
) -> None:
    session.execute(
        insert(ShelfEntry).values(
            version_id=version.id,
            toolkit_id=version.toolkit_id,
            language=version.language,
            number=version.number,
            public=meta.public,
            title=_line(meta.title, own),
            summary=_line(meta.summary, own),
            campaign=_words(meta.campaign, own),
            lead=_words(meta.lead, own),
            published_at=version.published_at,
            expires=meta.expires,
            review=meta.review,
        )
    )


def _learn_labels(
    session: Session, version: int, topics: tuple[str, ...], segments: tuple[str, ...]
) -> None:
    labels = [(TOPIC, _words(one, {})) for one in topics]
    labels += [(SEGMENT, one) for one in segments]
    rows = [
        {"version_id": version, "kind": kind, "value": value}
        for kind, value in dict.fromkeys((kind, said[:_LONGEST_LABEL]) for kind, said in labels)
        if value
    ]
    if rows:
        session.execute(insert(ShelfLabel), rows)


def _segments(document: toolkits.Document) -> tuple[str, ...]:
    """The segments that something in it is for, in any channel."""
    named = {name for one in document.sections for name in one.include or ()}
    return tuple(sorted({*named, *document.meta.segments}))


def _texts(
    document: toolkits.Document, segments: tuple[str, ...], own: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """What everybody reads, and what each segment reads that reads something of its own."""
    meta = document.meta
    title = _words(meta.title, own)
    front = [meta.summary, *meta.key_messages, meta.action, meta.campaign, meta.lead, *meta.topics]
    begun = "\n".join(_words(one, own) for one in front if one)
    for_everybody = toolkits.text(document, [])
    for audience in (EVERYBODY, *segments[:_MOST_AUDIENCES]):
        body = toolkits.text(document, [audience]) if audience else for_everybody
        if audience == EVERYBODY or body != for_everybody:
            words = without_addresses(f"{begun}\n{_shown(body, own)}")
            yield {"audience": audience, "title": title, "words": words[:_LONGEST]}


def _own_slots(meta: toolkits.Meta) -> dict[str, str]:
    """The slots that are the same for every reader."""
    own = {"campaign": toolkits.plain(meta.campaign), **meta.slots}
    return {name: value for name, value in own.items() if value}


def _line(markdown: str, own: Mapping[str, str]) -> str:
    """A line as plain text; slots that differ by reader stay marks."""
    return "".join(
        own.get(piece.name, toolkits.mark(piece.name))
        if isinstance(piece, toolkits.Slot)
        else piece
        for piece in toolkits.split_text(toolkits.plain(markdown))
    )


def _words(markdown: str, own: Mapping[str, str]) -> str:
    return _shown(toolkits.plain(markdown), own)


def _shown(marked: str, own: Mapping[str, str]) -> str:
    """Plain text in which slots that differ by reader are their names."""
    return "".join(
        own.get(piece.name, piece.name.replace("_", " "))
        if isinstance(piece, toolkits.Slot)
        else piece
        for piece in toolkits.split_text(marked)
    )

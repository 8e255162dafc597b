"""A toolkit as anybody reads it: filled for nobody in particular, for one audience."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import toolkits
from cascade.identity import Identity
from cascade.library import diffs
from cascade.shelf.editions import Edition
from cascade.shelf.values import finished_html, finished_text, values
from toolkits import Document


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands on the page of a toolkit. `html`, `key_messages` and `asks` are safe HTML."""

    title: str
    summary: str
    key_messages: tuple[str, ...]
    asks: str
    """What is asked of the reader, with its links."""
    html: str
    contact: str
    campaign: str
    lead: str
    spokesperson: str
    topics: tuple[str, ...]
    description: str
    """One or two plain sentences, for who finds it elsewhere."""
    text: str
    """All of it as plain text."""
    changes: tuple[diffs.Line, ...]
    """What is new since the version before; empty where there was none."""


def reading(of: Edition, audience: str, identity: Identity, base_url: str) -> Reading:
    """The toolkit for a public segment; empty: for everybody."""
    # Its own pictures are shown from here, whether or not that is by https.
    document, meta = replace(of.shown.document, home=base_url), of.shown.document.meta
    found = values(meta, identity, base_url)
    segments = [audience] if audience else []

    def plain(markdown: str) -> str:
        return finished_text(toolkits.plain(markdown), found)

    def inline(markdown: str) -> str:
        return finished_html(toolkits.inline(markdown), found)

    messages = tuple(plain(one) for one in meta.key_messages)
    return Reading(
        title=found["title"],
        summary=plain(meta.summary),
        key_messages=tuple(inline(one) for one in meta.key_messages),
        asks=inline(meta.action),
        html=finished_html(toolkits.html(document, segments), found),
        contact=plain(meta.contact),
        campaign=plain(meta.campaign),
        lead=plain(meta.lead),
        spokesperson=plain(meta.spokesperson),
        topics=tuple(plain(one) for one in meta.topics),
        description=plain(meta.summary) or " ".join(messages[:2]) or found["title"],
        text=_text(
            found["title"],
            messages,
            plain(meta.action),
            finished_text(toolkits.text(document, segments), found),
            plain(meta.contact),
        ),
        changes=_changes(of, segments, identity, base_url),
    )


def _text(title: str, messages: Collection[str], action: str, body: str, contact: str) -> str:
    parts = [
        title,
        "\n".join(f"- {one}" for one in messages),
        action,
        body,
        contact,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _changes(
    of: Edition, segments: Collection[str], identity: Identity, base_url: str
) -> tuple[diffs.Line, ...]:
    if of.before is None:
        return ()
    both = [_for(one.document, segments) for one in (of.before, of.shown)]
    found = values(of.shown.document.meta, identity, base_url)
    return diffs.read(both[0], both[1], lambda marked: finished_text(marked, found))


def _for(document: Document, segments: Collection[str]) -> Document:
    """Only what this audience reads of the message, without saying whom each part is for."""
    sections = toolkits.select(document, segments)
    everybody = (replace(one, include=None, exclude=frozenset()) for one in sections)
    return replace(document, sections=tuple(everybody))

"""The message body, for one set of segments: as safe HTML and as complete plain text."""

from collections.abc import Collection

from toolkits.documents import Document
from toolkits.headings import Levels
from toolkits.plaintext import to_text
from toolkits.rendering import render
from toolkits.selection import select


def section(
    document: Document,
    segments: Collection[str],
    channel: str | None,
    without: Collection[str] = (),
) -> str:
    """The sections of a channel (None: the message body) as safe HTML, slots as marks.

    Whatever is left out, its headings go on from the title, which is for the layout to show.
    """
    sections = select(document, segments, channel, without=without)
    return Levels().settle("\n".join(render(document, sections)))


def section_text(
    document: Document,
    segments: Collection[str],
    channel: str | None,
    without: Collection[str] = (),
) -> str:
    """The sections of a channel as plain text, slots as marks."""
    sections = select(document, segments, channel, without=without)
    parts = map(to_text, render(document, sections, breaks=channel in ("sms", "social")))
    return "\n\n".join(part for part in parts if part)


def html(document: Document, segments: Collection[str], without: Collection[str] = ()) -> str:
    """The body as a safe HTML fragment; title and key messages are for the layout to show.

    `without`: items of an issue that the reader had before.
    """
    return section(document, segments, None, without)


def text(document: Document, segments: Collection[str], without: Collection[str] = ()) -> str:
    """The body as plain text that can be read and answered with every link blocked."""
    return section_text(document, segments, None, without)

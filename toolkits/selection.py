"""Which sections of a toolkit a person sees."""

from collections.abc import Collection

from toolkits.documents import Document, Section


def select(
    document: Document, segments: Collection[str], channel: str | None = None
) -> tuple[Section, ...]:
    """The sections for somebody in all these segments, once each, in the order of the file.

    "for a" is seen by whoever is in a; "not for a" by all but those who are in nothing else.
    """
    wanted = frozenset(segments)
    return tuple(
        section
        for section in document.sections
        if section.channel == channel and section.suits(wanted)
    )

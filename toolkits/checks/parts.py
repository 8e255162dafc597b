"""The parts of a toolkit that hold text, each with what was found in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from toolkits.documents import Document, Meta, Section
from toolkits.findings import Findings
from toolkits.rendering import findings


@dataclass(frozen=True, slots=True)
class Part:
    """A section, or a line of the front matter under its `key`."""

    key: str
    section: Section
    found: Findings


def parts_of(document: Document) -> tuple[Part, ...]:
    """The front matter's texts, then the sections, in the order of the file."""
    texts = [*_texts(document.meta), *(("", section) for section in document.sections)]
    found = findings(document, (section for _, section in texts))
    return tuple(Part(*text, each) for text, each in zip(texts, found, strict=True))


def _texts(meta: Meta) -> Iterator[tuple[str, Section]]:
    written = [
        *((key, getattr(meta, key)) for key in ("title", "summary", "action", "contact")),
        *(("key_messages", message) for message in meta.key_messages),
    ]
    for key, text in written:
        if text:
            yield key, Section(meta.line(key), None, None, frozenset(), text)

"""The parts of a toolkit that hold text, each with what was found in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from toolkits import references
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
    known = references.gather(section.markdown for section in document.sections)
    texts = [*_texts(document.meta), *(("", section) for section in document.sections)]
    return tuple(Part(key, section, findings(document, section, known)) for key, section in texts)


def _texts(meta: Meta) -> Iterator[tuple[str, Section]]:
    written = [
        *((key, getattr(meta, key)) for key in ("title", "summary", "action", "contact")),
        *(("key_messages", message) for message in meta.key_messages),
    ]
    for key, text in written:
        if text:
            yield key, Section(meta.line(key), None, None, frozenset(), text)

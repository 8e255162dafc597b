"""The outline of a slide deck for briefings: five headline slides."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from toolkits.documents import Document, Section
from toolkits.findings import Passage
from toolkits.formats.oneline import plain
from toolkits.impersonal import speaks_to_one
from toolkits.rendering import findings
from toolkits.selection import select

MOST = 5
BULLETS = 6


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: its title, its points, and what the speaker may say; slots as marks."""

    title: str
    bullets: tuple[str, ...]
    notes: str


def slides(document: Document, segments: Collection[str]) -> tuple[Slide, ...]:
    """The slides of the `slides` section, or an outline made of the whole toolkit; at most five."""
    written = select(document, segments, "slides")
    if written:
        return tuple(_by_heading(document, written, plain(document.meta.title)))[:MOST]
    return tuple(_outline(document, segments))[:MOST]


def _outline(document: Document, segments: Collection[str]) -> Iterator[Slide]:
    """Title, key messages, what to do, then the headings of the body, contact with the last."""
    meta = document.meta
    labelled = ((meta.campaign, ""), (meta.lead, ""), (meta.spokesperson, "Spokesperson: "))
    about = tuple(label + plain(value) for value, label in labelled if value)
    yield Slide(plain(meta.title), about, plain(meta.summary))
    if meta.key_messages:
        yield Slide("Key messages", tuple(map(plain, meta.key_messages))[:BULLETS], "")
    asked = tuple(plain(line) for line in (meta.action, meta.contact) if line)
    if asked:
        yield Slide("What we ask of you", asked, "")
    yield from _by_heading(document, select(document, segments), "Background")


def _by_heading(document: Document, sections: tuple[Section, ...], opening: str) -> Iterator[Slide]:
    """A slide per heading: list items are its points, paragraphs are its notes."""
    title, group = opening, list[Passage]()
    for passage in _passages(document, sections):
        if passage.kind[0] == "h":
            yield from _slide(title, group)
            title, group = passage.text, []
        else:
            group.append(passage)
    yield from _slide(title, group)


def _passages(document: Document, sections: tuple[Section, ...]) -> Iterator[Passage]:
    for passage in (each for found in findings(document, sections) for each in found.passages):
        if not (document.impersonal and speaks_to_one(passage.text)):
            yield passage


def _slide(title: str, passages: list[Passage]) -> Iterator[Slide]:
    items = [_flat(each.text) for each in passages if each.kind in ("li", "td")]
    paragraphs = [_flat(each.text) for each in passages if each.kind in ("p", "pre")]
    if not items:  # no list: the first sentence of each paragraph is a point
        items = [text.split(". ")[0].rstrip(".") + "." for text in paragraphs]
    if items or paragraphs:
        yield Slide(title, tuple(items[:BULLETS]), "\n".join(paragraphs))


def _flat(text: str) -> str:
    return " ".join(text.split())

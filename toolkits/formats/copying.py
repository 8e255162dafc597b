"""Copy for others to publish: newsletter articles, a sheet for staff, questions and answers.

Each is the section that was written for it, or made from the key messages and marked so. A document
that is to be published is made impersonal first (`toolkits.impersonal`); an article holds nothing
of what the message says to a segment.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import escape
from typing import Literal

from toolkits.documents import Document
from toolkits.formats.blocks import Block, Run, read
from toolkits.formats.lengths import words
from toolkits.formats.message import html, section
from toolkits.formats.oneline import inline
from toolkits.formats.paste import to_html

ENOUGH = 2 / 3
"""Of the words of an article: copy that is shorter is made longer."""
Source = Literal["written", "longer", "made"]
"""From the section alone, made longer from the key messages, or made from them altogether."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Copy as safe HTML with slots as marks, its title apart from it, and what it's made from."""

    title: str
    html: str
    source: Source


def article(document: Document, segments: Collection[str], most: int) -> Copy:
    """A newsletter article, long enough to be cut to that many words where there is so much."""
    written = read(section(document, segments, "newsletter"))
    title, body = _headline(written, inline(document.meta.title))
    if words(body) >= most * ENOUGH:
        return Copy(title, to_html(body, top=3), "written")
    # Its own summary comes first only where nobody wrote anything better.
    more = [*_messages(document), *read(html(document, ()))]
    if body:
        return Copy(title, to_html([*body, *more], top=3), "longer")
    return Copy(title, to_html([*_paragraph(document.meta.summary), *more], top=3), "made")


def briefing(document: Document, segments: Collection[str]) -> Copy:
    """The sheet for staff: what is asked of them, then what to know."""
    title = inline(document.meta.title)
    if written := section(document, segments, "staff"):
        return Copy(title, to_html(read(written)), "written")
    made = [*_paragraph(document.meta.summary), *_messages(document)]
    made += [*_paragraph(document.meta.action, strong=True)]
    made += [*read(html(document, segments)), *_paragraph(document.meta.contact)]
    return Copy(title, to_html(made), "made")


def questions(document: Document, segments: Collection[str]) -> Copy:
    """Questions and answers."""
    title = inline(document.meta.title)
    if written := section(document, segments, "faq"):
        return Copy(title, to_html(read(written)), "written")
    meta = document.meta
    asked = (
        ("What is this about?", list(_paragraph(meta.summary))),
        ("What should I know?", _messages(document)),
        ("What is asked?", list(_paragraph(meta.action))),
        ("Whom can I ask?", list(_paragraph(meta.contact))),
    )
    is_english = meta.language.lower().split("-")[0] == "en"
    made: list[Block] = []
    for question, answer in asked:
        if answer:
            # Our questions are English; in other languages the answers stand by themselves.
            made += [Block("heading", (Run(question),), 2)] if is_english else []
            made += answer
    return Copy(title, to_html(made), "made")


def poster(document: Document, segments: Collection[str]) -> Copy:
    """What a poster and a screen show below their title."""
    title, body = _headline(
        read(section(document, segments, "poster")), inline(document.meta.title)
    )
    if body:
        return Copy(title, to_html(body), "written")
    asked = _paragraph(document.meta.action, strong=True)
    return Copy(title, to_html([*_messages(document), *asked]), "made")


def whole(document: Document, segments: Collection[str]) -> Copy:
    """The message as it is, for whoever reads it in large print."""
    asked = _paragraph(document.meta.action, strong=True)
    body = [*_messages(document), *asked, *read(html(document, segments))]
    return Copy(inline(document.meta.title), to_html(body), "written")


def _headline(blocks: tuple[Block, ...], title: str) -> tuple[str, tuple[Block, ...]]:
    """The heading that copy begins with, else the title, and the rest."""
    if blocks and blocks[0].kind == "heading" and len(blocks) > 1:
        return escape(blocks[0].text, quote=False), blocks[1:]
    return title, blocks


def _messages(document: Document) -> tuple[Block, ...]:
    """The key messages as a list."""
    items = "".join(f"<li>{inline(line)}</li>" for line in document.meta.key_messages)
    return read(f"<ul>{items}</ul>")


def _paragraph(line: str, *, strong: bool = False) -> Iterator[Block]:
    if line:
        html = inline(line)
        yield from read(f"<p><strong>{html}</strong></p>" if strong else f"<p>{html}</p>")

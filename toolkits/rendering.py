"""Markdown to safe HTML, chunk by chunk; what cannot be rendered is shown as it was typed."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from xml.etree.ElementTree import Element

from markdown import Markdown

from toolkits import markup, references, slots
from toolkits.documents import Document, Section
from toolkits.findings import Findings, Locator, Passage, Tag, survey
from toolkits.guards import objection
from toolkits.impersonal import without_personal
from toolkits.languages import direction
from toolkits.layout import ENOUGH, Chunk, chunks
from toolkits.problems import problem
from toolkits.references import Reference, References
from toolkits.sanitising import sanitise

_USUAL = 100_000
"""Characters of a toolkit whose sections are kept: more than anybody reads, and not much memory."""


class Renderer:
    """Renders the sections of one document; `found` collects what stands in them."""

    def __init__(self, known: References, breaks: bool = False, home: str = "") -> None:
        self.found = Findings()
        self._breaks = breaks
        self._home = home
        self._known = known
        self._locator = self._tags = Locator((), "")
        self._markdown = self._converter()

    def _converter(self) -> Markdown:
        md = markup.markdown(self._survey, self._dropped, self._breaks, self._home)
        md.references = self._known
        return md

    def _survey(self, root: Element) -> None:
        survey(root, self._locator, self.found)

    def _dropped(self, tag: str) -> None:
        name = re.sub(r"[</>]", "", tag).split()[0].lower()
        self.found.tags.append(Tag(self._tags.line(tag), name))

    def section(self, section: Section) -> Iterator[str]:
        """The safe HTML of a section, a few chunks at a time."""
        text, _ = references.take(section.markdown)
        made: list[str] = []
        for chunk in chunks(text, section.line):
            made.append(self._chunk(chunk))
            if sum(map(len, made)) > ENOUGH or len(made) > ENOUGH // 100:
                yield _said(sanitise("\n".join(made), self._home), section.language)
                made = []
        if made:
            yield _said(sanitise("\n".join(made), self._home), section.language)

    def _chunk(self, chunk: Chunk) -> str:
        if chunk.kind == "code":
            return f"<pre><code>{escape(chunk.text)}</code></pre>"
        if trouble := objection(chunk.lines):
            self.found.problems.append(trouble)
            return self._as_typed(chunk)
        text = slots.put_marks(chunk.text)
        self._locator = Locator(chunk.lines, text)
        self._tags = Locator(chunk.lines, text)
        try:
            return self._markdown.convert(text)
        except Exception:  # the library's parser must never take a whole toolkit down
            self._markdown = self._converter()  # the old one may be left half way
            message = "This could not be read as Markdown: write it in a simpler way."
            self.found.problems.append(problem(chunk.lines[0].number, "not-rendered", message))
            return self._as_typed(chunk)

    def _as_typed(self, chunk: Chunk) -> str:
        text = slots.put_marks(chunk.text)
        self.found.passages.append(Passage(chunk.lines[0].number, "pre", text))
        return f"<pre>{escape(text)}</pre>"


def _said(html: str, language: str) -> str:
    """Safe HTML that says its language where that is not the language of the document."""
    if not language:
        return html
    return f'<div lang="{escape(language)}" dir="{direction(language)}">\n{html}\n</div>'


def render(document: Document, sections: Iterable[Section], breaks: bool = False) -> Iterator[str]:
    """The safe HTML of some sections of a document, slots as marks, a chunk at a time.

    With `breaks` every line end is a line break, as in a text message.
    """
    for chunks_of in _by_section(document, sections, breaks):
        if not document.impersonal:
            yield from chunks_of
        # The whole section at once: a heading is left out with all that stood below it.
        elif html := without_personal("\n".join(chunks_of)):
            yield html


def _by_section(
    document: Document, sections: Iterable[Section], breaks: bool
) -> Iterator[Iterable[str]]:
    known = _known(document)
    if len(document.text) <= _USUAL:
        for section in sections:
            references_of = tuple(known[section.items].items())
            yield _kept(section, references_of, breaks, document.home)
    else:
        renderers = {
            items: Renderer(found, breaks, document.home) for items, found in known.items()
        }
        for section in sections:
            yield renderers[section.items].section(section)


def _known(document: Document) -> dict[tuple[str, ...], References]:
    """The references of a document; each item of an issue has its own, by whatever labels."""
    return {
        items: references.gather(one.markdown for one in document.sections if one.items == items)
        for items in {one.items for one in document.sections}
    }


@lru_cache(maxsize=128)
def _kept(
    section: Section, known: tuple[Reference, ...], breaks: bool, home: str
) -> tuple[str, ...]:
    """A section's HTML. The variants of a cascade share most sections, HTML and text all."""
    return tuple(Renderer(dict(known), breaks, home).section(section))


def findings(document: Document, sections: Iterable[Section]) -> Iterator[Findings]:
    """What stands in each of some sections of a document."""
    known = references.gather(section.markdown for section in document.sections)
    renderer = Renderer(known, home=document.home)
    for section in sections:
        renderer.found = Findings()
        for _ in renderer.section(section):
            pass
        yield renderer.found

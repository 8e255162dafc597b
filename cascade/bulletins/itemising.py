"""What an issue says of one toolkit: its newsletter copy, or its summary, or all of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import toolkits
from cascade.bulletins.records import IssueEntry
from cascade.shelf.values import page_of
from toolkits import Document, Section
from toolkits.references import gather

_OWN = ("title", "campaign", "share_link")
"""Slots that are the toolkit's own, and not those of the issue that it is in."""


@dataclass(frozen=True, slots=True)
class ItemText:
    """One item as Markdown within fences, and the slots that it brings along."""

    item: str
    heading: str
    title: str
    """As Markdown."""
    parts: tuple[str, ...]
    slots: Mapping[str, str]


def item_text(
    entry: IssueEntry,
    document: Document,
    *,
    number: int,
    depth: int,
    home: str,
    within: str,
    not_for: frozenset[str],
) -> ItemText:
    """The item below a heading of level `depth`; its slots get names that no other item has.

    `within`: the language of the issue; an item that is not in it says so.
    `not_for`: who is in these segments alone does not get it, whatever it says itself.
    `document`: with its tables as Markdown, for nobody in particular.
    """
    values = _values(document, home)
    # The end of a name says whether it is a link, so a long one loses its beginning.
    names = {name: f"i{number}_{name[-35:]}" for name in values}
    written = [
        f"::: {fence}\n{toolkits.renamed(body, names)}\n:::"
        for fence, body in _parts(entry, document, depth, home, _strange(document, within), not_for)
    ]
    slots = {names[name]: value for name, value in values.items()}
    title = toolkits.renamed(document.meta.title, names)
    return ItemText(entry.item, entry.heading, title, tuple(written), slots)


def _strange(document: Document, within: str) -> str:
    """What a fence says of a text that is in another language than the issue."""
    own = document.meta.language
    same = [(one.lower().split("-")[0], toolkits.direction(one)) for one in (own, within)]
    return "" if same[0] == same[1] else f" in {own}"


def _values(document: Document, home: str) -> Mapping[str, str]:
    meta = document.meta
    values = {
        "title": toolkits.unmarked(toolkits.plain(meta.title)),
        "campaign": toolkits.unmarked(toolkits.plain(meta.campaign)),
        "share_link": page_of(meta.toolkit, home),
        **meta.slots,
    }
    return {name: value for name, value in values.items() if name in document.text}


def _parts(
    entry: IssueEntry,
    document: Document,
    depth: int,
    home: str,
    strange: str,
    not_for: frozenset[str],
) -> Iterator[tuple[str, str]]:
    here = f"{entry.item}{strange}"
    title = f"{'#' * (depth + 1)} {document.meta.title}"
    note = toolkits.demote(entry.note.strip(), depth + 1)
    yield f"above {here}", f"{title}\n\n{note}".strip()
    short = _short(document, home)
    copy = [one for one in document.sections if one.channel == "newsletter"]
    whole = entry.whole or not (copy or short)
    references = gather(one.markdown for one in document.sections)
    for one in document.sections:
        if one.channel == (None if whole else "newsletter"):
            body = toolkits.demote(one.markdown.strip("\n"), depth)
            audience = _meant(one, document, not_for)
            yield _fence("item", here, audience), _with(body, references)
    if not whole and short:
        everybody = Section(1, None, None, frozenset(), "")
        kind = "otherwise" if copy else "item"
        yield _fence(kind, here, _meant(everybody, document, not_for)), short


def _short(document: Document, home: str) -> str:
    """Summary, key messages, what is asked, and where to read all of it."""
    meta = document.meta
    asked = f"**What we ask you to do:** {meta.action}" if meta.action else ""
    messages = "\n".join(f"- {one}" for one in meta.key_messages)
    said = [part for part in (meta.summary, messages, asked) if part]
    if said and meta.public:
        said.append(
            f"[Read “{toolkits.unmarked(toolkits.plain(meta.title))}”]"
            f"({page_of(meta.toolkit, home)})"
        )
    return "\n\n".join(said)


def _meant(section: Section, document: Document, not_for: frozenset[str]) -> Section:
    """For whom a section is, within those whom its toolkit is meant for."""
    meant = frozenset(document.meta.segments)
    include = meant if meant and section.include is None else section.include
    return Section(1, None, include, section.exclude | not_for, "")


def _fence(kind: str, item: str, audience: Section) -> str:
    words = [kind, item]
    if audience.include is not None:
        words.append(f"for {', '.join(sorted(audience.include))}")
    if audience.exclude:
        words.append(f"not for {', '.join(sorted(audience.exclude))}")
    return " ".join(words)


def _with(body: str, references: Mapping[str, tuple[str, str]]) -> str:
    """The text with the references that it may use, wherever its toolkit has them."""
    used = {label: target for label, target in references.items() if f"[{label}]" in body.lower()}
    here = gather([body])
    lines = [
        f"[{label}]: {address}" + (f' "{title}"' if title else "")
        for label, (address, title) in used.items()
        if label not in here
    ]
    return "\n".join([body, "", *lines]) if lines else body

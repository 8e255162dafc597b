"""The text of an issue in one language: a toolkit like any other, with a part for each item."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

import toolkits
from cascade.bulletins import issues, strangers
from cascade.bulletins.heading_words import CONTENTS, words_in
from cascade.bulletins.itemising import ItemText, item_text
from cascade.bulletins.making import issue_title
from cascade.bulletins.records import Bulletin, Issue, IssueEntry
from cascade.inserts.expanding import expanded
from cascade.library.records import Toolkit, ToolkitVersion
from cascade.sending.deadlines import LONDON
from cascade.shelf.visible import newest_of
from toolkits import HEADINGS


@dataclass(frozen=True, slots=True)
class Item:
    """What an issue says of one toolkit: by which name, out of which version."""

    item: str
    version_id: int
    title: str
    asks: bool


@dataclass(frozen=True, slots=True)
class Made:
    """The text of an issue in one language."""

    language: str
    text: str
    items: tuple[Item, ...]


def text_of(
    session: Session, bulletin: Bulletin, issue: Issue, *, sign_off: bool, home: str
) -> tuple[Made, ...]:
    """What was submitted of an issue, or what it would be now; empty while nothing is in it."""
    if issue.state in issues.EDITED:
        made = assemble(session, bulletin, issue, sign_off=sign_off, home=home)
        return made if made[0].items else ()
    rows = session.scalars(
        select(ToolkitVersion).where(ToolkitVersion.id.in_(issue.versions.values()))
    )
    found = {one.id: one for one in rows}
    return tuple(
        Made(language, found[number].text, ()) for language, number in issue.versions.items()
    )


def assemble(
    session: Session, bulletin: Bulletin, issue: Issue, *, sign_off: bool, home: str
) -> tuple[Made, ...]:
    """The issue in each of its bulletin's languages, the first for everybody else too.

    An item is in the language where it has been approved in it, else in its own.
    """
    rows = [row for row in issues.entries(session, issue) if not row[0].held]
    approved = newest_of(session, [toolkit for _, toolkit in rows], sign_off)
    chosen = [(entry, approved[toolkit.id]) for entry, toolkit in rows]
    languages = dict(rows_of(chosen, rows))
    versions = {one.id: one for found in languages.values() for one in found.values()}
    documents = {
        key: expanded(session, toolkits.parse(one.text, home)) for key, one in versions.items()
    }
    unchosen = strangers.segments(session, bulletin)
    return tuple(
        _made(bulletin, issue, language, rows, languages, documents, home, unchosen)
        for language in bulletin.languages
    )


def rows_of(
    chosen: Iterable[tuple[IssueEntry, Mapping[str, ToolkitVersion]]],
    rows: Iterable[tuple[IssueEntry, Toolkit]],
) -> Iterator[tuple[int, Mapping[str, ToolkitVersion]]]:
    """The approved versions of each entry by language; its toolkit's own language under ""."""
    for (entry, versions), (_, toolkit) in zip(chosen, rows, strict=True):
        if toolkit.language in versions:
            yield entry.id, {**versions, "": versions[toolkit.language]}


def _made(
    bulletin: Bulletin,
    issue: Issue,
    language: str,
    rows: Sequence[tuple[IssueEntry, Toolkit]],
    approved: Mapping[int, Mapping[str, ToolkitVersion]],
    documents: Mapping[int, toolkits.Document],
    home: str,
    unchosen: frozenset[str],
) -> Made:
    depth = 2 if bulletin.headings else 1
    items: list[Item] = []
    texts: list[ItemText] = []
    for number, (entry, _) in enumerate((row for row in rows if row[0].id in approved), 1):
        versions = approved[entry.id]
        version = versions.get(language) or versions[""]
        document = documents[version.id]
        hushed = strangers.is_kept_out(documents[versions[""].id], document)
        made = item_text(
            entry,
            document,
            number=number,
            depth=depth,
            home=home,
            within=language,
            not_for=unchosen if hushed else frozenset(),
        )
        texts.append(made)
        items.append(Item(entry.item, version.id, version.title, entry.asks))
    slots = {name: value for one in texts for name, value in one.slots.items()}
    title = issue_title(bulletin, issue.send_at.astimezone(LONDON))
    parts = [_front(bulletin.name, title, language, slots), *_opening(issue)]
    if bulletin.contents:
        parts += _contents(texts, language)
    parts += _body(texts, language, headings=bulletin.headings)
    return Made(language, "\n\n".join(parts) + "\n", tuple(items))


def _front(name: str, title: str, language: str, slots: Mapping[str, str]) -> str:
    # Quoted as JSON, which YAML reads in the same way.
    lines = ["---", f"title: {_quoted(title)}", f"toolkit: {name}", f"language: {language}"]
    if slots:
        lines += ["slots:", *(f"  {key}: {_quoted(value)}" for key, value in slots.items())]
    return "\n".join([*lines, "---"])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _opening(issue: Issue) -> Iterator[str]:
    if issue.lead.strip():
        yield f"**{issue.lead.strip()}**"
    if issue.note.strip():
        yield toolkits.demote(issue.note.strip(), 1)


def _contents(texts: Sequence[ItemText], language: str) -> Iterator[str]:
    ordered = [one for heading in HEADINGS for one in texts if one.heading == heading]
    if ordered:
        lines = "\n".join(f"- {one.title}" for one in ordered)
        yield _headed("contents", ordered, CONTENTS, language, f"\n\n{lines}")


def _body(texts: Sequence[ItemText], language: str, *, headings: bool) -> Iterator[str]:
    for heading in HEADINGS:
        here = [one for one in texts if one.heading == heading]
        if here and headings:
            yield _headed("above", here, heading, language)
        for one in here:
            yield from one.parts


def _headed(
    part: str, items: Sequence[ItemText], heading: str, language: str, below: str = ""
) -> str:
    """What stands by some items, below a heading that says so when it isn't in the language."""
    said, words = words_in(language)
    strange = "" if said == language else f" in {said}"
    names = ", ".join(one.item for one in items)
    return f"::: {part} {names}{strange}\n## {words[heading]}{below}\n:::"

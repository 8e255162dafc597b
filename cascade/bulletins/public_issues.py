"""An issue as anybody reads it: without what is for private segments or kept out of the library."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

import toolkits
from cascade.bulletins import public_items
from cascade.bulletins.archive import Out
from cascade.bulletins.public_items import Named
from cascade.bulletins.records import Bulletin
from cascade.identity import Identity
from cascade.library.records import ToolkitVersion
from cascade.shelf.catalogue import Catalogue
from cascade.shelf.values import finished_html, finished_text, values
from cascade.shelf.visible import Shown, shown
from toolkits.rendering import render

_ITEM = ("item", "otherwise")
_ALONE = ("", "contents")
"""What stands by itself, and not above an item."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an issue stands: what its text is filled with."""

    identity: Identity
    home: str

    def bulletin(self, name: str) -> str:
        return f"{self.home.rstrip('/')}/bulletins/{name}"

    def issue(self, name: str, number: int) -> str:
        """The canonical address of an issue."""
        return f"{self.bulletin(name)}/{number}"


@dataclass(frozen=True, slots=True)
class PublicIssue:
    """The text of an issue in one language, with all that anybody may see of it."""

    bulletin: str
    out: Out
    shown: Shown
    hidden: frozenset[str]
    names: Mapping[str, Named]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of an issue as safe HTML: what opens it, or all of one item."""

    html: str
    item: Named | None


@dataclass(frozen=True, slots=True)
class IssueReading:
    """What an audience reads of an issue; no blocks: nothing in it is public."""

    title: str
    blocks: tuple[Block, ...]
    titles: tuple[str, ...]
    """Of its items."""

    @property
    def html(self) -> str:
        return "\n".join(one.html for one in self.blocks)


def public(
    session: Session,
    of: Catalogue,
    bulletin: Bulletin,
    chosen: Sequence[tuple[Out, int]],
    place: Place,
) -> tuple[PublicIssue, ...]:
    """Issues, each in the version that was chosen of it: a few questions for all of them."""
    numbers = [version for _, version in chosen]
    rows = session.scalars(select(ToolkitVersion).where(ToolkitVersion.id.in_(numbers)))
    versions = {one.id: one for one in rows}
    hidden = public_items.hidden(session, of, numbers)
    names = public_items.named(session, of, numbers)
    return tuple(
        PublicIssue(
            bulletin=bulletin.name,
            out=out,
            shown=_shown(session, versions[number], bulletin.name, of.audiences, place.home),
            hidden=hidden.get(number, frozenset()),
            names=names.get(number, {}),
        )
        for out, number in chosen
    )


def in_first_language(outs: Iterable[Out]) -> list[tuple[Out, int]]:
    """Each in the language that it is in for everybody else."""
    return [(one, next(iter(one.versions.values()))) for one in outs]


def read(issue: PublicIssue, audience: str, place: Place) -> IssueReading:
    """The issue for a public segment; empty: for everybody."""
    found = _values(issue, place)
    titles = item_titles(issue, [audience], place)
    return IssueReading(found["title"], tuple(_blocks(issue, audience, found)), titles)


def item_titles(issue: PublicIssue, audiences: Collection[str], place: Place) -> tuple[str, ...]:
    """The titles of the items that any of these audiences sees; "" is everybody."""
    found = _values(issue, place)
    document = issue.shown.document
    items = [
        item
        for one in audiences
        for item in toolkits.items(document, [one] if one else [], without=issue.hidden)
    ]
    seen = (issue.names.get(item) for item in dict.fromkeys(items))
    return tuple(_title(one, found) for one in seen if one)


def words(issue: PublicIssue, audience: str) -> str:
    """All that an audience reads, as plain text with marks."""
    segments = [audience] if audience else []
    return toolkits.text(issue.shown.document, segments, issue.hidden)


def _blocks(issue: PublicIssue, audience: str, found: Mapping[str, str]) -> Iterator[Block]:
    document = issue.shown.document
    segments = [audience] if audience else []
    sections = toolkits.select(document, segments, without=issue.hidden)
    last = {one.items: at for at, one in enumerate(sections) if one.part in _ITEM}
    levels = toolkits.Levels()
    ready: list[str] = []
    for at, one in enumerate(sections):
        ready += (finished_html(levels.settle(part), found) for part in render(document, [one]))
        is_end = one.part in _ITEM and last[one.items] == at
        if is_end or one.part in _ALONE:
            item = issue.names.get(one.items[0]) if is_end else None
            yield Block("\n".join(ready), item and replace(item, title=_title(item, found)))
            ready = []


def _title(item: Named, found: Mapping[str, str]) -> str:
    return finished_text(item.title, found) or item.toolkit


def _values(issue: PublicIssue, place: Place) -> Mapping[str, str]:
    here = place.issue(issue.bulletin, issue.out.number)
    return values(issue.shown.document.meta, place.identity, place.home, page=here)


def _shown(
    session: Session, version: ToolkitVersion, name: str, audiences: Mapping[str, str], home: str
) -> Shown:
    found = shown(session, version, name, audiences)
    return replace(found, document=replace(found.document, home=home))

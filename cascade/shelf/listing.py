"""The shelf: what somebody looks for among the texts of the library, with counts to narrow it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.identity import Identity
from cascade.library.records import ShelfEntry
from cascade.paging import Page
from cascade.shelf.catalogue import Catalogue, Entry
from cascade.shelf.searching import Bit, Hit, excerpts
from cascade.shelf.values import finished_text, values
from toolkits import Meta

SIZE = 20
"""Toolkits on a page."""
FRESH = (7, 30, 90)
"""Days that “new in the last … days” may say."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; empty values ask for nothing."""

    words: tuple[str, ...] = ()
    campaign: str = ""
    audience: str = ""
    topic: str = ""
    language: str = ""
    days: int = 0

    @property
    def is_filtered(self) -> bool:
        return bool(self.campaign or self.audience or self.topic or self.language or self.days)


@dataclass(frozen=True, slots=True)
class Line:
    """A toolkit on the shelf."""

    toolkit: str
    language: str
    title: str
    summary: str
    """This and the title are marked text: slots that differ by reader are marks in it."""
    campaign: str
    lead: str
    published: date
    expires: date | None
    languages: tuple[str, ...]
    audience: str
    """Whose text the words were found in; empty: everybody's."""
    excerpt: tuple[Bit, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the shelf."""

    found: Page[Line]
    counts: Mapping[str, Sequence[tuple[str, int]]]
    """By filter: each value that would find something with the others as they are, and how much."""
    any_found: bool
    """Whether the words are found at all, whatever the filters leave of it."""


@dataclass(frozen=True, slots=True)
class _Filter:
    """One of the filters: what it is asked, and the values that an entry has for it."""

    asked: str
    values: Callable[[Entry], Iterable[str]]
    by_value: bool = field(default=False)
    """Its values stand in an order of their own, not by how many there are."""


def shelf(
    session: Session,
    of: Catalogue,
    wanted: Wanted,
    hits: Sequence[Hit] | None,
    *,
    today: date,
    page: int = 1,
) -> Shelf:
    """A page of what is wanted; `hits`: where its words were found, None where none are asked."""
    filters = _filters(wanted, today)
    candidates = _candidates(of, hits, today)
    chosen = _holding(filters.values(), candidates)
    counts = {
        name: _counted(
            own, _holding([one for one in filters.values() if one is not own], candidates)
        )
        for name, own in filters.items()
    }
    once = _once(chosen, wanted, is_ranked=hits is not None)
    shown = once[(page - 1) * SIZE : page * SIZE]
    lines = _lines(session, of, shown, wanted, hits or ())
    return Shelf(Page(lines, page, SIZE, len(once)), MappingProxyType(counts), bool(candidates))


def in_words(line: Line, identity: Identity, base_url: str) -> Line:
    """A line with its slots filled for nobody in particular."""
    found = dict(values(Meta(toolkit=line.toolkit), identity, base_url))
    found["title"] = finished_text(line.title, found)
    return replace(line, title=found["title"], summary=finished_text(line.summary, found))


def _candidates(of: Catalogue, hits: Sequence[Hit] | None, today: date) -> list[Entry]:
    """What is not over: newest first, or by how well the words fit."""
    current = [one for one in of.entries if not one.is_over(today)]
    if hits is None:
        return current
    by_version = {one.version_id: one for one in current}
    return [by_version[one.version_id] for one in hits if one.version_id in by_version]


def _filters(wanted: Wanted, today: date) -> dict[str, _Filter]:
    since = {str(days): today - timedelta(days=days) for days in FRESH}

    def fresh(one: Entry) -> Iterator[str]:
        return (days for days, first in since.items() if one.published > first)

    return {
        "campaign": _Filter(wanted.campaign, lambda one: (one.campaign,) if one.campaign else ()),
        "audience": _Filter(wanted.audience, lambda one: one.audiences),
        "topic": _Filter(wanted.topic, lambda one: one.topics),
        "language": _Filter(wanted.language, lambda one: (one.language,)),
        "days": _Filter(str(wanted.days or ""), fresh, by_value=True),
    }


def _holding(filters: Iterable[_Filter], entries: list[Entry]) -> list[Entry]:
    """The entries for which all of the filters that are asked hold."""
    for of in filters:
        if of.asked:
            entries = [one for one in entries if of.asked in of.values(one)]
    return entries


def _counted(of: _Filter, entries: Iterable[Entry]) -> list[tuple[str, int]]:
    """Toolkits by value: several languages of one count once."""
    pairs = {(value, one.toolkit) for one in entries for value in of.values(one)}
    counts = Counter([value for value, _ in pairs])
    if of.by_value:
        return sorted(counts.items(), key=lambda one: int(one[0]))
    return sorted(counts.items(), key=lambda one: (-one[1], one[0].casefold()))


def _once(entries: Sequence[Entry], wanted: Wanted, *, is_ranked: bool) -> list[Entry]:
    """Each toolkit in one language: the one that was found, else its own if it is there."""
    found: dict[str, Entry] = {}
    for one in entries:
        before = found.setdefault(one.toolkit, one)
        if one.is_own and not before.is_own and not (is_ranked or wanted.language):
            found[one.toolkit] = one
    return list(found.values())


def _lines(
    session: Session,
    of: Catalogue,
    shown: Sequence[Entry],
    wanted: Wanted,
    hits: Sequence[Hit],
) -> tuple[Line, ...]:
    numbers = [one.version_id for one in shown]
    said = {
        row.version_id: row
        for row in session.execute(
            select(
                *(ShelfEntry.version_id, ShelfEntry.title, ShelfEntry.summary),
                *(ShelfEntry.campaign, ShelfEntry.lead),
            ).where(ShelfEntry.version_id.in_(numbers))
        )
    }
    where = {one.version_id: one for one in hits if one.version_id in said}
    found = (
        excerpts(session, wanted.words, [one.text_id for one in where.values()]) if where else {}
    )
    return tuple(
        Line(
            toolkit=one.toolkit,
            language=one.language,
            title=said[one.version_id].title,
            summary=said[one.version_id].summary,
            campaign=said[one.version_id].campaign,
            lead=said[one.version_id].lead,
            published=one.published,
            expires=one.expires,
            languages=of.languages[one.toolkit],
            audience=where[one.version_id].audience if one.version_id in where else "",
            excerpt=found.get(where[one.version_id].text_id, ()) if one.version_id in where else (),
        )
        for one in shown
    )

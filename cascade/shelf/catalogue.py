"""Every text that stands in the library now, without its words: what lists and filters need.

It is read once for each state of the library (see `cascade.shelf.revision`) and kept: a filter then
costs a walk over some thousand rows in memory, and no page asks the database to count.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, true
from sqlalchemy.orm import Session

from cascade.library.indexing import SEGMENT, TOPIC
from cascade.library.records import TOOLKIT, ShelfEntry, ShelfLabel, Toolkit
from cascade.sending.deadlines import LONDON
from cascade.shelf.visible import audiences, is_approved


@dataclass(frozen=True, slots=True)
class Entry:
    """The text of a toolkit that stands in one language."""

    version_id: int
    toolkit: str
    language: str
    is_own: bool
    """In the toolkit's own language."""
    campaign: str
    topics: tuple[str, ...]
    audiences: tuple[str, ...]
    """Public segments that something in it is for."""
    published: date
    """The day it was in England."""
    expires: date | None

    def is_over(self, today: date) -> bool:
        return self.expires is not None and self.expires < today


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The library as it stands: newest first."""

    entries: tuple[Entry, ...]
    audiences: Mapping[str, str]
    """Titles of all public segments by name."""
    languages: Mapping[str, tuple[str, ...]]
    """Of each toolkit that is there, its own first."""


def catalogue(session: Session, *, sign_off: bool) -> Catalogue:
    """What stands in the library now; what is over is in it too."""
    known = audiences(session)
    labels = _labels(session, known)
    entries = tuple(
        Entry(
            version_id=row.version_id,
            toolkit=row.name,
            language=row.language,
            is_own=row.is_own,
            campaign=row.campaign,
            topics=tuple(labels[row.version_id, TOPIC]),
            audiences=tuple(labels[row.version_id, SEGMENT]),
            published=row.published_at.astimezone(LONDON).date(),
            expires=row.expires,
        )
        for row in _current(session, sign_off)
    )
    return Catalogue(entries, MappingProxyType(known), MappingProxyType(_languages(entries)))


def standing(session: Session, names: Collection[str], *, sign_off: bool) -> frozenset[str]:
    """Which of some toolkits stand in the library now."""
    return frozenset(row.name for row in _current(session, sign_off, Toolkit.name.in_(names)))


def said_of(session: Session, version: int) -> tuple[str, ...] | None:
    """The titles of the public segments that a version says something to of their own.

    None: its author keeps it out of the library.
    """
    if not session.scalar(select(ShelfEntry.public).where(ShelfEntry.version_id == version)):
        return None
    known = audiences(session)
    labels = _labels(session, known, ShelfLabel.version_id == version)
    return tuple(known[name] for name in labels[version, SEGMENT])


def _current(
    session: Session, sign_off: bool, only: ColumnElement[bool] | None = None
) -> Iterator[Row[Any]]:
    """The newest approved version of each toolkit and language, where it is public.

    A toolkit whose newest text in its own language is not public is not there in any.
    """
    since_the_newest = func.row_number().over(
        partition_by=(ShelfEntry.toolkit_id, ShelfEntry.language),
        order_by=ShelfEntry.number.desc(),
    )
    approved = (
        select(
            *(ShelfEntry.version_id, ShelfEntry.toolkit_id, ShelfEntry.language),
            *(ShelfEntry.public, ShelfEntry.campaign, ShelfEntry.published_at, ShelfEntry.expires),
            Toolkit.name,
            (Toolkit.language == ShelfEntry.language).label("is_own"),
            since_the_newest.label("place"),
        )
        .join(Toolkit, Toolkit.id == ShelfEntry.toolkit_id)
        .where(Toolkit.kind == TOOLKIT, is_approved(sign_off, ShelfEntry.version_id))
        .where(true() if only is None else only)
        .subquery()
    )
    newest = select(approved).where(approved.c.place == 1)
    rows = session.execute(
        newest.order_by(approved.c.published_at.desc(), approved.c.version_id.desc())
    ).all()
    there = {row.toolkit_id for row in rows if row.is_own and row.public}
    return (row for row in rows if row.public and row.toolkit_id in there)


def _labels(
    session: Session, known: Mapping[str, str], only: ColumnElement[bool] | None = None
) -> Mapping[tuple[int, str], list[str]]:
    """Topics and public segments of every version."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = session.execute(
        select(ShelfLabel.version_id, ShelfLabel.kind, ShelfLabel.value)
        .where((ShelfLabel.kind == TOPIC) | ShelfLabel.value.in_(known))
        .where(true() if only is None else only)
        .order_by(ShelfLabel.version_id, ShelfLabel.value)
    )
    for version, kind, value in rows:
        found[version, kind].append(value)
    return found


def _languages(entries: tuple[Entry, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for entry in sorted(entries, key=lambda one: (not one.is_own, one.language)):
        found.setdefault(entry.toolkit, []).append(entry.language)
    return {name: tuple(several) for name, several in found.items()}

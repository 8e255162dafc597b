"""The table of a cascade's recipients: filtered, sorted, paged; a million cost what ten do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Subquery, exists, func, select
from sqlalchemy.orm import Session, aliased

from cascade.audience.finding import named_organisations
from cascade.evidence.records import Confirmation
from cascade.paging import Page
from cascade.reporting import selection
from cascade.reporting.selection import Share, Wanted
from cascade.reporting.windows import MOST, Place, Window, window
from cascade.reporting.words import DELIVERY_WORDS
from cascade.sending.records import Delivery
from cascade.sending.states import WAITING, DeliveryState

SIZE = 50
_MOST_NAMED = 200
"""Organisations whose words are those of a search; who finds more has to say more."""

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One message of a cascade and the person it is for, as the release knew them."""

    delivery_id: int
    organisation: str
    contact: str
    role: str
    place: str
    address: str
    segments: tuple[str, ...]
    state: str
    state_words: str
    grade: str
    changed_at: datetime
    answer: str
    """The last one; empty: none."""


@dataclass(frozen=True, slots=True)
class Recipients:
    """A page of them, and how much of the cascade was looked at for it."""

    page: Page[Recipient]
    """Its total is of what was looked at."""
    total: int | None
    """All there are, from the counters; None: no counter tells (place, search)."""
    looked: int
    """Messages that were looked at."""
    of: int
    """Messages that would have to be looked at to know of all."""
    further: Place | None
    """Where to look next; None: everything was looked at, or no place can be named."""

    @property
    def is_whole(self) -> bool:
        """Whether everything was looked at."""
        return self.looked >= self.of


@dataclass(frozen=True, slots=True)
class _Source:
    """Rows to look at."""

    rows: Subquery
    looked: int
    of: int
    window: Window | None
    is_exact: bool = False
    """Whether a whole address or code was found, so that its text need not be looked for."""


def recipients(
    session: Session,
    cascade_id: int,
    wanted: Wanted,
    *,
    start: Place | None = None,
    page: int = 1,
    size: int = SIZE,
) -> Recipients:
    """One page of a cascade's recipients, looking at `windows.MOST` messages at most."""
    known = selection.shares(session, cascade_id, wanted.segment)
    total = None if wanted.is_read else sum(selection.counted(known, wanted).values())
    source = _source(session, cascade_id, wanted, known, start or Place())
    names = {one.variant: one.segments for one in known}
    rows, matches = _read(session, wanted, source, sorted(names), page, size)
    answers = last_answers(session, [row.id for row in rows])
    lines = tuple(filled(row, names[row.variant_id], answers.get(row.id, "")) for row in rows)
    further = _further(session, wanted, source)
    return Recipients(Page(lines, page, size, matches), total, source.looked, source.of, further)


def filled(row: AnyRow | Delivery, segments: tuple[str, ...], answer: str) -> Recipient:
    """The line of a delivery's row."""
    return Recipient(
        delivery_id=row.id,
        organisation=row.slots.get("organisation", ""),
        contact=row.slots.get("contact", ""),
        role=row.slots.get("role", ""),
        place=row.slots.get("place", ""),
        address=row.address,
        segments=segments,
        state=row.state,
        state_words=DELIVERY_WORDS[row.state],
        grade=row.grade,
        changed_at=row.changed_at,
        answer=answer,
    )


def last_answers(session: Session, deliveries: Sequence[int]) -> Mapping[int, str]:
    """What was last answered for each of these that was answered."""
    later = aliased(Confirmation)
    superseded = exists().where(
        later.delivery_id == Confirmation.delivery_id, later.id > Confirmation.id
    )
    rows = session.execute(
        select(Confirmation.delivery_id, Confirmation.answer).where(
            Confirmation.delivery_id.in_(deliveries), ~superseded
        )
    )
    return {row.delivery_id: row.answer for row in rows}


def _source(
    session: Session, cascade_id: int, wanted: Wanted, known: Sequence[Share], start: Place
) -> _Source:
    if wanted.search:
        exact = selection.named_exactly(cascade_id, wanted.search)
        if found := _count(session, exact):
            return _Source(exact, found, found, None, is_exact=True)
    sizes = selection.sizes(known, wanted)
    of = sum(rows for _, rows in sizes)
    if of > MOST and wanted.search:
        # By the words of organisations as they are called today; else by what was released.
        numbers = named_organisations(session, wanted.search, _MOST_NAMED)
        if 0 < len(numbers) <= _MOST_NAMED:
            named = selection.of_organisations(session, cascade_id, numbers)
            if found := _count(session, named):
                return _Source(named, found, found, None, is_exact=True)
    if of > MOST and wanted.state in WAITING:
        return _few(selection.waiting(cascade_id), known, WAITING)
    if of > MOST and wanted.state == DeliveryState.CLAIMED:
        return _few(selection.claimed(cascade_id), known, (DeliveryState.CLAIMED,))
    place = window(sizes, start)
    return _Source(selection.in_window(wanted, place, MOST), place.rows, of, place)


def _count(session: Session, rows: Subquery) -> int:
    return session.scalar(select(func.count()).select_from(rows)) or 0


def _few(rows: Subquery, known: Sequence[Share], states: Sequence[DeliveryState]) -> _Source:
    of = sum(one.deliveries for one in known if one.state in states)
    return _Source(rows, min(of, MOST), of, None)


def _read(
    session: Session,
    wanted: Wanted,
    source: _Source,
    variants: Sequence[int],
    page: int,
    size: int,
) -> tuple[Sequence[AnyRow], int]:
    """The rows of the page, and how many there are among those that were looked at."""
    skipped = (page - 1) * size
    if source.window and not wanted.is_narrow and not wanted.sort:
        numbers = _first(session, wanted, source.window, size, skipped)
        return _rows(session, numbers), source.looked
    if source.is_exact:
        wanted = replace(wanted, search="")
    looked = source.rows
    found = session.execute(
        select(looked.c.id, func.count().over())
        .where(selection.conditions(wanted, looked, variants))
        .order_by(*selection.order(wanted, looked))
        .limit(size)
        .offset(skipped)
    ).all()
    return _rows(session, [number for number, _ in found]), found[0][1] if found else 0


def _first(
    session: Session, wanted: Wanted, where: Window, size: int, skipped: int
) -> Sequence[int]:
    """A page of everything as it was released, for which no further row need be read."""
    if len(where.variants) == 1:
        rows = selection.in_window(wanted, where, min(skipped + size, MOST))
    else:
        rows = selection.in_window(wanted, where, MOST)
    page = select(rows.c.id).order_by(rows.c.id).limit(size).offset(skipped)
    return session.scalars(page).all()


def _rows(session: Session, numbers: Sequence[int]) -> Sequence[AnyRow]:
    """The whole rows of these deliveries, in this order."""
    some = session.execute(selection.columns().where(Delivery.id.in_(numbers)))
    by_number = {row.id: row for row in some}
    return [by_number[one] for one in numbers]


def _further(session: Session, wanted: Wanted, source: _Source) -> Place | None:
    if source.window is None:
        return None
    if source.window.is_piece:
        last = session.scalar(selection.last_of(wanted, source.window))
        if last is not None:
            return Place(source.window.variants[0], last)
    following = source.window.following
    return None if following is None else Place(following)

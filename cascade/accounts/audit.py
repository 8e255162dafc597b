"""The audit trail: who did what to what, and how that was before and after. Only ever added to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, or_, select
from sqlalchemy.orm import Session, aliased

from cascade.accounts.acts import Act, meant
from cascade.accounts.records import AuditEntry
from cascade.cleaning import cut
from cascade.paging import Page

AT_ONCE = 500
"""Entries read in one go while streaming."""

LOOKED_AT = 3_000
"""Entries that are looked at for one page of a search."""

_SEARCHED = ("subject", "act", "by", "detail", "address")


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of entries; its total is of what was looked at."""

    page: Page[AuditEntry]
    further: int | None
    """Look on before the entry of this number; None: everything was looked at."""


def note(
    session: Session,
    *,
    by: str,
    act: Act,
    subject: str,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    address: str = "",
    detail: str = "",
) -> None:
    """Add an entry. `by`: an email address or `terminal: name`;"""
    session.execute(
        insert(AuditEntry).values(
            at=now,
            by=cut(by, 320),
            act=act,
            subject=cut(subject, 400),
            before=before,
            after=after,
            address=cut(address, 45),
            detail=cut(detail, 2_000),
        )
    )


def listing(
    session: Session,
    *,
    search: str = "",
    by: str = "",
    act: str = "",
    before: int = 0,
    page: int = 1,
    size: int = 50,
) -> Listed:
    """One page, newest first; `search`: part of any text in it or of the words of its act, `by`:
    all of who did it, `act`: as it is kept.

    A search, or one for an act, looks at LOOKED_AT entries, from the newest or from `before`
    that number on.
    """
    every, further = _by(select(AuditEntry), by), None
    entry = AuditEntry
    if search or act or before:
        looked = every.where(AuditEntry.id < before) if before else every
        looked = looked.order_by(AuditEntry.id.desc())
        ids = looked.with_only_columns(AuditEntry.id)
        further = session.scalar(ids.offset(LOOKED_AT - 1).limit(1))
        # As a table of its own: PostgreSQL then reads these rows and no others.
        entry = aliased(AuditEntry, looked.limit(LOOKED_AT).subquery())
        every = select(entry)
    found = _with(every, entry, search, act)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    newest = found.order_by(entry.id.desc()).limit(size).offset((page - 1) * size)
    return Listed(Page(tuple(session.scalars(newest)), page, size, total), further)


def every(session: Session, search: str = "", by: str = "", act: str = "") -> Iterator[AuditEntry]:
    """The same without pages, newest first, read as it is used."""
    found = _with(_by(select(AuditEntry), by), AuditEntry, search, act)
    newest = found.order_by(AuditEntry.id.desc())
    yield from session.scalars(newest.execution_options(yield_per=AT_ONCE))


def _by(entries: Select[AuditEntry], by: str) -> Select[AuditEntry]:
    return entries.where(AuditEntry.by == cut(by, 320)) if by else entries


def _with(
    entries: Select[AuditEntry], entry: type[AuditEntry], search: str, act: str
) -> Select[AuditEntry]:
    if act:
        entries = entries.where(entry.act == act)
    words = cut(search, 400)
    if not words:
        return entries
    matches = (getattr(entry, name).icontains(words, autoescape=True) for name in _SEARCHED)
    return entries.where(or_(*matches, entry.act.in_(meant(words))))

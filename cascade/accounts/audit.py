"""The audit trail: who did what to what, and how that was before and after. Only ever added to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, or_, select
from sqlalchemy.orm import Session

from cascade.accounts.records import AuditEntry
from cascade.cleaning import cut
from cascade.paging import Page

AT_ONCE = 500
"""Entries read in one go while streaming."""

LOOKED_AT = 5_000
"""Entries that are looked at for one page of a search."""

_SEARCHED = (
    AuditEntry.subject,
    AuditEntry.act,
    AuditEntry.by,
    AuditEntry.detail,
    AuditEntry.address,
)


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
    act: str,
    subject: str,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    address: str = "",
    detail: str = "",
) -> None:
    """Add an entry. `by`: an email address or `terminal: name`; `act`: such as `signed-in`."""
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
    before: int = 0,
    page: int = 1,
    size: int = 50,
) -> Listed:
    """One page, newest first; `search`: part of any text in it, `by`: all of who did it.

    A search looks at LOOKED_AT entries, from the newest or from `before` that number on.
    """
    found, further = _found(search, by), None
    if search or before:
        looked = _looked(by, before)
        further = session.scalar(looked.offset(LOOKED_AT - 1).limit(1))
        found = found.where(AuditEntry.id.in_(looked.limit(LOOKED_AT)))
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    newest = found.order_by(AuditEntry.id.desc()).limit(size).offset((page - 1) * size)
    return Listed(Page(tuple(session.scalars(newest)), page, size, total), further)


def _looked(by: str, before: int) -> Select[int]:
    entries = select(AuditEntry.id).order_by(AuditEntry.id.desc())
    if by:
        entries = entries.where(AuditEntry.by == cut(by, 320))
    return entries.where(AuditEntry.id < before) if before else entries


def every(session: Session, search: str = "", by: str = "") -> Iterator[AuditEntry]:
    """The same without pages, newest first, read as it is used."""
    newest = _found(search, by).order_by(AuditEntry.id.desc())
    yield from session.scalars(newest.execution_options(yield_per=AT_ONCE))


def _found(search: str, by: str) -> Select[AuditEntry]:
    found = select(AuditEntry)
    if by:
        found = found.where(AuditEntry.by == cut(by, 320))
    if words := cut(search, 400):
        matches = (column.icontains(words, autoescape=True) for column in _SEARCHED)
        found = found.where(or_(*matches))
    return found

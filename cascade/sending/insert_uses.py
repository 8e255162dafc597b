"""Which toolkits show an insert, with which columns, and which cascades under way."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

import toolkits
from cascade.inserts.records import CascadeInsert, Insert
from cascade.library.publish import is_newest
from cascade.library.records import Draft, ToolkitVersion
from cascade.sending.records import Cascade
from cascade.sending.states import CascadeState
from toolkits import TableQuery
from toolkits.tables import key

_OVER = (CascadeState.SENT, CascadeState.WITHDRAWN)
MOST = 200
"""Texts that are read; toolkits are few."""


@dataclass(frozen=True, slots=True)
class Use:
    """A text that shows the insert, or a cascade with the revision that it keeps."""

    number: int
    title: str
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Uses:
    """Everything that shows an insert."""

    versions: tuple[Use, ...]
    """The newest of a toolkit in a language: their next release shows what stands then."""
    drafts: tuple[Use, ...]
    cascades: tuple[Use, ...]
    """Not yet over; what they show was frozen at their release."""
    columns: tuple[str, ...]
    """What published toolkits ask for, each once."""

    def __bool__(self) -> bool:
        return bool(self.versions or self.drafts or self.cascades)


def uses(session: Session, name: str) -> Uses:
    """What shows the insert. Of texts, only those with its name in them are read."""
    versions = list(
        _showing(
            session,
            select(ToolkitVersion)
            .where(is_newest(), ToolkitVersion.text.icontains(name, autoescape=True))
            .order_by(ToolkitVersion.id.desc()),
            name,
        )
    )
    drafts = _showing(
        session,
        select(Draft)
        .where(Draft.closed_at.is_(None), Draft.text.icontains(name, autoescape=True))
        .order_by(Draft.id.desc()),
        name,
    )
    asked = {key(one): one for _, queries in versions for one in _columns(queries)}
    return Uses(
        tuple(use for use, _ in versions),
        tuple(use for use, _ in drafts),
        _cascades(session, name),
        tuple(asked.values()),
    )


def _showing(
    session: Session, query: Select[Draft] | Select[ToolkitVersion], name: str
) -> Iterator[tuple[Use, list[TableQuery]]]:
    found: Iterator[Draft | ToolkitVersion] = iter(session.scalars(query.limit(MOST)))
    for one in found:
        sections = toolkits.parse(one.text).sections
        queries = [part.table for part in sections if part.table and part.table.name == name]
        if queries:
            yield Use(one.id, one.title), queries


def _columns(queries: list[TableQuery]) -> Iterator[str]:
    for query in queries:
        yield from query.named()


def _cascades(session: Session, name: str) -> tuple[Use, ...]:
    rows = session.execute(
        select(Cascade.id, Cascade.title, CascadeInsert.revision)
        .join(CascadeInsert, CascadeInsert.cascade_id == Cascade.id)
        .join(Insert, Insert.id == CascadeInsert.insert_id)
        .where(Insert.name == name, Cascade.state.not_in(_OVER))
        .order_by(Cascade.id.desc())
        .limit(MOST)
    )
    return tuple(Use(row.id, row.title, row.revision) for row in rows)

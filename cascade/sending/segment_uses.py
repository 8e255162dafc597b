"""Where a segment is used, and removing one that is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

import toolkits
from cascade.audience.kinds import FIRST_KINDS
from cascade.audience.records import Segment
from cascade.audience.segments import find
from cascade.errors import Refused
from cascade.library.publish import is_newest
from cascade.library.records import Draft, ToolkitVersion
from cascade.sending.records import Cascade
from cascade.sending.states import CascadeState

MOST = 50
"""Of each sort that are named."""
_OVER = (CascadeState.SENT, CascadeState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Use:
    """Something that names a segment."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Uses:
    """Everything that names a segment and isn't over."""

    versions: tuple[Use, ...]
    """The newest of a toolkit in a language."""
    drafts: tuple[Use, ...]
    cascades: tuple[Use, ...]

    def __bool__(self) -> bool:
        return bool(self.versions or self.drafts or self.cascades)


def uses(session: Session, name: str) -> Uses:
    """What names the segment. Of texts, only those with its name in them are read."""
    versions = (
        select(ToolkitVersion)
        .where(is_newest(), ToolkitVersion.text.icontains(name, autoescape=True))
        .order_by(ToolkitVersion.id.desc())
    )
    drafts = select(Draft).where(
        Draft.closed_at.is_(None), Draft.text.icontains(name, autoescape=True)
    )
    return Uses(
        _texts(session, versions, name),
        _texts(session, drafts, name),
        _cascades(session, name),
    )


def remove(session: Session, name: str) -> Segment:
    """Remove a segment that nothing uses; raises Refused that says what does."""
    session.execute(select(Segment.id).where(Segment.name == name).with_for_update())
    segment = find(session, name)
    if name in FIRST_KINDS:
        raise Refused("This is one of the first five segments, which stay.")
    if uses(session, name):
        raise Refused("This segment is still used.")
    session.delete(segment)
    session.flush()
    return segment


def _texts(
    session: Session, query: Select[Draft] | Select[ToolkitVersion], name: str
) -> tuple[Use, ...]:
    found: Iterator[Draft | ToolkitVersion] = iter(session.scalars(query))
    naming = (Use(one.id, one.title) for one in found if _names(one.text, name))
    return tuple(islice(naming, MOST))


def _names(text: str, name: str) -> bool:
    document = toolkits.parse(text)
    parts = (part for one in document.sections for part in (one.include, one.exclude) if part)
    return name in document.meta.segments or any(name in part for part in parts)


def _cascades(session: Session, name: str) -> tuple[Use, ...]:
    under_way = select(Cascade.id, Cascade.title, Cascade.segments).where(
        Cascade.state.not_in(_OVER)
    )
    rows = session.execute(under_way.order_by(Cascade.id.desc()))
    return tuple(islice((Use(row.id, row.title) for row in rows if name in row.segments), MOST))

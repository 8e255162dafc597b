"""What of a toolkit anybody may see: approved texts, without what is for private segments."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, exists, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

import toolkits
from cascade.audience.records import Segment
from cascade.errors import NotFound
from cascade.inserts.expanding import expanded
from cascade.library.records import TOOLKIT, ShelfEntry, Toolkit, ToolkitVersion
from cascade.sign_off.records import SignOff, SignOffState


@dataclass(frozen=True, slots=True)
class Shown:
    """A version of a toolkit, as anybody may see it."""

    toolkit: str
    version_id: int
    number: int
    language: str
    published_at: datetime
    document: toolkits.Document
    """Only what is for everybody or for a public segment; private ones are not even named."""
    audiences: Mapping[str, str]
    """The public segments that something in it is for: their titles by name."""

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.document.meta.expires is not None and self.document.meta.expires < today


def audiences(session: Session) -> dict[str, str]:
    """The titles of all public segments by name, in the order they were made."""
    rows = session.execute(
        select(Segment.name, Segment.title).where(Segment.public).order_by(Segment.id)
    )
    return {row.name: row.title for row in rows}


def current(session: Session, name: str, *, sign_off: bool) -> dict[str, Shown]:
    """The newest approved version in each language, the toolkit's own first.

    Raises NotFound, in the same words, for a toolkit that isn't there and for one that is private.
    """
    toolkit = session.scalar(select(Toolkit).where(Toolkit.name == name, Toolkit.kind == TOOLKIT))
    known = audiences(session)
    found = {
        one.language: shown(session, one, name, known)
        for one in (_public(session, toolkit, sign_off) if toolkit else ())
    }
    own = found.get(toolkit.language) if toolkit else None
    if own is None:
        raise NotFound(f"There is nothing called “{name}” in the library.")
    return {own.language: own} | {key: found[key] for key in sorted(found)}


def stripped(document: toolkits.Document, public: Mapping[str, str]) -> toolkits.Document:
    """A toolkit without what is only for private segments, without their names, and without what
    speaks to a recipient: nobody who reads it here has anything to confirm."""
    names = frozenset(public)
    sections = tuple(
        replace(
            one,
            include=one.include if one.include is None else one.include & names,
            exclude=one.exclude & names,
        )
        for one in document.sections
        if one.include is None or one.include & names
    )
    meant = tuple(one for one in document.meta.segments if one in names)
    meta = replace(document.meta, segments=meant)
    bare = replace(document, meta=meta, sections=sections, problems=(), text="")
    return toolkits.impersonal(bare)


def is_approved(
    sign_off: bool, version_id: ColumnElement[int] | InstrumentedAttribute[int] = ToolkitVersion.id
) -> ColumnElement[bool]:
    """Condition on versions: somebody approved it, or nobody has to."""
    if not sign_off:
        return true()
    return exists().where(SignOff.version_id == version_id, SignOff.state == SignOffState.APPROVED)


def newest(session: Session, toolkit: Toolkit, sign_off: bool) -> dict[str, ToolkitVersion]:
    """The approved version with the highest number in each language, public or not."""
    return newest_of(session, [toolkit], sign_off)[toolkit.id]


def newest_of(
    session: Session, several: Sequence[Toolkit], sign_off: bool
) -> dict[int, dict[str, ToolkitVersion]]:
    """The same for several toolkits, by their numbers, in one question."""
    found: dict[int, dict[str, ToolkitVersion]] = {one.id: {} for one in several}
    for one in session.scalars(_newest(tuple(found), sign_off)):
        found[one.toolkit_id][one.language] = one
    return found


def _newest(numbers: Sequence[int], sign_off: bool) -> Select[ToolkitVersion]:
    number = func.max(ToolkitVersion.number).label("number")
    highest = (
        select(ToolkitVersion.toolkit_id, ToolkitVersion.language, number)
        .where(ToolkitVersion.toolkit_id.in_(numbers), is_approved(sign_off))
        .group_by(ToolkitVersion.toolkit_id, ToolkitVersion.language)
        .subquery()
    )
    return select(ToolkitVersion).join(
        highest,
        (highest.c.toolkit_id == ToolkitVersion.toolkit_id)
        & (highest.c.language == ToolkitVersion.language)
        & (highest.c.number == ToolkitVersion.number),
    )


def _public(session: Session, toolkit: Toolkit, sign_off: bool) -> Iterable[ToolkitVersion]:
    # Left out here and not when they are read: how long an answer takes tells nothing.
    entry = ShelfEntry.version_id == ToolkitVersion.id
    return session.scalars(
        _newest([toolkit.id], sign_off).join(ShelfEntry, entry).where(ShelfEntry.public)
    )


def shown(
    session: Session, version: ToolkitVersion, toolkit: str, public: Mapping[str, str]
) -> Shown:
    """A version as anybody may see it, with all rows of its tables.

    `public`: the titles of the public segments by name.
    """
    document = stripped(expanded(session, toolkits.parse(version.text)), public)
    named = {name for one in document.sections for name in one.include or ()}
    return Shown(
        toolkit=toolkit,
        version_id=version.id,
        number=version.number,
        language=version.language,
        published_at=version.published_at,
        document=document,
        audiences={
            name: title
            for name, title in public.items()
            if name in named or name in document.meta.segments
        },
    )

"""Drafts and published toolkits in one list, each with where it stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from cascade.cleaning import cut
from cascade.library.records import TOOLKIT, Draft, Toolkit, ToolkitVersion
from cascade.paging import Page
from cascade.sign_off.records import SignOff

_LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Text:
    """A draft, or a published version that nobody has a draft of."""

    draft: int | None
    version: int | None
    """The published version; of a draft, the one that was last made of it."""
    title: str
    toolkit: str
    number: int | None
    language: str
    changed_at: datetime
    changed_by: str
    state: str
    """`draft`, `given-up`, `published`, or a state of a sign-off."""


def listing(
    session: Session, *, search: str = "", given_up: bool = False, page: int = 1, size: int = 50
) -> Page[Text]:
    """One page, newest first; `search`: part of a title or of a toolkit's short name."""
    words = cut(search, _LONGEST_SEARCH)
    both = union_all(_drafts(words, given_up), _versions(words)).subquery()
    total = session.scalar(select(func.count()).select_from(both)) or 0
    lines = session.execute(
        select(both)
        .order_by(both.c.changed_at.desc(), both.c.version.desc(), both.c.draft.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return Page(tuple(Text(**line._mapping) for line in lines), page, size, total)


def _drafts(words: str, given_up: bool) -> Select[Any]:
    is_as_submitted = Draft.text == ToolkitVersion.text
    found: Select[Any] = (
        select(
            Draft.id.label("draft"),
            Draft.version_id.label("version"),
            Draft.title.label("title"),
            func.coalesce(Toolkit.name, "").label("toolkit"),
            ToolkitVersion.number.label("number"),
            func.coalesce(ToolkitVersion.language, "").label("language"),
            Draft.changed_at.label("changed_at"),
            Draft.changed_by.label("changed_by"),
            case(
                (Draft.closed_at.is_not(None), literal("given-up")),
                (is_as_submitted, func.coalesce(SignOff.state, literal("published"))),
                else_=literal("draft"),
            ).label("state"),
        )
        .outerjoin(ToolkitVersion, ToolkitVersion.id == Draft.version_id)
        .outerjoin(Toolkit, Toolkit.id == ToolkitVersion.toolkit_id)
        .outerjoin(SignOff, SignOff.version_id == ToolkitVersion.id)
    )
    if not given_up:
        found = found.where(Draft.closed_at.is_(None))
    if words:
        found = found.where(_matches(words, Draft.title, Toolkit.name))
    return found


def _versions(words: str) -> Select[Any]:
    newest = select(func.max(ToolkitVersion.id)).group_by(
        ToolkitVersion.toolkit_id, ToolkitVersion.language
    )
    is_drafted = exists().where(Draft.version_id == ToolkitVersion.id, Draft.closed_at.is_(None))
    columns: list[Any] = [
        null().label("draft"),
        ToolkitVersion.id,
        ToolkitVersion.title,
        Toolkit.name,
        ToolkitVersion.number,
        ToolkitVersion.language,
        ToolkitVersion.published_at,
        ToolkitVersion.published_by,
        func.coalesce(SignOff.state, literal("published")),
    ]
    found = (
        select(*columns)
        .join(Toolkit, Toolkit.id == ToolkitVersion.toolkit_id)
        .outerjoin(SignOff, SignOff.version_id == ToolkitVersion.id)
        .where(Toolkit.kind == TOOLKIT, ToolkitVersion.id.in_(newest), ~is_drafted)
    )
    if words:
        found = found.where(_matches(words, ToolkitVersion.title, Toolkit.name))
    return found


def _matches(words: str, *columns: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return or_(*(column.icontains(words, autoescape=True) for column in columns))

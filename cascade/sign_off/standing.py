"""Where sign-offs stand: of one version, of all that wait, and what came before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cascade.errors import NotFound
from cascade.library.records import Draft, DraftRevision, Toolkit, ToolkitVersion
from cascade.paging import Page
from cascade.sign_off.records import SignOff, SignOffAct, SignOffState

EDITED = "edited"
"""The act of who put together what has no draft: an issue of a bulletin."""
_WRITING = ("submitted", EDITED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version that somebody submitted and nobody has decided about."""

    version_id: int
    toolkit: str
    title: str
    number: int
    language: str
    submitted_by: str
    submitted_at: datetime


def version(session: Session, version_id: int) -> ToolkitVersion:
    """The version of a number; raises NotFound."""
    found = session.get(ToolkitVersion, version_id)
    if found is None:
        raise NotFound(f"There is no version {version_id}.")
    return found


def standing(session: Session, version_id: int) -> SignOff | None:
    """The sign-off of a version as it is now; None: it was never submitted."""
    wanted = select(SignOff).where(SignOff.version_id == version_id)
    return session.scalar(wanted.execution_options(populate_existing=True))


def story(session: Session, version_id: int) -> Sequence[SignOffAct]:
    """Every step of its sign-off, the first first."""
    wanted = select(SignOffAct).where(SignOffAct.version_id == version_id)
    return session.scalars(wanted.order_by(SignOffAct.id)).all()


def waiting(session: Session, *, besides: str = "", page: int = 1, size: int = 20) -> Page[Waiting]:
    """What is to be decided, longest waiting first; `besides`: not what this one wrote."""
    submitted = (
        select(SignOff)
        .join(ToolkitVersion, ToolkitVersion.id == SignOff.version_id)
        .where(SignOff.state == SignOffState.SUBMITTED)
    )
    if besides:
        submitted = submitted.where(*_by_others(besides))
    total = session.scalar(select(func.count()).select_from(submitted.subquery())) or 0
    rows = session.execute(
        submitted.join(Toolkit, Toolkit.id == ToolkitVersion.toolkit_id)
        .with_only_columns(
            SignOff.version_id,
            Toolkit.name,
            ToolkitVersion.title,
            ToolkitVersion.number,
            ToolkitVersion.language,
            SignOff.submitted_by,
            SignOff.submitted_at,
        )
        .order_by(SignOff.submitted_at, SignOff.version_id)
        .limit(size)
        .offset((page - 1) * size)
    )
    lines = tuple(Waiting(*row) for row in rows)
    return Page(lines, page, size, total)


def approved_before(session: Session, of: ToolkitVersion) -> ToolkitVersion | None:
    """The newest approved version before this one, in the same language."""
    return session.scalar(
        select(ToolkitVersion)
        .join(SignOff, SignOff.version_id == ToolkitVersion.id)
        .where(
            ToolkitVersion.toolkit_id == of.toolkit_id,
            ToolkitVersion.language == of.language,
            ToolkitVersion.number < of.number,
            SignOff.state == SignOffState.APPROVED,
        )
        .order_by(ToolkitVersion.number.desc())
        .limit(1)
    )


def authors(session: Session, of: ToolkitVersion) -> frozenset[str]:
    """Who wrote at it: who published, edited and submitted it, who kept texts of its draft."""
    kept = session.scalars(
        select(DraftRevision.by)
        .join(Draft, Draft.id == DraftRevision.draft_id)
        .where(Draft.version_id == of.id)
        .distinct()
    )
    submitted = session.scalars(
        select(SignOffAct.by).where(SignOffAct.version_id == of.id, SignOffAct.act.in_(_WRITING))
    )
    return frozenset({of.published_by, *kept, *submitted})


def _by_others(email: str) -> Iterator[ColumnElement[bool]]:
    """What a version fulfils that somebody is not among the `authors` of."""
    of = ToolkitVersion.id
    yield ToolkitVersion.published_by != email
    kept = select(Draft.id).join(DraftRevision, DraftRevision.draft_id == Draft.id)
    yield ~kept.where(Draft.version_id == of, DraftRevision.by == email).exists()
    sent = select(SignOffAct.id).where(SignOffAct.act.in_(_WRITING), SignOffAct.by == email)
    yield ~sent.where(SignOffAct.version_id == of).exists()

"""What was returned to its authors: with which words, and in which draft it is mended."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

import toolkits
from cascade.library.publish import latest
from cascade.library.records import Draft, Toolkit, ToolkitVersion
from cascade.sign_off.records import SignOffAct, SignOffState
from cascade.sign_off.standing import approved_before, standing, version

_MOST_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A comment of a return: the number of its line, how that begins, and where it is by now."""

    line: int
    now_at: int
    quote: str
    text: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A version that was returned, and the step that says why."""

    version: ToolkitVersion
    act: SignOffAct


def draft_of(session: Session, of: ToolkitVersion) -> Draft | None:
    """The draft that a version is mended in: the one it was submitted from, else one that was begun
    as it and is still to become the next one. None: there is none that isn't given up."""
    made, begun = Draft.version_id == of.id, Draft.based_on == of.id
    drafts = session.scalars(
        select(Draft)
        .where(Draft.closed_at.is_(None), or_(made, begun & Draft.version_id.is_(None)))
        .order_by(Draft.version_id.is_(None), Draft.changed_at.desc(), Draft.id.desc())
        .limit(_MOST_LOOKED_AT)
    )
    return next((one for one in drafts if one.version_id or _is_next(session, one, of)), None)


def of_draft(session: Session, draft: Draft) -> Returned | None:
    """The return that a draft is to answer; None once its version, or a newer one, is submitted."""
    number = draft.version_id or draft.based_on
    signed = standing(session, number) if number else None
    if number is None or signed is None or signed.state != SignOffState.RETURNED:
        return None
    of = version(session, number)
    newest = latest(session, session.get_one(Toolkit, of.toolkit_id), of.language)
    if newest is None or newest.id != of.id:
        return None
    if draft.version_id is None and not _is_next(session, draft, of):
        return None
    return _last(session, of)


def answered_by(session: Session, of: ToolkitVersion) -> Returned | None:
    """The last return, of it or of an earlier version, that one which waits for a decision answers.

    None where nothing waits, and for what was returned before the last approval.
    """
    signed = standing(session, of.id)
    if signed is None or signed.state != SignOffState.SUBMITTED:
        return None
    approved = approved_before(session, of)
    row = session.execute(
        select(ToolkitVersion, SignOffAct)
        .join(SignOffAct, SignOffAct.version_id == ToolkitVersion.id)
        .where(
            ToolkitVersion.toolkit_id == of.toolkit_id,
            ToolkitVersion.language == of.language,
            ToolkitVersion.number <= of.number,
            ToolkitVersion.number > (approved.number if approved else 0),
            SignOffAct.act == SignOffState.RETURNED,
        )
        .order_by(SignOffAct.id.desc())
        .limit(1)
    ).first()
    return Returned(*row) if row else None


def asked(returned: Returned, text: str) -> tuple[Asked, ...]:
    """The comments of a return, with where their lines are in a text that was changed since."""
    before, after = returned.version.text.split("\n"), text.split("\n")
    return tuple(_asked(returned.act, before, after))


def _asked(act: SignOffAct, before: list[str], after: list[str]) -> Iterator[Asked]:
    for one in act.comments:
        line = int(one["line"])
        quote = before[line - 1] if line <= len(before) else ""
        yield Asked(line, _now_at(line, quote, after), quote.strip(), str(one["text"]))


def _now_at(line: int, quote: str, after: list[str]) -> int:
    """The same words elsewhere where there is one such line; else the number that was said."""
    stays = line <= len(after) and after[line - 1] == quote
    if not stays and after.count(quote) == 1:
        return after.index(quote) + 1
    return min(line, len(after))


def _last(session: Session, of: ToolkitVersion) -> Returned | None:
    act = session.scalar(
        select(SignOffAct)
        .where(SignOffAct.version_id == of.id, SignOffAct.act == SignOffState.RETURNED)
        .order_by(SignOffAct.id.desc())
        .limit(1)
    )
    return Returned(of, act) if act else None


def _is_next(session: Session, draft: Draft, of: ToolkitVersion) -> bool:
    """Whether a draft that began as a version is still of the same toolkit and language."""
    meta = toolkits.parse(draft.text).meta
    name = session.get_one(Toolkit, of.toolkit_id).name
    return (meta.toolkit, meta.language) == (name, of.language)

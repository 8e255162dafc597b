"""Make a bulletin, change it, stop it and let it go on."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import toolkits
from cascade.audience import addresses, segments
from cascade.audience.normalise import Flaw
from cascade.bulletins import issues, schedules, subscribers
from cascade.bulletins.records import Bulletin
from cascade.bulletins.schedules import Schedule
from cascade.cleaning import one_line
from cascade.errors import BadInput, NotFound, Overtaken
from cascade.library.records import BULLETIN, Toolkit
from cascade.paging import Page
from toolkits.languages import is_known, is_tag

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_NAME = 28
_LONGEST = {"title": 200, "sender_name": 80}
_MOST_HOURS = 14 * 24
_TAKEN = frozenset({"new", "dates", "subscribe", "library"})
"""Words that mean something else in the addresses of pages."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants a bulletin to be."""

    name: str
    """Its short name, which never changes: toolkits and addresses hold it."""
    title: str
    segments: Sequence[str]
    schedule: Schedule
    languages: Sequence[str] = ("en",)
    sender_name: str = ""
    reply_to: str = ""
    headings: bool = True
    contents: bool = True
    cut_off_hours: int = 24


def add(session: Session, wanted: Wanted, *, by: str, now: datetime) -> Bulletin:
    """A new bulletin, whose first issue the clock opens; raises BadInput."""
    values = _checked(session, wanted, is_new=True)
    toolkit = Toolkit(
        name=wanted.name,
        title=values["title"],
        language=values["languages"][0],
        created_at=now,
        kind=BULLETIN,
    )
    try:
        with session.begin_nested():
            session.add(toolkit)
    except IntegrityError:
        raise BadInput("It was not kept.", [_taken(wanted.name)]) from None
    made = Bulletin(
        toolkit_id=toolkit.id,
        name=wanted.name,
        created_at=now,
        changed_at=now,
        changed_by=by,
        opens_at=now,
        **values,
    )
    session.add(made)
    session.flush()
    subscribers.prepare(session, made)
    return made


def change(
    session: Session, bulletin: Bulletin, wanted: Wanted, *, seen: int, by: str, now: datetime
) -> Bulletin:
    """Let it be this from the next submission on; raises BadInput, and Overtaken.

    Who changes it has put together the issue that is under way, too: it has the title from it.
    """
    values = _checked(session, wanted, is_new=False)
    _next_revision(session, bulletin, seen, by, now)
    for name, value in values.items():
        setattr(bulletin, name, value)
    toolkit = session.get_one(Toolkit, bulletin.toolkit_id)
    toolkit.title, toolkit.language = bulletin.title, bulletin.languages[0]
    subscribers.rename(session, bulletin)
    issue = issues.under_way(session, bulletin)
    if issue is not None and issue.state in issues.EDITED:
        issue.editors = sorted({*issue.editors, by})
    elif issue is None and bulletin.stopped_at is None:
        # Its schedule may have run out before; now it may have a date again.
        issues.over(bulletin, now)
    session.flush()
    return bulletin


def set_stopped(
    session: Session, bulletin: Bulletin, *, stopped: bool, by: str, now: datetime
) -> None:
    """Open no further issue by itself, or go on with the next date."""
    _next_revision(session, bulletin, bulletin.revision, by, now)
    bulletin.stopped_at = now if stopped else None
    if not stopped:
        bulletin.opens_at = now
    session.flush()


def find(session: Session, name: str) -> Bulletin:
    """The bulletin of a name; raises NotFound."""
    found = session.scalar(select(Bulletin).where(Bulletin.name == name))
    if found is None:
        raise NotFound(
            f"There is no bulletin called “{name}”. `cascade bulletin list` shows which there are."
        )
    return found


def listing(session: Session, *, page: int = 1, size: int = 50) -> Page[Bulletin]:
    """All bulletins by title, one page."""
    total = session.scalar(select(func.count()).select_from(Bulletin)) or 0
    rows = session.scalars(
        select(Bulletin).order_by(Bulletin.title, Bulletin.id).limit(size).offset((page - 1) * size)
    )
    return Page(tuple(rows), page, size, total)


def audited(bulletin: Bulletin) -> dict[str, object]:
    """What the audit trail says of it."""
    return {
        "title": bulletin.title,
        "segments": list(bulletin.segments),
        "languages": list(bulletin.languages),
        "sender": bulletin.sender_name,
        "reply to": bulletin.reply_to,
        "schedule": schedules.said(schedules.read(bulletin.schedule)),
        "headings": bulletin.headings,
        "contents": bulletin.contents,
        "cut-off hours": bulletin.cut_off_hours,
        "stopped": bulletin.stopped_at is not None,
    }


def _next_revision(session: Session, bulletin: Bulletin, seen: int, by: str, now: datetime) -> None:
    moved = session.execute(
        update(Bulletin)
        .where(Bulletin.id == bulletin.id, Bulletin.revision == seen)
        .values(revision=seen + 1, changed_at=now, changed_by=by)
        .returning(Bulletin.id)
    ).all()
    if not moved:
        raise Overtaken(f"{bulletin.changed_by} changed this bulletin meanwhile. Look at it again.")
    session.refresh(bulletin)


def _checked(session: Session, wanted: Wanted, *, is_new: bool) -> dict[str, Any]:
    problems = _name_problems(session, wanted.name) if is_new else []
    title, sender = one_line(wanted.title), one_line(wanted.sender_name)
    problems += _word_problems(title, sender)
    known = segments.known(session)
    if not wanted.segments or not set(wanted.segments) <= set(known):
        problems.append("segments: choose at least one segment that there is")
    if not 0 <= wanted.cut_off_hours <= _MOST_HOURS:
        problems.append(f"cut_off_hours: enter hours from 0 to {_MOST_HOURS}")
    try:
        schedules.checked(wanted.schedule)
    except BadInput as error:
        problems += error.problems
    found = {
        "title": title,
        "sender_name": sender,
        "segments": [one for one in known if one in wanted.segments],
        "reply_to": _reply_to(wanted.reply_to, problems),
        "languages": _languages(wanted.languages, problems),
        "schedule": schedules.kept(wanted.schedule),
        "headings": wanted.headings,
        "contents": wanted.contents,
        "cut_off_hours": wanted.cut_off_hours,
    }
    if problems:
        raise BadInput("Some of it can't be used.", problems)
    return found


def _word_problems(title: str, sender: str) -> Iterator[str]:
    if not title:
        yield "title: enter a title"
    if "{{" in title:
        yield "title: leave out slots: the title is the same for everybody"
    for field, text in (("title", title), ("sender_name", sender)):
        if len(text) > _LONGEST[field]:
            yield f"{field}: use {_LONGEST[field]} characters at most"


def _name_problems(session: Session, name: str) -> list[str]:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        words = f"use small letters, digits and hyphens, {_LONGEST_NAME} at most"
        return [f"name: {words}, such as weekly-round-up"]
    there = select(Toolkit.id).where(Toolkit.name == name)
    segment = f"{subscribers.PREFIX}{name}"
    if name in _TAKEN or session.scalar(there) or segment in segments.known(session):
        return [_taken(name)]
    return []


def _taken(name: str) -> str:
    return f"name: something is called “{name}” already: choose another name"


def _reply_to(text: str, problems: list[str]) -> str:
    if not text.strip():
        return ""
    try:
        return addresses.email(text)
    except Flaw as flaw:
        problems.append(f"reply_to: {flaw}")
        return ""


def _languages(tags: Sequence[str], problems: list[str]) -> list[str]:
    found = list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
    strange = [tag for tag in found if not is_tag(tag) or not is_known(tag)]
    if not found or len(found) > 12:
        problems.append("languages: name from 1 to 12 languages, by their tags, such as en, ur")
    elif strange:
        problems.append(f"languages: “{strange[0][:20]}” is no tag of a language, such as en or ur")
    return found


def issue_title(bulletin: Bulletin, day: datetime) -> str:
    """What an issue is called, as a line without Markdown."""
    return toolkits.plain(f"{bulletin.title}: {day:%-d %B %Y}")

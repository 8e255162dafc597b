"""“We used it”: a report is checked and kept, and never changed; it may be withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import update
from sqlalchemy.orm import Session

from cascade.audience import addresses as emails
from cascade.audience.normalise import Flaw
from cascade.cleaning import cut, several_lines
from cascade.errors import BadInput, NotFound, Refused
from cascade.library.pictures import Found, examine
from cascade.reposts import addresses, checking, groups
from cascade.reposts.records import Repost, RepostPicture, Taker
from cascade.reposts.words import WAYS
from cascade.sending.deadlines import LONDON

LARGEST_PICTURE = 5_000_000
"""Bytes of the file that is sent."""
LONGEST_WORDS = 2_000
LONGEST_WHY = 500
_MOST_PEOPLE = 100_000_000

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Given:
    """A report as it was typed."""

    group: str
    email: str
    way: str
    used_on: str
    """ISO 8601, as a browser's field for dates gives it."""
    people: str
    link: str
    words: str
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report that can be kept."""

    group: str
    email: str
    way: str
    used_on: date
    people: int | None
    link: str
    words: str
    picture: Found | None


def checked(given: Given, since: datetime, now: datetime, *, loopback: bool = False) -> Report:
    """What can be kept of it, of a toolkit that is there `since`; raises BadInput with a line for
    each problem."""
    problems: list[str] = []

    def read(field: str, reading: Callable[[], _Read], otherwise: _Read) -> _Read:
        try:
            return reading()
        except (ValueError, addresses.Refused) as error:
            problems.append(f"{field}: {error}")
            return otherwise

    report = Report(
        group=read("group", lambda: _group(given.group), ""),
        email=read("email", lambda: _email(given.email), ""),
        way=read("way", lambda: _way(given.way), ""),
        used_on=read("used_on", lambda: _day(given.used_on, since, now), date.min),
        people=read("people", lambda: _people(given.people), None),
        link=read("link", lambda: _link(given, loopback), ""),
        words=read("words", lambda: _words(given.words), ""),
        picture=read("picture", lambda: _picture(given.picture), None),
    )
    if problems:
        raise BadInput("The report has problems.", problems)
    return report


def keep(
    session: Session,
    toolkit_id: int,
    report: Report,
    *,
    now: datetime,
    taker: int | None = None,
    by: str = "",
) -> Repost:
    """Keep a report, and have its link looked at; `by`: who of the cell wrote it down."""
    known = groups.organisation(session, report.group, report.email)
    key = groups.key_of(report.group, known)
    repost = Repost(
        toolkit_id=toolkit_id,
        taker_id=taker,
        organisation_id=known.id if known else None,
        kind=known.kind if known else "",
        group_name=report.group,
        group_key=key,
        email=report.email,
        way=report.way,
        used_on=report.used_on,
        people=report.people,
        link=report.link,
        words=report.words,
        reported_at=now,
        reported_by=by,
        grade=checking.graded(key),
    )
    session.add(repost)
    session.flush()
    if report.picture is not None:
        session.add(_kept(repost.id, report.picture))
    checking.ask(session, repost, by="", now=now)
    if taker is not None:
        # Who has told us is not asked.
        session.execute(update(Taker).where(Taker.id == taker).values(follow_up_at=None))
    return repost


def get(session: Session, number: int) -> Repost:
    """A report; raises NotFound."""
    found = session.get(Repost, number)
    if found is None:
        raise NotFound("There is no such repost.")
    return found


def withdraw(session: Session, repost: Repost, why: str, *, by: str, now: datetime) -> None:
    """It doesn't count any more, for a reason. Raises BadInput without one, Refused twice."""
    if not (said := cut(why, LONGEST_WHY)):
        raise BadInput("Say why.", ["why: Enter why it does not count any more"])
    if repost.withdrawn_at is not None:
        raise Refused("It was withdrawn already.")
    repost.withdrawn_at, repost.withdrawn_by, repost.withdrawn_why = now, by, said


def _kept(repost: int, picture: Found) -> RepostPicture:
    assert picture.width, "a PDF is refused"
    assert picture.height, "a PDF is refused"
    return RepostPicture(
        repost_id=repost,
        media_type=picture.media_type,
        content=picture.content,
        width=picture.width,
        height=picture.height,
    )


def _group(text: str) -> str:
    name = cut(text, 200)
    if name and not groups.is_name(name):
        raise ValueError("Enter the name in letters, or leave this empty")
    return name


def _email(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return emails.email(text.strip())
    except Flaw:
        raise ValueError("Enter an email address such as name@example.org") from None


def _way(text: str) -> str:
    if text not in WAYS:
        raise ValueError("Choose where you used it")
    return text


def _day(text: str, since: datetime, now: datetime) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError("Enter the day, such as 2026-11-21") from None
    if day > now.astimezone(LONDON).date():
        raise ValueError("Enter a day that is not in the future")
    if day < since.astimezone(LONDON).date():
        raise ValueError("Enter a day since this toolkit was published")
    return day


def _people(text: str) -> int | None:
    digits = "".join(text.replace(",", "").split())
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 9):
        raise ValueError("Enter the number of people in digits, such as 120")
    if not 1 <= int(digits) <= _MOST_PEOPLE:
        raise ValueError("Enter a number of people from 1 to 100,000,000")
    return int(digits)


def _link(given: Given, loopback: bool) -> str:
    """An address that may be looked at; a web page needs one."""
    link = given.link.strip()
    if not link and given.way == "link":
        raise ValueError("Enter the address of the web page")
    if not link:
        return ""
    try:
        # What people copy from a browser's line has no https:// sometimes.
        link = link if "://" in link else f"https://{link}"
        addresses.target(link, loopback=loopback)
    except addresses.Refused as refused:
        raise ValueError(f"We cannot look at this: {refused}") from None
    return link


def _words(text: str) -> str:
    said = several_lines(text)
    if len(said) > LONGEST_WORDS:
        raise ValueError("Shorten this to 2,000 letters")
    return said


def _picture(content: bytes | None) -> Found | None:
    if not content:
        return None
    if len(content) > LARGEST_PICTURE:
        raise ValueError("The picture must be 5 MB or smaller")
    found = examine(content)  # Broken is a ValueError with words for people
    if found is None or not found.width:
        raise ValueError("The file must be a picture (PNG, JPEG, GIF or WebP)")
    return found

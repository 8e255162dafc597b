"""A small county with a fortnightly bulletin, for tests of bulletins."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cascade.bulletins import collecting, issues, making, submitting
from cascade.bulletins.making import Wanted
from cascade.bulletins.records import Bulletin, Issue
from cascade.bulletins.schedules import Schedule
from cascade.bulletins.submitting import House
from cascade.library.publish import publish
from cascade.library.records import ToolkitVersion
from cascade.sending.planned import Planned
from cascade.sending.records import Delivery, Variant

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUSE = House(sign_off=False, home="https://cascade.example.org")
FORTNIGHTLY = Schedule("fortnightly", time(10), start=date(2026, 12, 1))


def bulletin(
    session: Session,
    name: str = "round-up",
    segments: Sequence[str] = ("care-homes", "gp-practices"),
    *,
    schedule: Schedule = FORTNIGHTLY,
    now: datetime = MONDAY,
    languages: Sequence[str] = ("en",),
) -> Bulletin:
    """A bulletin, none of whose issues is open."""
    wanted = Wanted(
        name, f"The {name}", segments, schedule, languages=languages, sender_name="Round-up"
    )
    return making.add(session, wanted, by="Ann", now=now)


def text(
    name: str,
    *,
    bulletins: str = "round-up",
    body: str = "Text for everybody.",
    **more: str,
) -> str:
    """A toolkit for a bulletin."""
    front = {"title": name.replace("-", " ").title(), "toolkit": name, "bulletins": bulletins}
    front |= {"summary": f"Summary of {name}.", **more}
    lines = "\n".join(f"{key}: {value}" for key, value in front.items())
    return f"---\n{lines}\n---\n{body}\n"


def toolkit(session: Session, name: str, *, now: datetime = MONDAY, **more: str) -> ToolkitVersion:
    """A published toolkit for a bulletin."""
    return publish(session, text(name, **more), by="Ann", now=now)


def opened(session: Session, of: Bulletin, *, now: datetime = MONDAY) -> Issue:
    """The next issue, with what is due for it."""
    issue = issues.open_next(session, of, by="Ann", now=now)
    collecting.collect(session, of, issue, now=now, sign_off=False)
    return issue


def submitted(session: Session, of: Bulletin, *, now: datetime = MONDAY) -> Issue:
    """The same, submitted where nobody has to approve it."""
    issue = opened(session, of, now=now)
    submitting.submit(
        session, of, issue, seen=issue.revision, by="Ann", person=None, house=HOUSE, now=now
    )
    return issue


def released(session: Session, of: Bulletin, *, now: datetime = MONDAY) -> tuple[Issue, Planned]:
    """The same, on its way."""
    issue = submitted(session, of, now=now)
    planned = submitting.send(session, of, issue, by="Ann", person=None, house=HOUSE, now=now)
    return issue, planned


def items(session: Session, issue: Issue) -> list[str]:
    """What is to be in an issue, in its order."""
    return [one.item for one, _ in issues.entries(session, issue) if not one.held]


def omitted(session: Session, cascade: int | None) -> dict[tuple[str, str], int]:
    """How many get which variant: by its segments and what it is without."""
    rows = session.execute(
        select(Variant.segments, Variant.omits, func.count())
        .join(Delivery, Delivery.variant_id == Variant.id)
        .where(Variant.cascade_id == cascade)
        .group_by(Variant.segments, Variant.omits)
    )
    return {(segments, omits): count for segments, omits, count in rows}

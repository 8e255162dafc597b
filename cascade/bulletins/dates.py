"""The next dates of a bulletin as a calendar (RFC 5545) that people may subscribe to."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from cascade.bulletins import issues, schedules
from cascade.bulletins.public_issues import Place
from cascade.bulletins.records import Bulletin
from cascade.sending.deadlines import LONDON

MOST = 10
_AROUND = timedelta(days=366)
"""Around the dates, for which the calendar says when clocks change."""


class Next(NamedTuple):
    """An issue to come, by the number that it will have."""

    number: int
    at: datetime


def upcoming(session: Session, bulletin: Bulletin, now: datetime, most: int = MOST) -> list[Next]:
    """The next issues: the one under way, and those that follow from the schedule."""
    last = issues.last_of(session, bulletin)
    found = [Next(last.number, last.send_at)] if last and last.state in issues.UNDER_WAY else []
    if bulletin.stopped_at is None:
        begin = issues.after(session, bulletin, now)
        dates = schedules.upcoming(schedules.read(bulletin.schedule), begin, most)
        found += [Next(n, at) for n, at in enumerate(dates, last.number + 1 if last else 1)]
    return [one for one in found if one.at > now][:most]


def calendar(bulletin: Bulletin, coming: list[Next], place: Place) -> bytes:
    """The calendar. An issue that is moved is the same event with a higher SEQUENCE.

    Our time zone stands in it in any case: RFC 5545 knows no calendar without any component.
    """
    from icalendar import Calendar, Event, Timezone  # late: only this needs them

    days = [one.at.date() for one in coming] or [bulletin.changed_at.date()]

    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", "-//Cascade//Bulletins//EN")
    made.add("x-wr-calname", bulletin.title)
    zone = Timezone.from_tzid(
        LONDON.key, first_date=days[0] - _AROUND, last_date=days[-1] + _AROUND
    )
    made.add_component(zone)
    for one in coming:
        event = Event()
        event.add("uid", f"{bulletin.name}-{one.number}@{place.identity.domain}")
        event.add("dtstamp", bulletin.changed_at.astimezone(UTC))
        event.add("dtstart", one.at.astimezone(LONDON))
        event.add("sequence", bulletin.revision)
        event.add("summary", f"{bulletin.title}, issue {one.number}")
        event.add("transp", "TRANSPARENT")
        event.add("url", place.bulletin(bulletin.name))
        made.add_component(event)
    written: bytes = made.to_ical()
    return written

"""Bulletins of the county, with issues of 20 items."""

from datetime import datetime, time

from sqlalchemy.orm import Session

from bench.stage import toolkit_text
from cascade.audience.segments import FIRST
from cascade.bulletins import collecting, issues, making, submitting
from cascade.bulletins.making import Wanted
from cascade.bulletins.schedules import Schedule
from cascade.bulletins.submitting import House
from cascade.library.publish import publish

ITEMS = 20
READY = "ready"
"""The bulletin whose issue waits for its time."""


def put(session: Session, now: datetime) -> None:
    """An issue that is put together, and one that waits for its time."""
    who = "bench@example.org"
    for number in range(1, ITEMS + 1):
        publish(session, toolkit_text(f"item-{number}"), by=who, now=now)
    for called in ("round-up", READY):
        wanted = Wanted(called, called.capitalize(), FIRST, Schedule("weekly", time(10)))
        of = making.add(session, wanted, by=who, now=now)
        issue = issues.open_next(session, of, by=who, now=now)
        for number in range(1, ITEMS + 1):
            collecting.take_in(session, of, issue, f"item-{number}", sign_off=False)
    house = House(sign_off=False, home="http://localhost")
    seen = issue.revision
    submitting.submit(session, of, issue, seen=seen, by=who, person=None, house=house, now=now)

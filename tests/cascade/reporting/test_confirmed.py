"""Confirmations over time: each in its step, exact, in few steps."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from cascade.database import Database
from cascade.evidence.confirm import Answer, confirm
from cascade.evidence.records import ConfirmedMinute
from cascade.evidence.tally import minute_of
from cascade.reporting.confirmed import STEPS, Progress, progress
from cascade.reporting.funnel import funnel
from cascade.sending.records import OrganisationCounter
from cascade.web.plot import HEIGHT, WIDTH, plot
from tests.cascade.planted import Planted, on_sqlite, plant

MINUTES = [0, 1, 7, 7, 250, 600]


@pytest.fixture
def planted(database: Database, now: datetime) -> Planted:
    """Eight organisations, a deadline after four hours, six answers."""
    with database.writing() as session:
        planted = plant(session, now, ["care-homes"] * 8)
        for delivery, minutes in zip(planted.deliveries, MINUTES, strict=False):
            at = now + timedelta(minutes=minutes)
            confirm(session, delivery, Answer("received", "Jo", "nurse"), now=at)
        return planted


def drawn(database: Database, planted: Planted, now: datetime) -> Progress:
    with database.reading() as session:
        return progress(session, funnel(session, planted.cascade), now)


def test_each_confirmation_stands_in_its_step(
    database: Database, planted: Planted, now: datetime
) -> None:
    found = drawn(database, planted, now + timedelta(days=1))

    assert [(one.begins - now, one.new) for one in found.steps if one.new] == [
        (timedelta(0), 2),
        (timedelta(minutes=5), 2),
        (timedelta(minutes=250), 1),
    ]
    assert (found.steps[-1].confirmed, found.later, found.confirmed) == (5, 1, 6)
    assert (found.organisations, found.in_time) == (8, 4)
    assert found.ends == now + timedelta(hours=5)


@on_sqlite
def test_only_time_that_has_passed_is_drawn(
    database: Database, planted: Planted, now: datetime
) -> None:
    found = drawn(database, planted, now + timedelta(minutes=7))

    assert len(found.steps) == 2
    assert found.in_time is None
    assert drawn(database, planted, now - timedelta(hours=1)).steps == ()


@on_sqlite
@pytest.mark.parametrize("hours", [0.01, 1, 4, 24, 100, 24 * 365, 24 * 4000])
def test_there_are_never_more_than_sixty_steps(
    database: Database, now: datetime, hours: float
) -> None:
    with database.writing() as session:
        planted = plant(session, now, ["care-homes"], deadline=timedelta(hours=hours))

    found = drawn(database, planted, now + timedelta(days=10_000))

    assert 0 < len(found.steps) <= STEPS
    assert found.ends >= now + timedelta(hours=hours)


def test_without_a_deadline_a_week_is_drawn_at_most(database: Database, now: datetime) -> None:
    with database.writing() as session:
        planted = plant(session, now, ["care-homes"], deadline=None)
        confirm(session, planted.deliveries[0], Answer("received", "Jo", "nurse"), now=now)

    found = drawn(database, planted, now + timedelta(days=40))

    assert found.ends == now + timedelta(days=7)
    assert found.steps[0].new == 1
    assert plot(found).deadline is None


def test_steps_are_of_whole_minutes_so_that_what_is_counted_by_the_minute_is_exact(
    database: Database, now: datetime
) -> None:
    begins = now.replace(second=0, microsecond=0)
    sent = begins + timedelta(seconds=40)
    with database.writing() as session:
        planted = plant(session, sent, ["care-homes"] * 4, deadline=timedelta(minutes=40))
        for delivery, seconds in zip(planted.deliveries, (-30, 45, 59, 61), strict=True):
            at = begins + timedelta(seconds=seconds)
            confirm(session, delivery, Answer("received", "Jo", "nurse"), now=at)

    found = drawn(database, planted, sent + timedelta(minutes=5))

    assert found.begins == begins
    assert [one.new for one in found.steps if one.new] == [3, 1]
    assert found.steps[0].ends == begins + timedelta(minutes=1)


def test_of_a_whole_county_no_more_is_read_than_the_minutes_of_the_picture(
    database: Database, now: datetime
) -> None:
    with database.writing() as session:
        planted = plant(session, now, ["care-homes"], deadline=timedelta(hours=4))
        session.execute(
            insert(ConfirmedMinute),
            [
                {"cascade_id": planted.cascade, "minute": minute_of(now) + one, "confirmed": 1_000}
                for one in range(1_000)
            ],
        )
        session.execute(update(OrganisationCounter).values(confirmed=1_000_000))

    found = drawn(database, planted, now + timedelta(days=1))

    assert [one.confirmed for one in found.steps] == [5_000 * one for one in range(1, 61)]
    assert (found.later, found.confirmed, found.in_time) == (700_000, 1_000_000, 240_000)


@on_sqlite
def test_the_picture_goes_up_from_the_corner_and_stays_in_its_box(
    database: Database, planted: Planted, now: datetime
) -> None:
    picture = plot(drawn(database, planted, now + timedelta(days=1)))

    assert picture.line.startswith(f"M0 {HEIGHT} L10 150 L20 100 ")
    assert picture.line.endswith(f"L{WIDTH} 75")
    assert picture.deadline == 480

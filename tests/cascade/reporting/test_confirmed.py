"""Confirmations over time: each in its step, few steps, and honest about what was not looked at."""

from datetime import datetime, timedelta

import pytest

from cascade.database import Database
from cascade.evidence.confirm import Answer, confirm
from cascade.reporting import confirmed as module
from cascade.reporting.confirmed import STEPS, Progress, progress
from cascade.reporting.funnel import funnel
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
    assert (found.organisations, found.in_time, found.is_cut) == (8, 4, False)
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


def test_of_many_the_first_are_looked_at_and_the_rest_is_said(
    database: Database, planted: Planted, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    found = drawn(database, planted, now + timedelta(days=1))

    assert found.is_cut
    assert (len(found.steps), found.steps[-1].confirmed) == (1, 2)
    assert (found.later, found.confirmed, found.in_time) == (4, 6, None)
    assert plot(found).line == f"M0 {HEIGHT} L10 150 L{WIDTH} 50"


@on_sqlite
def test_the_picture_goes_up_from_the_corner_and_stays_in_its_box(
    database: Database, planted: Planted, now: datetime
) -> None:
    picture = plot(drawn(database, planted, now + timedelta(days=1)))

    assert picture.line.startswith(f"M0 {HEIGHT} L10 150 L20 100 ")
    assert picture.line.endswith(f"L{WIDTH} 75")
    assert picture.deadline == 480

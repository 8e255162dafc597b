"""The funnel: its sums, its denominators, and what it costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from cascade.database import Database
from cascade.errors import NotFound
from cascade.evidence.confirm import Answer, confirm
from cascade.reporting.cascades import listing
from cascade.reporting.funnel import funnel, status
from cascade.sending.records import Cascade
from cascade.sending.states import DeliveryState, Grade
from cascade.sending.transitions import change
from tests.cascade.planted import Planted, on_sqlite, plant, plant_segments

RECEIVED = Answer("received", "Pat Lee", "manager")
BOTH = "care-homes,pharmacies"


@pytest.fixture
def planted(database: Database, now: datetime) -> Planted:
    """Three care homes, two pharmacies, and one organisation that is both."""
    with database.writing() as session:
        plant_segments(session)
        return plant(session, now, ["care-homes"] * 3 + ["pharmacies"] * 2 + [BOTH])


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """The queries that run inside the block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    yield seen
    event.remove(session.get_bind(), "before_cursor_execute", note)


def test_a_segment_counts_everybody_in_it_and_the_total_counts_each_once(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        confirm(session, planted.deliveries[5], RECEIVED, now=now)
    with database.reading() as session:
        found = funnel(session, planted.cascade)
    rows = [found.total, *found.segments]
    assert [(row.name, row.title) for row in rows] == [
        ("all", "All together"),
        ("care-homes", "Care homes"),
        ("pharmacies", "Pharmacies"),
    ]
    assert [(row.confirmed, row.organisations, row.outstanding) for row in rows] == [
        (1, 6, 5),
        (1, 4, 3),
        (1, 3, 2),
    ]
    assert [row.recipients for row in rows] == [6, 4, 3]
    assert [(row.grades["A"], row.grades["E"]) for row in rows] == [(1, 5), (1, 3), (1, 2)]


@on_sqlite
def test_states_are_summed_into_what_was_taken_what_was_lost_and_what_waits(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        change(session, planted.deliveries[0], now=now, event="x", state=DeliveryState.BOUNCED)
        change(
            session,
            planted.deliveries[1],
            now=now,
            event="x",
            state=DeliveryState.DELIVERED,
            grade=Grade.D,
        )
        plant(
            session,
            now,
            ["care-homes"],
            state=DeliveryState.PLANNED,
            grade=Grade.F,
            prefix="other-",
        )
    with database.reading() as session:
        first, second = funnel(session, planted.cascade).total, funnel(session, 2).total
    assert (first.accepted_or_better, first.lost, first.waiting) == (5, 1, 0)
    assert (second.accepted_or_better, second.lost, second.waiting) == (0, 0, 1)


@on_sqlite
def test_every_state_and_grade_has_a_number_even_where_it_is_nought(
    database: Database, planted: Planted
) -> None:
    with database.reading() as session:
        total = funnel(session, planted.cascade).total
    assert set(total.states) == set(DeliveryState)
    assert list(total.grades) == list("ABCDEF")


@on_sqlite
def test_a_segment_that_nobody_is_in_has_a_row_of_noughts(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        session.get_one(Cascade, planted.cascade).segments = ["gp-practices", "gone"]
    with database.reading() as session:
        rows = funnel(session, planted.cascade).segments
    assert [(row.title, row.organisations, row.recipients) for row in rows] == [
        ("GP practices", 0, 0),
        ("gone", 0, 0),
    ]


@on_sqlite
def test_the_funnel_costs_the_same_for_two_hundred_as_for_two_and_never_reads_a_message(
    database: Database, now: datetime
) -> None:
    counts = []
    for number, size in enumerate((2, 200)):
        with database.writing() as session:
            planted = plant(session, now, ["care-homes"] * size, prefix=f"{number}-")
        with database.reading() as session, statements(session) as seen:
            funnel(session, planted.cascade)
        counts.append(len(seen))
        assert not [one for one in seen if "deliveries" in one.partition("FROM")[2]]
        assert not [one for one in seen if "cascade_organisations" in one]
    assert counts == [4, 4]


@on_sqlite
def test_the_status_of_a_cascade_has_the_documented_shape(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        for minute, delivery in enumerate(planted.deliveries[:3], start=1):
            confirm(session, delivery, RECEIVED, now=now + timedelta(minutes=minute))
    with database.reading() as session:
        given = status(funnel(session, planted.cascade))
    assert given["state"] == "sending"
    assert given["organisations"] == 6
    assert given["deliveries"]["accepted"] == 6
    assert given["confirmed"] == {"organisations": 3, "contacts": 3}
    assert given["grades"] == {"A": 3, "B": 0, "C": 0, "D": 0, "E": 3, "F": 0}
    assert given["segments"]["pharmacies"]["confirmed"] == {"organisations": 0, "contacts": 0}
    assert given["segments"]["care-homes"].keys() <= given.keys()
    assert (given["seconds_to_50"], given["seconds_to_90"]) == (180.0, None)


@on_sqlite
def test_an_unknown_cascade_is_not_found(database: Database) -> None:
    with database.reading() as session, pytest.raises(NotFound, match="There is no cascade 7"):
        funnel(session, 7)


def test_cascades_are_listed_newest_first_a_page_at_a_time(
    database: Database, now: datetime
) -> None:
    with database.writing() as session:
        for number in range(5):
            planted = plant(
                session, now, ["care-homes"] * 2, prefix=f"{number}-", exercise=number == 4
            )
        confirm(session, planted.deliveries[0], RECEIVED, now=now)
    with database.reading() as session:
        first, last = listing(session, page=1, size=2), listing(session, page=3, size=2)
    assert [line.id for line in first.lines] == [5, 4]
    assert [line.id for line in last.lines] == [1]
    assert (first.total, first.pages, first.has_next, last.has_next) == (5, 3, True, False)
    newest = first.lines[0]
    assert (newest.confirmed, newest.organisations) == (1, 2)
    assert (newest.accepted, newest.recipients, newest.exercise) == (2, 2, True)


@on_sqlite
def test_a_list_without_cascades_is_one_empty_page(database: Database) -> None:
    with database.reading() as session:
        page = listing(session)
    assert (page.lines, page.total, page.pages, page.has_next) == ((), 0, 1, False)

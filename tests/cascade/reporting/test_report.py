"""The report, the spreadsheet's cells, and the recount."""

import csv
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from cascade.database import Database
from cascade.evidence.confirm import Answer, confirm
from cascade.evidence.records import ConfirmedMinute
from cascade.evidence.tally import minute_of
from cascade.reporting.recount import recount, repair
from cascade.reporting.report import HEADER, as_csv, as_mapping, report
from cascade.reporting.spreadsheet import lines, neutral
from cascade.sending.records import Counter, OrganisationCounter
from tests.cascade.planted import Planted, on_sqlite, plant, plant_segments


@pytest.fixture
def planted(database: Database, now: datetime) -> Planted:
    with database.writing() as session:
        plant_segments(session)
        return plant(session, now, ["care-homes"] * 3 + ["pharmacies"], exercise=True)


def test_every_figure_names_its_denominator_and_its_grade(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        passed_on = Answer("passed-on", "Pat", "manager", 12)
        confirm(session, planted.deliveries[0], passed_on, now=now)
        confirm(session, planted.deliveries[1], Answer("not-for-us", "Sam", "owner"), now=now)
    with database.reading() as session:
        made = report(session, planted.cascade, now=now)
    found = {(one.segment, one.figure): (one.value, one.of, one.grade) for one in made.figures}
    assert found["all", "confirmed"] == (2, 4, "A, B")
    assert found["care-homes", "confirmed"] == (2, 3, "A, B")
    assert found["all", "not-for-us"] == (1, 2, "A, B")
    assert found["all", "outstanding"] == (2, 4, "F")
    assert found["all", "accepted"] == (4, 4, "E")
    assert found["all", "planned"] == (0, 4, "own record")
    assert found["all", "best evidence A"] == (2, 4, "A")
    assert found["care-homes", "staff"] == (12, 1, "A, B")
    assert found["pharmacies", "staff"] == (0, 0, "A, B")
    assert all(one.grade and one.of_what and one.meaning for one in made.figures)


@on_sqlite
def test_staff_told_are_counted_from_the_last_answer_only(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        for headcount in (12, 30):
            passed_on = Answer("passed-on", "Pat", "manager", headcount)
            confirm(session, planted.deliveries[0], passed_on, now=now)
    with database.reading() as session:
        made = report(session, planted.cascade, now=now)
    assert [one.value for one in made.figures if one.figure == "staff"] == [30, 30, 0]


@on_sqlite
def test_each_line_of_the_csv_can_stand_alone(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.reading() as session:
        made = report(session, planted.cascade, now=now)
    rows = list(csv.DictReader(as_csv(made)))
    assert tuple(rows[0]) == HEADER
    assert {row["exercise"] for row in rows} == {"EXERCISE"}
    assert len(rows) == len(made.figures)
    confirmed = next(row for row in rows if row["figure"] == "confirmed")
    assert (confirmed["value"], confirmed["of"], confirmed["denominator"]) == (
        *("0", "4"),
        "organisations",
    )


@on_sqlite
def test_the_json_holds_the_status_the_figures_and_what_the_grades_mean(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.reading() as session:
        given = as_mapping(report(session, planted.cascade, now=now))
    assert (given["cascade"], given["exercise"], given["made_at"]) == (planted.cascade, True, now)
    assert given["grade_meanings"]["A"] == "a named person confirmed"
    assert given["figures"]


@given(text=st.text())
def test_no_cell_begins_like_a_formula_and_none_loses_a_letter(text: str) -> None:
    cell = neutral(text)
    assert isinstance(cell, str)
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell in (text, f"'{text}")


@given(rows=st.lists(st.tuples(st.text("a=\"',\n é"), st.integers())))
def test_cells_come_back_as_they_were_written(rows: list[tuple[str, int]]) -> None:
    written = "".join(lines(("text", "number"), rows))
    read = list(csv.reader(written.splitlines(keepends=True)))
    assert read[1:] == [[str(neutral(text)), str(number)] for text, number in rows]


def test_counters_that_are_right_differ_in_nothing(database: Database, planted: Planted) -> None:
    with database.reading() as session:
        assert recount(session) == []


def test_counters_that_are_wrong_missing_or_too_many_are_found_and_put_right(
    database: Database, planted: Planted
) -> None:
    with database.writing() as session:
        session.execute(update(Counter).where(Counter.variant_id == 1).values(deliveries=99))
        session.execute(delete(Counter).where(Counter.variant_id == 2))
        session.execute(
            insert(Counter).values(variant_id=2, state="bounced", grade="F", deliveries=5)
        )
        session.execute(update(OrganisationCounter).values(confirmed=7))
        session.execute(
            delete(OrganisationCounter).where(OrganisationCounter.segments == "pharmacies")
        )
    with database.reading() as session:
        found = [(one.key, one.figure, one.recorded, one.counted) for one in recount(session)]
    assert found == [
        ((1, "accepted", "E"), "deliveries", 99, 3),
        ((2, "accepted", "E"), "deliveries", 0, 1),
        ((2, "bounced", "F"), "deliveries", 5, 0),
        ((1, "care-homes"), "confirmed", 7, 0),
        ((1, "pharmacies"), "organisations", 0, 1),
    ]
    with database.writing() as session:
        assert len(repair(session)) == 5
    with database.reading() as session:
        assert recount(session) == []


def test_the_minutes_of_confirmations_are_recounted_too(
    database: Database, planted: Planted, now: datetime
) -> None:
    minute = minute_of(now)
    with database.writing() as session:
        for delivery in planted.deliveries[:3]:
            confirm(session, delivery, Answer("received", "Jo", "nurse"), now=now)
    with database.writing() as session:
        assert recount(session) == []
        session.execute(update(ConfirmedMinute).values(confirmed=1))
        session.execute(
            insert(ConfirmedMinute).values(cascade_id=1, minute=minute + 1, confirmed=5)
        )
    with database.writing() as session:
        found = [(one.table, one.key, one.recorded, one.counted) for one in repair(session)]
    assert found == [
        ("confirmed_minutes", (1, minute), 1, 3),
        ("confirmed_minutes", (1, minute + 1), 5, 0),
    ]
    with database.writing() as session:
        session.execute(delete(ConfirmedMinute))
        assert len(repair(session)) == 1
    with database.reading() as session:
        assert recount(session) == []


@on_sqlite
def test_a_difference_reads_as_a_sentence(database: Database, planted: Planted) -> None:
    with database.writing() as session:
        session.execute(update(Counter).where(Counter.variant_id == 1).values(deliveries=99))
        words = [str(one) for one in recount(session)]
    assert words == ["counters (1, accepted, E): deliveries is 99, counted 3"]

"""The table of recipients: what is found, in which order, and how much was looked at for it."""

import csv
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from cascade.audience.records import Organisation
from cascade.audience.search_words import learn_everything
from cascade.database import Database
from cascade.evidence.confirm import Answer, confirm
from cascade.reporting import recipients as module
from cascade.reporting import selection, windows
from cascade.reporting.recipients import Recipient, Recipients, recipients
from cascade.reporting.recipients_csv import HEADER, as_csv
from cascade.reporting.selection import Wanted
from cascade.reporting.windows import Place
from cascade.sending.records import Delivery
from cascade.sending.states import DeliveryState, Grade
from cascade.sending.transitions import change
from tests.cascade.planted import Planted, on_sqlite, plant, plant_segments

SEGMENTS = ["care-homes", "gp-practices", "care-homes", "care-homes,pharmacies", "care-homes"]


@pytest.fixture
def planted(database: Database, now: datetime) -> Planted:
    """Five messages; the third bounced, the fifth's person answered twice."""
    with database.writing() as session:
        plant_segments(session)
        planted = plant(session, now, SEGMENTS)
        bounced = DeliveryState.BOUNCED
        later = now + timedelta(minutes=5)
        change(session, planted.deliveries[2], now=later, event="bounced", state=bounced)
        for answer in ("received", "call-me"):
            confirm(session, planted.deliveries[4], Answer(answer, "Jo", "nurse"), now=later)
        name(session, planted.deliveries[0], organisation="Élan House", contact='Zoë O"Hara')
        name(session, planted.deliveries[1], organisation="beech house", place="Zedham")
        return planted


def name(session: Session, delivery: int, **slots: str) -> None:
    session.execute(update(Delivery).where(Delivery.id == delivery).values(slots=slots))


def found(database: Database, planted: Planted, **wanted: str) -> Recipients:
    with database.reading() as session:
        return recipients(session, planted.cascade, Wanted(**wanted))


def which(planted: Planted, lines: Iterable[Recipient]) -> list[int]:
    """Which of the planted ones these are."""
    return [planted.deliveries.index(one.delivery_id) for one in lines]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, [0, 1, 2, 3, 4]),
        ({"segment": "pharmacies"}, [3]),
        ({"segment": "care-homes"}, [0, 2, 3, 4]),
        ({"state": "bounced"}, [2]),
        ({"state": "failed"}, []),
        ({"grade": "A"}, [4]),
        ({"grade": "E", "segment": "gp-practices"}, [1]),
        ({"state": "accepted", "grade": "A"}, [4]),
        ({"place": "zed"}, [1]),
        ({"search": "BEECH"}, [1]),
        ({"search": 'o"hara'}, [0]),
        ({"search": "pat3@"}, [3]),
        ({"search": "organisation"}, []),
        ({"search": "100%"}, []),
        ({"search": "pat4@example.org"}, [4]),
        ({"search": "PAT4@example.org", "grade": "B"}, []),
        ({"search": "4"}, [4]),
    ],
)
def test_a_filter_finds_what_it_says(
    database: Database, planted: Planted, wanted: dict[str, str], expected: list[int]
) -> None:
    shown = found(database, planted, **wanted)

    assert which(planted, shown.page.lines) == expected
    assert shown.page.total == len(expected)
    assert shown.is_whole
    assert shown.further is None
    if not {"search", "place"} & set(wanted):
        assert shown.total == len(expected)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("organisation", [1, 2, 3, 4]),
        ("state", [0, 1, 3, 4, 2]),
        ("change", [2, 4, 3, 1, 0]),
    ],
)
def test_a_list_is_sorted(
    database: Database, planted: Planted, now: datetime, sort: str, expected: list[int]
) -> None:
    with database.writing() as session:
        for number, delivery in enumerate(planted.deliveries):
            if number != 2:
                at = now + timedelta(seconds=number)
                session.execute(
                    update(Delivery).where(Delivery.id == delivery).values(changed_at=at)
                )
    shown = which(planted, found(database, planted, sort=sort).page.lines)

    # Where É stands is the database's own affair.
    assert [one for one in shown if one in expected] == expected


@on_sqlite
def test_a_line_says_everything_about_a_message(
    database: Database, planted: Planted, now: datetime
) -> None:
    line = found(database, planted, grade="A").page.lines[0]

    assert (line.organisation, line.address) == ("House 4", "pat4@example.org")
    assert (line.segments, line.state_words) == (("care-homes",), "accepted by their server")
    assert (line.grade, line.answer, line.changed_at) == ("A", "call-me", now)


@on_sqlite
def test_an_organisation_is_found_by_its_whole_code(database: Database, planted: Planted) -> None:
    with database.writing() as session:
        session.get_one(Organisation, planted.organisations[1]).key = "V1X2"

    assert which(planted, found(database, planted, search="v1x2").page.lines) == [1]


@on_sqlite
def test_another_cascade_is_not_in_it(database: Database, planted: Planted, now: datetime) -> None:
    with database.writing() as session:
        other = plant(session, now, ["care-homes"], prefix="other")

    assert len(found(database, planted).page.lines) == 5
    assert len(found(database, other, search="pat").page.lines) == 1
    assert found(database, other, search="pat4@example.org").page.total == 0


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages look at two messages."""
    for place in (windows, selection, module):
        monkeypatch.setattr(place, "MOST", 2)


@pytest.mark.usefixtures("narrow")
def test_an_organisation_is_found_by_its_words_among_more_than_a_page_looks_at(
    database: Database, planted: Planted
) -> None:
    with database.writing() as session:
        learn_everything(session)

    shown = found(database, planted, search="4 house")

    assert which(planted, shown.page.lines) == [4]
    assert shown.is_whole


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("wanted", [Wanted(), Wanted(search="example.org"), Wanted(sort="change")])
def test_windows_together_show_every_message_once(
    database: Database, planted: Planted, wanted: Wanted
) -> None:
    seen: list[Recipient] = []
    start: Place | None = Place()
    with database.reading() as session:
        while start is not None:
            shown = recipients(session, planted.cascade, wanted, start=start)
            assert shown.looked <= 2
            assert not shown.is_whole
            seen += shown.page.lines
            start = shown.further

    assert sorted(which(planted, seen)) == [0, 1, 2, 3, 4]


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("state", [DeliveryState.PLANNED, DeliveryState.CLAIMED])
def test_of_many_that_wait_the_first_are_shown(
    database: Database, now: datetime, state: DeliveryState
) -> None:
    with database.writing() as session:
        plant_segments(session)
        planted = plant(session, now, ["care-homes"] * 3, state=state, grade=Grade.F)
        if state is DeliveryState.CLAIMED:
            claim = selection.Claim(cascade_id=planted.cascade, holder="x", until=now)
            session.add(claim)
            session.flush()
            session.execute(update(Delivery).values(claim_id=claim.id))

    shown = found(database, planted, state=state)

    assert (len(shown.page.lines), shown.total, shown.looked, shown.of) == (2, 3, 2, 3)


@on_sqlite
def test_a_page_holds_fifty_and_says_how_many_there_are(database: Database, now: datetime) -> None:
    with database.writing() as session:
        planted = plant(session, now, ["care-homes"] * 51)
    with database.reading() as session:
        last = recipients(session, planted.cascade, Wanted(), page=2)
        beyond = recipients(session, planted.cascade, Wanted(), page=9)

    assert which(planted, last.page.lines) == [50]
    assert (last.page.total, last.page.pages) == (51, 2)
    assert beyond.page.lines == ()


def test_totals_come_from_the_counters(database: Database, planted: Planted) -> None:
    said: list[str] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: said.append(statement),
    )
    found(database, planted)

    read = [one for one in said if re.search(r"FROM deliveries", one)]
    assert len(read) == 2
    assert not any("count(" in one for one in read)


def test_the_table_for_a_spreadsheet_holds_all_and_no_formula(
    database: Database, planted: Planted
) -> None:
    with database.writing() as session:
        name(session, planted.deliveries[3], organisation="=1+1")
    with database.reading() as session:
        every = list(csv.DictReader(as_csv(session, planted.cascade, Wanted())))
        bounced = list(csv.DictReader(as_csv(session, planted.cascade, Wanted(state="bounced"))))

    assert tuple(every[0]) == HEADER
    assert sorted(int(one["message"]) for one in every) == sorted(planted.deliveries)
    assert "'=1+1" in [one["organisation"] for one in every]
    assert [int(one["message"]) for one in bounced] == [planted.deliveries[2]]

"""The outstanding list: who is on it, in which order, and whom to phone there."""

import csv
from datetime import datetime, timedelta

import pytest

from cascade.audience.records import Contact, Organisation
from cascade.database import Database
from cascade.errors import NotFound
from cascade.evidence.confirm import Answer, confirm
from cascade.reporting import outstanding as module
from cascade.reporting.call_list import HEADER, as_csv
from cascade.reporting.outstanding import Outstanding, outstanding
from cascade.reporting.phones import dialled
from cascade.sending.states import DeliveryState
from cascade.sending.transitions import change
from tests.cascade.planted import Planted, on_sqlite, plant, serve


@pytest.fixture
def planted(database: Database, now: datetime) -> Planted:
    with database.writing() as session:
        return plant(session, now, ["pharmacies", "care-homes", "care-homes", "care-homes"])


def listed(database: Database, planted: Planted, now: datetime) -> list[Outstanding]:
    with database.reading() as session:
        return list(outstanding(session, planted.cascade, now=now))


def test_who_has_not_confirmed_is_listed_and_who_asked_for_a_call_comes_first(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        confirm(session, planted.deliveries[1], Answer("received", "Pat", "nurse"), now=now)
        wanted = Answer("call-me", "Sam", "nurse in charge", None, "The boiler is broken")
        confirm(session, planted.deliveries[3], wanted, now=now)
    found = listed(database, planted, now)
    assert [one.name for one in found] == ["House 3", "House 2", "House 0"]
    assert [one.call_me for one in found] == [True, False, False]
    assert [one.segments for one in found] == [("care-homes",), ("care-homes",), ("pharmacies",)]
    assert found[0].call is not None
    assert (found[0].call.name, found[0].call.comment) == ("Sam", "The boiler is broken")
    assert found[1].call is None


def test_each_person_comes_with_a_number_an_address_and_what_became_of_the_message(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        change(
            session,
            planted.deliveries[0],
            now=now,
            event="bounced",
            detail="550 5.1.1 no such user",
            state=DeliveryState.BOUNCED,
        )
    person = listed(database, planted, now)[-1].people[0]
    assert (person.name, person.role, person.phone) == ("Pat 0", "manager", "020 7946 0018")
    assert (person.email, person.state, person.grade) == ("pat0@example.org", "bounced", "F")
    assert (person.last_event, person.last_event_at) == ("bounced", now)
    assert person.last_detail == "550 5.1.1 no such user"


@on_sqlite
def test_deputies_and_others_without_a_message_can_be_phoned_too(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        for key, deputy, closed in (("d", 1, None), ("gone", 0, now)):
            session.add(
                Contact(
                    organisation_id=planted.organisations[0],
                    key=key,
                    name=key,
                    phone="+442079460019",
                    deputy=deputy,
                    closed_at=closed,
                    updated_at=now,
                )
            )
    people = listed(database, planted, now)[-1].people
    assert [(one.name, one.deputy, one.delivery_id is None) for one in people] == [
        ("Pat 0", 0, False),
        ("d", 1, True),
    ]


@on_sqlite
def test_one_message_for_several_organisations_shows_at_each_its_own_contact(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        serve(session, planted.deliveries[1], planted.organisations[2])
        session.add(
            Contact(
                organisation_id=planted.organisations[2],
                key="same",
                name="Pat at the other house",
                email="Pat1@example.org",
                updated_at=now,
            )
        )
    people = {one.name: one.people for one in listed(database, planted, now)}["House 2"]
    assert [one.name for one in people] == ["Pat at the other house", "Pat 2"]
    assert people[0].delivery_id == planted.deliveries[1]


@on_sqlite
@pytest.mark.parametrize(
    ("deadline", "after", "passed"),
    [(4, 3, False), (4, 5, True), (None, 5, None)],
)
def test_the_list_says_whether_the_deadline_has_passed(
    database: Database, now: datetime, deadline: int | None, after: int, passed: bool | None
) -> None:
    with database.writing() as session:
        span = timedelta(hours=deadline) if deadline else None
        planted = plant(session, now, ["care-homes"], deadline=span)
    found = listed(database, planted, now + timedelta(hours=after))
    assert [one.deadline_passed for one in found] == [passed]


def test_reading_it_in_parts_changes_nothing(
    database: Database, planted: Planted, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = listed(database, planted, now)
    monkeypatch.setattr(module, "AT_ONCE", 3)
    assert listed(database, planted, now) == whole
    assert len(whole) == 4


@on_sqlite
def test_an_unknown_cascade_is_refused_before_the_first_line(
    database: Database, now: datetime
) -> None:
    with database.reading() as session, pytest.raises(NotFound):
        outstanding(session, 7, now=now)


@on_sqlite
def test_the_csv_has_a_line_for_each_person_and_no_formula(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        evil = session.get_one(Organisation, planted.organisations[0])
        evil.name = '=HYPERLINK("http://example.org","x")'
        wanted = Answer("call-me", "+Sam", "@nurse", None, "-1+1")
        confirm(session, planted.deliveries[0], wanted, now=now)
    lines = list(csv.DictReader(as_csv(listed(database, planted, now))))
    assert len(lines) == 4
    assert tuple(lines[0]) == HEADER
    assert lines[0]["organisation"] == '\'=HYPERLINK("http://example.org","x")'
    assert (lines[0]["asked_by"], lines[0]["comment"]) == ("'+Sam, @nurse", "'-1+1")
    assert (lines[0]["phone"], lines[0]["call_first"]) == ("020 7946 0018", "yes")


@on_sqlite
def test_an_organisation_where_nobody_is_known_has_a_line_of_its_own(
    database: Database, planted: Planted, now: datetime
) -> None:
    found = listed(database, planted, now)[0]
    lines = list(
        csv.DictReader(
            as_csv(
                [
                    Outstanding(
                        *(found.organisation_id, "Nobody's", "", "", "", ("care-homes",)),
                        *(False, None, None, ()),
                    )
                ]
            )
        )
    )
    assert [(line["organisation"], line["message"]) for line in lines] == [
        ("Nobody's", "nobody is known there")
    ]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+442079460018", "020 7946 0018"),
        ("+442079460018;ext=12", "020 7946 0018 x12"),
        ("+33123456789", "+33 1 23 45 67 89"),
        ("as given", "as given"),
        (None, ""),
    ],
)
def test_numbers_are_written_as_they_are_dialled(number: str | None, words: str) -> None:
    assert dialled(number) == words

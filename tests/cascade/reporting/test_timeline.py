"""The story of one message, in order and in plain words."""

from datetime import datetime, timedelta

import pytest

from cascade.database import Database
from cascade.errors import NotFound
from cascade.evidence.confirm import Answer, confirm
from cascade.reporting.timeline import CASCADE_WORDS, Story, story
from cascade.sending import control
from cascade.sending.states import CascadeAct, DeliveryState, Grade
from cascade.sending.transitions import change
from tests.cascade.planted import Planted, on_sqlite, plant, serve


@pytest.fixture
def planted(database: Database, now: datetime) -> Planted:
    with database.writing() as session:
        return plant(session, now, ["care-homes"] * 3, state=DeliveryState.CLAIMED, grade=Grade.F)


def told(database: Database, planted: Planted, which: int = 0) -> Story:
    with database.reading() as session:
        return story(session, planted.cascade, planted.deliveries[which])


def test_a_story_tells_everything_in_order(
    database: Database, planted: Planted, now: datetime
) -> None:
    first = planted.deliveries[0]

    def at(minutes: int) -> datetime:
        return now + timedelta(minutes=minutes)

    with database.writing() as session:
        deferred, claimed = DeliveryState.DEFERRED, DeliveryState.CLAIMED
        words = "452 4.2.2 Mailbox full"
        change(session, first, now=at(1), event="deferred", detail=words, state=deferred)
        control.pause(session, planted.cascade, by="Lee", now=at(2))
        control.resume(session, planted.cascade, by="Lee", now=at(3))
        change(session, first, now=at(4), event="x", state=claimed)
        accepted = DeliveryState.ACCEPTED
        change(session, first, now=at(5), event="accepted", state=accepted, grade=Grade.E)
        given = Answer("passed-on", "Jo", "Nurse", 12, "Thank you")
        confirm(session, first, given, now=at(6), via="phone")

    found = told(database, planted)

    assert [one.title for one in found.moments] == [
        "Planned",
        "Their server refused it for now; it is tried again",
        "The whole cascade was paused",
        "The whole cascade was resumed",
        "x",
        "Their server accepted it",
        "Jo, Nurse, by phone: I have passed it on to staff (to 12 staff)",
    ]
    assert [one.at for one in found.moments] == [now, *(at(number) for number in range(1, 7))]
    refused = found.moments[1]
    assert refused.reason is not None
    assert (refused.reason.words, refused.detail) == ("The mailbox is full", words)
    assert (found.moments[-1].detail, found.moments[-1].tone) == ("Thank you", "answer")
    assert (found.recipient.grade, found.recipient.answer) == ("B", "passed-on")
    assert not found.is_cut


@on_sqlite
def test_the_other_people_of_the_organisation_are_told_of(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        serve(session, planted.deliveries[1], planted.organisations[0])
        confirm(session, planted.deliveries[1], Answer("acting", "Sam", "Chef"), now=now)

    found = told(database, planted)

    assert [(one.address, one.answer) for one in found.others] == [("pat1@example.org", "acting")]
    assert [one.name for one in found.organisations] == ["House 0"]
    assert [one.name for one in told(database, planted, 1).organisations] == ["House 0", "House 1"]
    assert told(database, planted, 2).others == ()


@on_sqlite
def test_a_message_that_waits_says_when_it_goes_out(database: Database, now: datetime) -> None:
    with database.writing() as session:
        planted = plant(session, now, ["care-homes"], state=DeliveryState.PLANNED, grade=Grade.F)

    assert told(database, planted).due_at == now


@on_sqlite
def test_a_message_of_another_cascade_is_not_found(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        other = plant(session, now, ["care-homes"], prefix="other")
    with database.reading() as session, pytest.raises(NotFound):
        story(session, other.cascade, planted.deliveries[0])


@on_sqlite
def test_a_story_without_end_is_cut(database: Database, planted: Planted, now: datetime) -> None:
    with database.writing() as session:
        for _ in range(201):
            change(session, planted.deliveries[0], now=now, event="auto-replied")

    assert told(database, planted).is_cut


def test_everything_that_is_done_to_a_cascade_has_words() -> None:
    assert set(CASCADE_WORDS) == set(CascadeAct)


def test_a_story_names_the_second_person(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        act = CascadeAct.COUNTERSIGNED
        control.log(session, planted.cascade, act, by="gus@example.org", now=now)

    moments = [(one.title, one.detail) for one in told(database, planted).moments]
    assert ("A second person countersigned the cascade", "By gus@example.org") in moments

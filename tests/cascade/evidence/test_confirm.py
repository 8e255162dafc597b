"""Confirming: what is refused, what is kept, what is counted, and that nothing is counted twice."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cascade.database import Database
from cascade.errors import BadInput, NotFound
from cascade.evidence.confirm import ANSWERS, Answer, answers, confirm
from cascade.evidence.records import Confirmation
from cascade.reporting.recount import recount
from cascade.sending.records import (
    Cascade,
    CascadeOrganisation,
    Delivery,
    Event,
    OrganisationCounter,
)
from tests.cascade.planted import Planted, on_sqlite, plant, serve

RECEIVED = Answer("received", "Pat Lee", "manager")


@pytest.fixture
def planted(database: Database, now: datetime) -> Planted:
    with database.writing() as session:
        return plant(session, now, ["care-homes"] * 9 + ["pharmacies"])


def organisation(database: Database, planted: Planted, number: int) -> CascadeOrganisation:
    with database.reading() as session:
        key = (planted.cascade, planted.organisations[number])
        return session.get_one(CascadeOrganisation, key)


def answer(database: Database, delivery: int, given: Answer, at: datetime) -> None:
    with database.writing() as session:
        confirm(session, delivery, given, now=at)


@pytest.mark.parametrize("word", ANSWERS)
@on_sqlite
def test_each_of_the_answers_confirms_that_a_named_person_has_read_it(
    database: Database, planted: Planted, now: datetime, word: str
) -> None:
    answer(database, planted.deliveries[0], Answer(word, "Pat Lee", "manager"), now)
    with database.reading() as session:
        assert session.get_one(Delivery, planted.deliveries[0]).grade == "A"
        assert recount(session) == []
    row = organisation(database, planted, 0)
    assert (row.confirmed_at, row.answer) == (now, word)


@on_sqlite
def test_the_event_says_who_answered_what(
    database: Database, planted: Planted, now: datetime
) -> None:
    answer(database, planted.deliveries[0], RECEIVED, now)
    with database.reading() as session:
        event = session.scalars(select(Event)).one()
    assert (event.kind, event.detail) == ("confirmed", "received: Pat Lee, manager")


@on_sqlite
def test_all_answers_are_kept_and_the_last_one_counts(
    database: Database, planted: Planted, now: datetime
) -> None:
    later = now + timedelta(minutes=5)
    answer(database, planted.deliveries[0], RECEIVED, now)
    answer(
        database, planted.deliveries[0], Answer("passed-on", "Jo", "nurse", 12, "All told"), later
    )
    with database.reading() as session:
        kept = answers(session, planted.deliveries[0])
        counted = session.scalars(select(OrganisationCounter.confirmed)).all()
    assert [(one.answer, one.name, one.headcount) for one in kept] == [
        ("passed-on", "Jo", 12),
        ("received", "Pat Lee", None),
    ]
    assert sorted(counted) == [0, 1]
    row = organisation(database, planted, 0)
    assert (row.confirmed_at, row.answer) == (now, "passed-on")


@on_sqlite
def test_an_operator_who_was_told_by_phone_is_weaker_evidence_than_a_person_who_answered(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        confirm(session, planted.deliveries[0], RECEIVED, now=now, via="phone")
        assert session.get_one(Delivery, planted.deliveries[0]).grade == "B"


@on_sqlite
def test_one_mailbox_confirms_for_every_organisation_that_it_serves(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        serve(session, planted.deliveries[0], planted.organisations[9])
        confirm(session, planted.deliveries[0], RECEIVED, now=now)
        assert recount(session) == []
    assert organisation(database, planted, 0).confirmed_at == now
    assert organisation(database, planted, 9).confirmed_at == now
    assert organisation(database, planted, 1).confirmed_at is None


@on_sqlite
def test_a_second_contact_of_a_confirmed_organisation_is_not_counted_again(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        serve(session, planted.deliveries[1], planted.organisations[0])
        confirm(session, planted.deliveries[0], RECEIVED, now=now)
        confirm(session, planted.deliveries[1], RECEIVED, now=now + timedelta(minutes=1))
        assert recount(session) == []
    assert organisation(database, planted, 0).confirmed_at == now


def test_a_request_for_a_call_stands_when_a_colleague_answers_otherwise(
    database: Database, planted: Planted, now: datetime
) -> None:
    with database.writing() as session:
        serve(session, planted.deliveries[1], planted.organisations[0])
        confirm(session, planted.deliveries[0], Answer("call-me", "Pat", "nurse"), now=now)
        confirm(session, planted.deliveries[1], RECEIVED, now=now)
    assert organisation(database, planted, 0).answer == "call-me"


@on_sqlite
def test_a_request_for_a_call_ends_when_who_made_it_answers_anew(
    database: Database, planted: Planted, now: datetime
) -> None:
    answer(database, planted.deliveries[0], Answer("call-me", "Pat", "nurse"), now)
    answer(database, planted.deliveries[0], Answer("acting", "Pat", "nurse"), now)
    assert organisation(database, planted, 0).answer == "acting"


@on_sqlite
def test_the_moments_when_half_and_most_had_confirmed_are_noted_once(
    database: Database, planted: Planted, now: datetime
) -> None:
    noted = []
    for number, delivery in enumerate(planted.deliveries, start=1):
        answer(database, delivery, RECEIVED, now + timedelta(minutes=number))
        with database.reading() as session:
            cascade = session.get_one(Cascade, planted.cascade)
            noted.append((cascade.half_confirmed_at, cascade.most_confirmed_at))
    half, most = now + timedelta(minutes=5), now + timedelta(minutes=9)
    assert noted == [(None, None)] * 4 + [(half, None)] * 4 + [(half, most)] * 2


def test_confirmations_at_the_same_time_are_all_counted_and_none_misses_the_half(
    database: Database, now: datetime
) -> None:
    with database.writing() as session:
        planted = plant(session, now, ["care-homes", "pharmacies"] * 10)
    ready = threading.Barrier(10)
    failures: list[Exception] = []

    def press(delivery: int) -> None:
        ready.wait()
        try:
            answer(database, delivery, RECEIVED, now)
        except Exception as error:
            failures.append(error)

    threads = [
        threading.Thread(target=press, args=[delivery]) for delivery in planted.deliveries[:10]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading() as session:
        cascade = session.get_one(Cascade, planted.cascade)
        assert (cascade.half_confirmed_at, cascade.most_confirmed_at) == (now, None)
        assert recount(session) == []
        assert sum(session.scalars(select(OrganisationCounter.confirmed))) == 10


def test_the_half_is_noted_when_its_two_last_confirmations_do_not_see_each_other(
    database: Database, now: datetime
) -> None:
    with database.writing() as session:
        planted = plant(session, now, ["care-homes", "pharmacies"] * 2)
    other = threading.Thread(target=answer, args=[database, planted.deliveries[1], RECEIVED, now])
    with database.writing() as session:
        confirm(session, planted.deliveries[0], RECEIVED, now=now)
        other.start()
        other.join(0.5)
    other.join()
    with database.reading() as session:
        assert session.get_one(Cascade, planted.cascade).half_confirmed_at == now


def test_two_people_who_answer_one_message_at_the_same_time_count_once(
    database: Database, planted: Planted, now: datetime
) -> None:
    threads = [
        threading.Thread(target=answer, args=[database, planted.deliveries[0], RECEIVED, now])
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert len(answers(session, planted.deliveries[0])) == 6
        assert sum(session.scalars(select(OrganisationCounter.confirmed))) == 1
        assert recount(session) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Answer("", "Pat", "nurse"), "answer"),
        (Answer("yes", "Pat", "nurse"), "answer"),
        (Answer("received", " ", "nurse"), "name"),
        (Answer("received", "Pat", "\x00"), "role"),
        (Answer("received", "P" * 201, "nurse"), "name"),
        (Answer("received", "Pat", "n" * 121), "role"),
        (Answer("received", "Pat", "nurse", None, "c" * 2001), "comment"),
        (Answer("passed-on", "Pat", "nurse", -1), "headcount"),
        (Answer("passed-on", "Pat", "nurse", 10**20), "headcount"),
        (Answer("received", "Pat", "nurse", 3), "headcount"),
    ],
)
def test_an_incomplete_answer_is_refused_by_field_and_leaves_nothing(
    sqlite_database: Database, now: datetime, given: Answer, field: str
) -> None:
    with sqlite_database.writing() as session:
        planted = plant(session, now, ["care-homes"])
    with pytest.raises(BadInput) as refusal, sqlite_database.writing() as session:
        confirm(session, planted.deliveries[0], given, now=now)
    assert [line.partition(":")[0] for line in refusal.value.problems] == [field]
    with sqlite_database.reading() as session:
        assert session.scalars(select(Confirmation)).all() == []
        assert session.scalars(select(Event)).all() == []


def test_every_problem_of_an_answer_is_named_at_once(
    sqlite_database: Database, now: datetime
) -> None:
    with pytest.raises(BadInput) as refusal, sqlite_database.writing() as session:
        confirm(session, 1, Answer("", "", ""), now=now)
    assert [line.partition(":")[0] for line in refusal.value.problems] == ["answer", "name", "role"]


def test_control_characters_and_stray_spaces_do_not_reach_the_database(
    database: Database, planted: Planted, now: datetime
) -> None:
    given = Answer("received", " Pat\r\n\x00 \ud800Lee ", "\u202emanager", None, " one\r\ntwo\x07 ")
    answer(database, planted.deliveries[0], given, now)
    with database.reading() as session:
        kept = answers(session, planted.deliveries[0])[0]
    assert (kept.name, kept.role, kept.comment) == ("Pat ?Lee", "manager", "one\ntwo")


@on_sqlite
def test_an_answer_to_no_message_says_so(database: Database, now: datetime) -> None:
    with pytest.raises(NotFound), database.writing() as session:
        confirm(session, 999, RECEIVED, now=now)

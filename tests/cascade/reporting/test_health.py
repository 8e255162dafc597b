"""Each part says what is right or wrong, why and what to do; unknown is unknown."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from cascade.database import Database
from cascade.evidence.inbound import receive
from cascade.letters.writing import write
from cascade.links import Links
from cascade.reporting.health import Outside, Part, Standing, health, summary
from cascade.sending import beats, circuit
from cascade.sending.moments import moment
from cascade.sending.records import Cascade
from cascade.sending.states import CascadeState
from tests.cascade.web.scene import build

ALONE = Outside("SQLite", is_current=True, has_doorbell=False)
APART = Outside("PostgreSQL", is_current=True, has_doorbell=True)
MINUTE = timedelta(minutes=1)
INBOUND = "Inbound mail"


def write_in(database: Database, do: Callable[[Session], object]) -> None:
    with database.writing() as session:
        do(session)


def parts(database: Database, now: datetime, outside: Outside = ALONE) -> dict[str, Part]:
    with database.reading() as session:
        return {one.name: one for one in health(session, outside, now)}


def come_in(session: Session, now: datetime) -> None:
    """A message that says nothing of any delivery."""
    links = Links("a secret for tests that is long enough to be one", "http://127.0.0.1:8000")
    receive(session, mail_from="", rcpt_to="x@example.org", content=b"x", links=links, now=now)


def at_work(database: Database, now: datetime) -> None:
    write_in(database, lambda session: beats.tick(session, now))
    write_in(database, lambda session: beats.beat(session, "host:1", "sending", now - MINUTE, now))
    write_in(database, lambda session: beats.beat(session, "host:9", "listening", now, now))


def test_an_installation_that_was_never_started_says_so(
    sqlite_database: Database, now: datetime
) -> None:
    found = parts(sqlite_database, now)

    assert found["Clock"].words == "It has never run."
    assert found["Workers"].words == "None has been seen."
    assert found["Clock"].standing is found["Workers"].standing is Standing.WRONG
    assert "cascade serve" in found["Clock"].remedy
    assert "cascade serve" in found["Workers"].remedy
    assert found[INBOUND].standing is Standing.UNKNOWN
    assert summary(tuple(found.values())) == "Not working: Clock, Workers."


def test_everything_is_right_where_everything_was_seen_lately(
    database: Database, now: datetime
) -> None:
    at_work(database, now)

    found = parts(database, now)

    assert {one.standing for one in found.values()} == {Standing.RIGHT}
    assert summary(tuple(found.values())) == "Everything that can be seen is working."


@pytest.mark.parametrize(("ago", "standing"), [(120, Standing.RIGHT), (121, Standing.WRONG)])
def test_a_worker_is_missed_after_two_minutes(
    sqlite_database: Database, now: datetime, ago: int, standing: Standing
) -> None:
    at_work(sqlite_database, now - timedelta(seconds=ago))

    workers = parts(sqlite_database, now)["Workers"]

    assert workers.standing is standing
    assert workers.facts[0][0] == "host:1"


def test_a_worker_that_was_stopped_is_not_missed_beside_another(
    sqlite_database: Database, now: datetime
) -> None:
    at_work(sqlite_database, now)
    write_in(sqlite_database, lambda session: beats.beat(session, "host:2", "sending", now, now))
    write_in(sqlite_database, lambda session: beats.end(session, "host:1"))

    workers = parts(sqlite_database, now)["Workers"]

    assert workers.words == "1 process is at work."
    assert [worker for worker, _ in workers.facts] == ["host:2"]


def test_a_worker_that_ended_without_a_word_is_forgotten_after_a_day(
    sqlite_database: Database, now: datetime
) -> None:
    later = now + timedelta(hours=24, minutes=1)
    at_work(sqlite_database, now)
    write_in(
        sqlite_database, lambda session: beats.beat(session, "host:2", "sending", later, later)
    )

    assert [worker for worker, _ in parts(sqlite_database, later)["Workers"].facts] == ["host:2"]


def test_a_listener_that_ended_without_a_word_is_missed(
    sqlite_database: Database, now: datetime
) -> None:
    at_work(sqlite_database, now - 3 * MINUTE)

    inbound = parts(sqlite_database, now)[INBOUND]

    assert inbound.standing is Standing.WRONG
    assert inbound.facts[0][0] == "host:9"
    assert "cascade inbound-listener" in inbound.remedy


@pytest.mark.parametrize(("hours", "standing"), [(24, Standing.RIGHT), (25, Standing.UNKNOWN)])
def test_without_a_listener_what_came_within_a_day_came_another_way(
    sqlite_database: Database, now: datetime, hours: int, standing: Standing
) -> None:
    at = now - timedelta(hours=hours)
    write_in(sqlite_database, lambda session: come_in(session, at))

    inbound = parts(sqlite_database, now)[INBOUND]

    assert inbound.standing is standing
    assert inbound.facts == (("Last taken", moment(at)),)


def test_the_queue_counts_what_waits_in_each_lane(database: Database, now: datetime) -> None:
    build(database, now)
    at_work(database, now)

    queue = parts(database, now)["Queue"]

    assert queue.standing is Standing.RIGHT
    assert queue.facts[0] == ("Urgent lane", "4 waiting, 0 in the hands of workers")
    assert queue.facts[1] == ("Routine lane", "0 waiting, 0 in the hands of workers")


def test_what_is_due_for_long_is_said_with_its_cause(
    sqlite_database: Database, now: datetime
) -> None:
    build(sqlite_database, now)
    later = now + timedelta(minutes=3)

    alone = parts(sqlite_database, later)["Queue"]
    at_work(sqlite_database, later)
    staffed = parts(sqlite_database, later)["Queue"]

    assert alone.standing is Standing.WRONG
    assert "see Workers" in alone.remedy
    assert staffed.standing is Standing.LOOK
    assert "rate limit" in staffed.remedy
    assert "Saturday 21 November 2026, 9:30am" in staffed.words


def test_a_cascade_that_is_paused_does_not_make_the_queue_late(
    sqlite_database: Database, now: datetime
) -> None:
    scene = build(sqlite_database, now)
    at_work(sqlite_database, now + timedelta(hours=1))
    scene.set_state(CascadeState.HELD)

    queue = parts(sqlite_database, now + timedelta(hours=1))["Queue"]

    assert queue.standing is Standing.RIGHT
    assert ("Cascades that wait for a person", "1") in queue.facts


def test_a_mail_server_that_fails_is_named_with_its_words_and_the_next_try(
    sqlite_database: Database, now: datetime
) -> None:
    write_in(sqlite_database, lambda session: circuit.failed(session, "email", "535 No", now))

    mail = parts(sqlite_database, now)["Mail server: messages of cascades"]
    later = parts(sqlite_database, now + MINUTE)["Mail server: messages of cascades"]

    assert (mail.standing, mail.facts) == (Standing.WRONG, (("It said", "535 No"),))
    assert "once. It is tried again at Saturday 21 November 2026, 9:30am" in mail.words
    assert later.standing is Standing.WRONG
    assert "as soon as something is due" in later.words


def test_a_mail_server_that_works_again_is_right(sqlite_database: Database, now: datetime) -> None:
    write_in(sqlite_database, lambda session: circuit.failed(session, "email", "535 No", now))
    write_in(sqlite_database, lambda session: circuit.worked(session, "email"))

    mail = parts(sqlite_database, now)["Mail server: messages of cascades"]

    assert mail.standing is Standing.RIGHT
    assert "No failure is known" in mail.words


def test_letters_that_wait_are_counted_and_said_when_they_are_late(
    sqlite_database: Database, now: datetime
) -> None:
    letter = {"to": "jo@example.org", "name": "Jo", "subject": "Hello", "text": "Hello"}
    write_in(sqlite_database, lambda session: write(session, **letter, now=now))

    soon = parts(sqlite_database, now)["Letters to users"]
    late = parts(sqlite_database, now + 5 * MINUTE)["Letters to users"]

    assert (soon.standing, soon.facts[0]) == (Standing.RIGHT, ("Waiting", "1"))
    assert late.standing is Standing.LOOK


def test_a_doorbell_is_only_judged_by_an_answer_of_late(
    sqlite_database: Database, now: datetime
) -> None:
    def standing(at: datetime) -> Standing:
        return parts(sqlite_database, at, APART)["Doorbell (Redis)"].standing

    before = standing(now)
    write_in(sqlite_database, lambda session: beats.doorbell(session, "", now))
    answered, old = standing(now), standing(now + 3 * MINUTE)
    write_in(sqlite_database, lambda session: beats.doorbell(session, "refused", now))

    assert before is Standing.UNKNOWN
    assert (answered, old, standing(now)) == (Standing.RIGHT, Standing.UNKNOWN, Standing.WRONG)


def test_a_database_of_another_version_is_said(sqlite_database: Database, now: datetime) -> None:
    found = parts(sqlite_database, now, Outside("SQLite", is_current=False, has_doorbell=False))

    assert found["Database"].standing is Standing.WRONG
    assert "cascade db upgrade" in found["Database"].remedy


def test_the_questions_do_not_grow_and_none_scans_the_deliveries(
    sqlite_database: Database, now: datetime
) -> None:
    build(sqlite_database, now)
    said: list[tuple[str, object]] = []
    event.listen(
        sqlite_database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, values, *rest: said.append((statement, values)),
    )
    parts(sqlite_database, now)
    few = list(said)
    with sqlite_database.writing() as session:
        session.add_all(_copy(session, number) for number in range(20))
    said.clear()
    parts(sqlite_database, now)

    assert len(said) == len(few)
    asked = [one for one in few if "deliveries" in one[0] and "SELECT" in one[0]]
    with sqlite_database.engine.connect() as connection:
        for statement, values in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            assert not [row for row in plan if row[3].startswith("SCAN deliveries")]


def _copy(session: Session, number: int) -> Cascade:
    first = session.get_one(Cascade, 1)
    kept = ("toolkit_id", "version_id", "title", "tier", "lane", "state", "segments")
    more = ("released_by", "released_at", "send_at", "organisations", "recipients", "suppressed")
    return Cascade(**{name: getattr(first, name) for name in (*kept, *more)})

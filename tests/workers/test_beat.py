"""The sign of life of a process at work."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from cascade.database import Database, connect
from cascade.sending.records import ClockBeat, WorkerBeat
from workers.beat import beating
from workers.clock import Clock
from workers.redis_broker import AWAY, ask
from workers.runtime import utc_now


def rows(database: Database) -> Sequence[WorkerBeat]:
    with database.reading() as session:
        return session.scalars(select(WorkerBeat)).all()


def until(done: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_process_is_seen_while_it_runs_and_not_after_it_was_stopped(
    database: Database, now: datetime
) -> None:
    with beating(database, "host:1", "listening", lambda: now):
        until(lambda: rows(database))
        [row] = rows(database)

    assert (row.worker, row.task, row.began_at, row.at) == ("host:1", "listening", now, now)
    assert rows(database) == []


def test_a_database_that_is_away_does_not_stop_the_process(now: datetime) -> None:
    away = connect("postgresql://nobody@127.0.0.1:1/nothing")

    with beating(away, "host:1", "sending", lambda: now):
        pass


def test_a_sign_that_went_wrong_is_told_and_given_again(
    sqlite_database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.beat.EVERY", 0.01)
    asked = []

    def clock() -> datetime:
        asked.append(now)
        if len(asked) == 2:
            raise OverflowError("date value out of range")
        return now

    with capture_logs() as logged, beating(sqlite_database, "host:1", "sending", clock):
        until(lambda: rows(sqlite_database))
    assert [(one["event"], one["exc_info"]) for one in logged] == [("beat_failed", True)]
    assert rows(sqlite_database) == []


def test_the_clock_tells_what_the_doorbell_answers(sqlite_database: Database) -> None:
    asked = []
    clock = Clock(sqlite_database, {}, utc_now, lambda: asked.append("x"))

    clock.tick()
    clock.tick()

    with sqlite_database.reading() as session:
        beat = session.get_one(ClockBeat, "doorbell")
    assert (asked, beat.detail) == (["x"], {"reason": ""})


def test_a_doorbell_that_is_away_is_told_with_its_reason(sqlite_database: Database) -> None:
    clock = Clock(sqlite_database, {}, utc_now, lambda: ask("redis://127.0.0.1:1"), away=AWAY)

    clock.tick()

    with sqlite_database.reading() as session:
        assert "refused" in session.get_one(ClockBeat, "doorbell").detail["reason"]

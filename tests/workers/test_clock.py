"""The clock rings for due work, and goes on when what it needs is away."""

import threading
import time
from datetime import UTC, datetime, timedelta

import redis
from structlog.testing import capture_logs

from cascade.database import Database, connect
from cascade.sending.records import ClockBeat
from cascade.sending.states import Lane, Tier
from tests import world
from workers.clock import PEAL, Clock
from workers.redis_broker import AWAY
from workers.runtime import utc_now


def test_a_due_lane_is_rung_for_every_process_and_again_while_it_stays_due(
    sqlite_database: Database,
) -> None:
    world.planned_cascade(sqlite_database, 2, tier=Tier.ROUTINE)
    rung: list[Lane] = []
    moment = datetime.now(UTC)
    clock = Clock(
        sqlite_database,
        {lane: (lambda lane=lane: rung.append(lane)) for lane in Lane},  # type: ignore[misc]
        lambda: moment,
    )
    clock.tick()
    clock.tick()
    assert rung == [Lane.ROUTINE] * PEAL
    moment += timedelta(seconds=1)
    clock.tick()
    assert rung == [Lane.ROUTINE] * (PEAL + 1)


def test_a_clock_without_a_doorbell_goes_on_sweeping(sqlite_database: Database) -> None:
    world.planned_cascade(sqlite_database, 1)

    def away() -> None:
        raise redis.ConnectionError("refused")

    clock = Clock(sqlite_database, dict.fromkeys(Lane, away), utc_now, away=AWAY)
    stopping = threading.Event()
    ticking = threading.Thread(target=clock.run, args=(stopping,))
    ticking.start()
    time.sleep(0.5)
    started = datetime.now(UTC)
    time.sleep(1.6)
    with sqlite_database.reading() as session:
        assert session.get_one(ClockBeat, "clock").at > started
    stopping.set()
    ticking.join(5)
    assert not ticking.is_alive()


def test_a_clock_waits_for_a_database_that_is_away() -> None:
    nowhere = connect("postgresql://nobody@127.0.0.1:9/nothing")
    clock = Clock(nowhere, {}, utc_now)
    stopping = threading.Event()
    ticking = threading.Thread(target=clock.run, args=(stopping,))
    ticking.start()
    time.sleep(0.5)
    assert ticking.is_alive()
    stopping.set()
    ticking.join(5)
    nowhere.close()


def test_a_clock_goes_on_after_whatever_went_wrong(sqlite_database: Database) -> None:
    world.planned_cascade(sqlite_database, 1)
    rung, stopping = threading.Event(), threading.Event()

    def broken() -> None:
        if not rung.is_set():
            rung.set()
            raise OverflowError("date value out of range")
        stopping.set()

    clock = Clock(sqlite_database, dict.fromkeys(Lane, broken), utc_now)
    ticking = threading.Thread(target=clock.run, args=(stopping,))
    with capture_logs() as logged:
        ticking.start()
        ticking.join(10)
    assert stopping.is_set()
    assert not ticking.is_alive()
    assert [(one["event"], one["exc_info"]) for one in logged] == [("clock_failed", True)]

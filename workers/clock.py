"""The clock: looks for what is due and rings, and puts right what was left behind."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from dramatiq.errors import BrokerError
from sqlalchemy.exc import SQLAlchemyError

from cascade.accounts.forgetting import forget
from cascade.bulletins import subscribers
from cascade.database import Database
from cascade.letters import posting
from cascade.reposts import checking
from cascade.reposts.following_up import AT_ONCE, FollowUp
from cascade.sending import beats, countersigning, sweep
from workers.editions import Editions
from workers.jobs import CHECKS, LETTERS, QUEUES, Bells

TICK = 0.1
"""Seconds between two looks for due work."""
RING_AGAIN = timedelta(milliseconds=500)
"""While a queue stays due it's rung for no more often than that."""
PEAL = 6
"""How often a queue is rung for that has just become due. A process that is at work takes another
ring for nothing, so with one for each of two processes the second begins half a second late."""
SWEEP = timedelta(seconds=1)
FORGET = timedelta(hours=1)
FOLLOW_UP = timedelta(minutes=1)
ASK_DOORBELL = timedelta(seconds=15)

_log = structlog.get_logger()


class Clock:
    """Ticks until it is stopped; any number of them do no harm beside each other."""

    def __init__(
        self,
        database: Database,
        bells: Bells,
        now: Callable[[], datetime],
        ask_doorbell: Callable[[], object] | None = None,
        follow_up: FollowUp | None = None,
        editions: Editions | None = None,
        away: tuple[type[Exception], ...] = (BrokerError,),
        home: str = "",
    ) -> None:
        """`ask_doorbell` raises when the doorbell's server is away; None: there is no server.
        `away`: what it, and the bells, raise then.
        `follow_up` asks takers how it went; None: nobody does. `editions` looks after bulletins.
        `home`: the address of the pages, for letters.
        """
        self._database, self._bells, self._now = database, bells, now
        self._ask_doorbell, self._asked = ask_doorbell, datetime.min.replace(tzinfo=UTC)
        self._rung: dict[str, datetime] = {}
        self._editions, self._away, self._home = editions, away, home
        self._swept: datetime | None = None
        self._forgot: datetime | None = None
        self._follow_up, self._followed_up = follow_up, datetime.min.replace(tzinfo=UTC)

    def run(self, stopping: threading.Event) -> None:
        """Tick until told to stop, whatever goes wrong; what is away is waited for."""
        while not stopping.wait(TICK):
            try:
                self.tick()
            except SQLAlchemyError as error:
                _log.error("clock_without_database", error=_first_line(error))
                stopping.wait(1)
            except self._away as error:
                # Sweeps go on: they come before the bells, and need the database only.
                _log.error("clock_without_doorbell", error=_first_line(error))
                stopping.wait(1)
            except Exception:
                # Nobody is there to start the clock again, and without it nothing goes out at all:
                # what one row or one part brings up must not end everything else.
                _log.exception("clock_failed")
                stopping.wait(1)

    def tick(self) -> None:
        """Ring for what is due; once a second, sweep; once a minute, ask takers; forget hourly."""
        now = self._now()
        if self._swept is None or now - self._swept >= SWEEP:
            self._swept = now
            self._sweep(now)
            self._look_at_doorbell(now)
        if self._forgot is None or now - self._forgot >= FORGET:
            self._forgot = now
            with self._database.writing() as session:
                forget(session, now)
                subscribers.forget(session, now)
        self._ask_takers(now)
        due = self._due(now)
        for queue in QUEUES:
            if queue not in due:
                self._rung.pop(queue, None)
            elif queue not in self._rung:
                self._ring(queue, PEAL, now)
            elif now - self._rung[queue] >= RING_AGAIN:
                self._ring(queue, 1, now)

    def _due(self, now: datetime) -> set[str]:
        with self._database.reading() as session:
            due: set[str] = {*sweep.due_lanes(session, now)}
            if posting.is_due(session, now):
                due.add(LETTERS)
            if checking.is_due(session, now):
                due.add(CHECKS)
        return due

    def _ring(self, queue: str, times: int, now: datetime) -> None:
        for _ in range(times):
            self._bells[queue]()
        self._rung[queue] = now

    def _sweep(self, now: datetime) -> None:
        with self._database.writing() as session:
            countersigning.end_uncountersigned(session, now, self._home)
            sweep.start_scheduled(session, now)
            sweep.return_expired_claims(session, now)
            sweep.finish_sent(session, now)
            beats.tick(session, now)
        while self._settle(now):
            pass
        if self._editions is not None:
            self._editions.tend(now)

    def _ask_takers(self, now: datetime) -> None:
        if self._follow_up is None or now - self._followed_up < FOLLOW_UP:
            return
        self._followed_up, asked = now, AT_ONCE
        while asked == AT_ONCE:
            with self._database.writing() as session:
                asked = self._follow_up(session, now)

    def _look_at_doorbell(self, now: datetime) -> None:
        """Keep whether its server answers, for who wants to know why nothing goes out."""
        if self._ask_doorbell is None or now - self._asked < ASK_DOORBELL:
            return
        self._asked, reason = now, ""
        try:
            self._ask_doorbell()
        except self._away as error:
            reason = _first_line(error)
        with self._database.writing() as session:
            beats.doorbell(session, reason, now)

    def _settle(self, now: datetime) -> bool:
        with self._database.writing() as session:
            return sweep.settle_ended(session, now)


def _first_line(error: Exception) -> str:
    return f"{error}".partition("\n")[0]

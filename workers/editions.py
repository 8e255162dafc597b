"""Bulletins: what the clock does with them, each act in a transaction of its own."""

from datetime import datetime, timedelta

import structlog

from cascade.bulletins import tending
from cascade.bulletins.submitting import House
from cascade.bulletins.tending import Due
from cascade.database import Database
from cascade.sign_off import clearance
from cascade.sign_off.clearance import Setting

EVERY = timedelta(seconds=5)

_log = structlog.get_logger()


class Editions:
    """Opens, collects, closes and releases issues; any number of them do no harm."""

    def __init__(self, database: Database, sign_off: Setting, home: str) -> None:
        """`home`: the address of the pages."""
        self._database, self._sign_off, self._home = database, sign_off, home
        self._tended: datetime | None = None

    def tend(self, now: datetime) -> None:
        """Do all that is due, once in a few seconds. What fails does not keep the rest waiting."""
        if self._tended is not None and timedelta(0) <= now - self._tended < EVERY:
            return
        self._tended = now
        with self._database.reading() as session:
            due = tending.due(session, now)
        for one in due:
            try:
                self._do(one, now)
            except Exception as error:
                # Whatever is wrong with one bulletin: the others, and messages, don't wait for it.
                first = f"{error}".partition("\n")[0]
                _log.exception("bulletin_waits", act=one.act, number=one.number, error=first)

    def _do(self, one: Due, now: datetime) -> None:
        with self._database.writing() as session:
            house = House(clearance.in_force(session, self._sign_off), self._home)
            tending.do(session, one, house, now)

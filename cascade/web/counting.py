"""Count links that are followed and frames that are shown, without a write for each request."""

import atexit
import threading
from datetime import date
from typing import cast

import structlog
from flask import Flask, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from cascade.reposts.counting import Gathering, is_machine, site_of, write
from cascade.sending.deadlines import LONDON
from cascade.web.site import Site

_NAME = "cascade-counting"
_EVERY = 5.0
"""Seconds between two writes, while there is something to write."""

_log = structlog.get_logger()


class Counting:
    """What this process has counted and not yet written."""

    def __init__(self, of: Site) -> None:
        self._site, self._gathering = of, Gathering()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self.every: float | None = _EVERY
        """None: it is written only when `flush` is called."""

    def follow(self, taker: int) -> None:
        """A taker's link was followed, if it was by somebody."""
        if _is_somebody():
            self._gathering.follow(taker, self._today())
            self._write_soon()

    def show(self, toolkit: int) -> None:
        """A toolkit was shown in a frame, if it was to somebody."""
        if _is_somebody():
            self._gathering.show(toolkit, self._today(), site_of(request.referrer or ""))
            self._write_soon()

    def flush(self) -> None:
        """Write what was counted. Counts that can't be written are lost: they are statistics."""
        with self._lock:
            self._timer = None
        if not (batch := self._gathering.take()):
            return
        try:
            with self._site.database.writing() as session:
                write(session, batch)
        except SQLAlchemyError as error:
            _log.error("counts_not_written", error=f"{error}".partition("\n")[0])

    def _today(self) -> date:
        return self._site.clock().astimezone(LONDON).date()

    def _write_soon(self) -> None:
        with self._lock:
            if self._timer is not None or self.every is None:
                return
            atexit.unregister(self.flush)
            atexit.register(self.flush)
            self._timer = threading.Timer(self.every, self.flush)
            self._timer.daemon = True
            self._timer.start()


def counting() -> Counting:
    """The counts of the application that answers this request."""
    return cast(Counting, current_app.extensions[_NAME])


def register(app: Flask, of: Site) -> None:
    """Give the application its counts."""
    app.extensions[_NAME] = Counting(of)


def _is_somebody() -> bool:
    """A page that a browser shows: not a look ahead, not a program that says it is one."""
    ahead = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    is_shown = request.method == "GET" and "prefetch" not in ahead
    return is_shown and not is_machine(request.user_agent.string)

"""The sign of life of a process at work: a row that it renews while it runs."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cascade.database import Database
from cascade.sending import beats

EVERY = 15.0
"""Seconds between two signs."""

_log = structlog.get_logger()


@contextmanager
def beating(
    database: Database, worker: str, task: beats.Task, now: Callable[[], datetime]
) -> Iterator[None]:
    """Renew the row in the background until the block ends; then take it away."""
    ending = threading.Event()
    thread = threading.Thread(target=_beat, args=(database, worker, task, now, ending), name="beat")
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def _beat(
    database: Database,
    worker: str,
    task: beats.Task,
    now: Callable[[], datetime],
    ending: threading.Event,
) -> None:
    began = now()
    while True:
        _try(database, lambda session: beats.beat(session, worker, task, began, now()))
        if ending.wait(EVERY):
            break
    _try(database, lambda session: beats.end(session, worker))


def _try(database: Database, write: Callable[[Session], None]) -> None:
    """What fails is tried again with the next sign; who looks at the row sees that it is old."""
    try:
        with database.writing() as session:
            write(session)
    except SQLAlchemyError as error:
        _log.error("beat_without_database", error=f"{error}".partition("\n")[0])
    except Exception:
        # A thread that ended here would show a process as dead that is at work.
        _log.exception("beat_failed")

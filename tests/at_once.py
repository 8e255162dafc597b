"""Do things at the same moment, to see who wins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from sqlalchemy.orm import Session

from cascade.database import Database

Result = TypeVar("Result")


def together(*acts: Callable[[], Result]) -> list[Result]:
    """What comes of each of them, in threads that begin together."""
    ready = Barrier(len(acts))

    def one(act: Callable[[], Result]) -> Result:
        ready.wait(10)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def at_once(database: Database, times: int, act: Callable[[Session], Result]) -> list[Result]:
    """What comes of doing it in that many transactions that begin together."""

    def one() -> Result:
        with database.writing() as session:
            return act(session)

    return together(*[one] * times)

"""Where pieces are made: few at once, since each keeps a processor busy, and kept for the next."""

import threading
from collections import OrderedDict
from collections.abc import Callable

_MOST_BYTES = 48_000_000
_LARGEST = 12_000_000
_PATIENCE = 10.0
"""Seconds that a piece waits for the one that is being made."""


class Busy(Exception):
    """Too many pieces are wanted at this moment."""


class Workshop:
    """Makes one piece at a time, lets `waiting` others wait, and remembers what it made."""

    def __init__(self, waiting: int = 2, patience: float = _PATIENCE) -> None:
        self._room = threading.BoundedSemaphore(1 + waiting)
        self._bench = threading.Lock()
        self._patience = patience
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._shelf = threading.Lock()

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """What is kept under the key, else what is made now; raises Busy."""
        if (found := self._find(key)) is not None:
            return found
        if not self._room.acquire(blocking=False):
            raise Busy
        try:
            return self._made(key, make)
        finally:
            self._room.release()

    def _made(self, key: str, make: Callable[[], bytes]) -> bytes:
        if not self._bench.acquire(timeout=self._patience):
            raise Busy
        try:
            # Somebody who waited for the same thing finds it made.
            if (found := self._find(key)) is not None:
                return found
            made = make()
        finally:
            self._bench.release()
        self._keep(key, made)
        return made

    def _find(self, key: str) -> bytes | None:
        with self._shelf:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: str, made: bytes) -> None:
        if len(made) > _LARGEST:
            return
        with self._shelf:
            self._bytes += len(made) - len(self._kept.pop(key, b""))
            self._kept[key] = made
            while self._bytes > _MOST_BYTES:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest)

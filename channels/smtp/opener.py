"""Open connections beside the one thread that sends: a slow greeting must hold up nobody."""

import socket
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread

from channels.smtp.opening import Opened


class Opener:
    """Each opening has a thread of its own; `wakes` becomes readable when one has ended."""

    def __init__(self, open_one: Callable[[], Opened]) -> None:
        self.pending = 0
        self.wakes, self._bell = socket.socketpair()
        self.wakes.setblocking(False)
        self._open_one = open_one
        self._ended: SimpleQueue[Opened | Exception] = SimpleQueue()
        self._lock = Lock()
        self._closed = False

    def start(self) -> None:
        """Begin to open one more."""
        self.pending += 1
        Thread(target=self._open, name="smtp-open", daemon=True).start()

    def collect(self) -> list[Opened | Exception]:
        """What has ended since the last call."""
        try:
            self.wakes.recv(4096)
        except BlockingIOError:
            return []
        ended = []
        while not self._ended.empty():
            ended.append(self._ended.get())
        self.pending -= len(ended)
        return ended

    def close(self) -> None:
        """Stop listening; a connection that opens after this is closed again at once."""
        with self._lock:
            self._closed = True
            self.wakes.close()
            self._bell.close()
        while not self._ended.empty():
            _discard(self._ended.get())

    def _open(self) -> None:
        try:
            result: Opened | Exception = self._open_one()
        except Exception as error:
            # Raised or reported by the thread that sends; here nobody would see it.
            result = error
        with self._lock:
            if self._closed:
                _discard(result)
                return
            self._ended.put(result)
            self._bell.send(b".")


def _discard(result: Opened | Exception) -> None:
    if isinstance(result, Opened):
        result.sock.close()

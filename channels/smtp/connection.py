"""One open connection: a non-blocking socket, plain or TLS, and the dialogue on it."""

import ssl
from selectors import EVENT_READ, EVENT_WRITE
from time import monotonic

from channels.smtp.dialogue import Dialogue, Over, Settle
from channels.smtp.opening import Opened
from channels.smtp.replies import Garbage, ReplyReader

# A TLS record holds at most 16 kB: with this much asked for, none is left half-read where a
# selector would not see it.
_READ = 65536
_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Connection:
    """Writes turns and reads replies. `since`: when it last got anywhere (monotonic seconds)."""

    def __init__(self, opened: Opened) -> None:
        self.sock = opened.sock
        self.dialogue = Dialogue(opened.offers)
        self.since = monotonic()
        self.watched = EVENT_READ
        self._replies = ReplyReader()
        self._out: bytes | memoryview = b""

    @property
    def events(self) -> int:
        """What a selector should watch for."""
        return EVENT_READ | EVENT_WRITE if self._out else EVENT_READ

    @property
    def turn_over(self) -> bool:
        """Whether all is written and all replies to it are in."""
        return not (self._out or self.dialogue.waiting)

    def say(self, turn: bytes, now: float) -> None:
        """Begin to write a turn."""
        self.since = now
        self._out = turn
        self._flush(now)

    def serve(self, settle: Settle, now: float) -> None:
        """Write and read what is possible without waiting; raises Over."""
        if self._out:
            self._flush(now)
        data = self._read()
        if data is None:
            return
        if not data:
            raise Over("the server closed the connection")
        try:
            replies = self._replies.feed(data)
        except Garbage as error:
            raise Over(f"this is not SMTP: {error}") from error
        for reply in replies:
            self.since = now
            self.dialogue.hear(reply, settle)

    def silent(self) -> bool:
        """Whether nothing came while it was kept: neither a farewell nor an end."""
        return self._read_or_end() is None

    def close(self, *, politely: bool = False) -> None:
        """Close the socket, with a QUIT (whose reply is not waited for) if asked to."""
        if politely and not self._out:
            self._say_goodbye()
        self.sock.close()

    def _flush(self, now: float) -> None:
        try:
            sent = self.sock.send(self._out)
        except _NOT_NOW:
            return
        except OSError:
            # What the server said before it hung up may still be there to be read.
            self._out = b""
            return
        self.since = now
        self._out = b"" if sent == len(self._out) else memoryview(self._out)[sent:]

    def _read(self) -> bytes | None:
        try:
            return self.sock.recv(_READ)
        except _NOT_NOW:
            return None
        except OSError as error:
            raise Over(f"the connection broke: {error.strerror or error}") from error

    def _read_or_end(self) -> bytes | None:
        try:
            return self._read()
        except Over:
            return b""

    def _say_goodbye(self) -> None:
        try:
            self.sock.send(b"QUIT\r\n")
        except OSError:
            return

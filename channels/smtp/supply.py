"""The messages still to be sent: pulled one at a time, and taken back from lost connections."""

from collections import deque
from collections.abc import Iterator

from channels.base import Outgoing


class Supply:
    """An iterator that can be topped up from behind and stopped."""

    def __init__(self, messages: Iterator[Outgoing]) -> None:
        self.error: Exception | None = None
        self._messages = messages
        self._waiting: deque[Outgoing] = deque()
        self._pulling = True
        self._giving = True

    def take(self) -> Outgoing | None:
        """The next message, or None when there is none or no more may go out."""
        if not self._giving:
            return None
        return self._waiting.popleft() if self._waiting else self._pull()

    def stock(self, count: int) -> bool:
        """Whether `count` messages are there to be taken; pulls no more than that."""
        while self._giving and len(self._waiting) < count:
            message = self._pull()
            if message is None:
                return False
            self._waiting.append(message)
        return self._giving

    def give_back(self, message: Outgoing) -> None:
        """Take back a message of which nothing was sent; it is the next to go."""
        self._waiting.appendleft(message)

    def stop(self) -> None:
        """Give out nothing more."""
        self._giving = False

    def leftovers(self) -> list[Outgoing]:
        """What was pulled and never taken, or given back."""
        return list(self._waiting)

    def _pull(self) -> Outgoing | None:
        if not self._pulling:
            return None
        try:
            message = next(self._messages, None)
        except Exception as error:
            # Raised again when what is in flight has been settled.
            self.error = error
            message = None
        self._pulling = message is not None
        return message

"""One call of `send`: all its connections, served from one thread by one selector.

The rules that keep the count right:
- an outcome is recorded before anything more is written on the connection that it came from;
- a message of which nothing was transmitted goes to another connection, unless it was the first on
  its own: then it may itself be what the server cannot stand, and is reported as unsent;
- `room`, the number of connections that may be open, shrinks with each one that is refused or lost
  before the server settled anything on it; at none the channel is down. So an exchange ends.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from selectors import EVENT_READ, DefaultSelector
from time import monotonic

from channels.base import ChannelDown, Outcome, Outgoing, Record, Stage
from channels.smtp.connection import Connection
from channels.smtp.dialogue import Over
from channels.smtp.opener import Opener
from channels.smtp.opening import Opened
from channels.smtp.replies import printable
from channels.smtp.supply import Supply


@dataclass(frozen=True, slots=True)
class Limits:
    """`timeout` and `body_timeout` in seconds; `per_connection` in messages, 0 for no limit."""

    connections: int
    timeout: float
    body_timeout: float
    per_connection: int


class Exchange:
    """Sends what `messages` gives; `idle` are the connections that can be used again."""

    def __init__(
        self,
        limits: Limits,
        open_one: Callable[[], Opened],
        idle: list[Connection],
        messages: Iterator[Outgoing],
        record: Record,
    ) -> None:
        self.idle = idle
        self._limits = limits
        self._opener = Opener(open_one)
        self._supply = Supply(messages)
        self._record = record
        self._room = limits.connections
        self._reason = ""
        self._talking: set[Connection] = set()
        self._outcomes: list[Outcome] = []
        self._selector = DefaultSelector()
        self._selector.register(self._opener.wakes, EVENT_READ)
        self._between_looks = min(1.0, limits.timeout / 4)
        self._next_look = monotonic() + self._between_looks

    def run(self) -> None:
        """Send everything; raises ChannelDown, or what `messages` or `record` raised."""
        while self._busy():
            self._serve_round()
        self._report_leftovers()
        self._commit()
        if self._supply.error:
            raise self._supply.error
        if self._reason and self._room <= 0:
            raise ChannelDown(self._reason)

    def close(self) -> None:
        """Let go of the selector, and of every connection that still has something under way."""
        self._selector.close()
        self._opener.close()
        for connection in self._talking:
            connection.close()

    def _busy(self) -> bool:
        """Give work to whoever has none, and say whether anything is under way."""
        now = monotonic()
        while self.idle and self._supply.stock(1):
            self._go_on(self.idle.pop(), now)
        opener = self._opener
        while self._open() + opener.pending < self._room and self._supply.stock(opener.pending + 1):
            opener.start()
        return bool(self._talking or (opener.pending and self._supply.stock(1)))

    def _open(self) -> int:
        return len(self._talking) + len(self.idle)

    def _serve_round(self) -> None:
        """Hear every connection that is ready, record what they said at once, and go on."""
        ready = self._selector.select(max(0.0, self._next_look - monotonic()))
        now = monotonic()
        done = []
        for key, _ in ready:
            if key.data is None:
                self._welcome()
            elif self._serve(key.data, now):
                done.append(key.data)
        looking = now >= self._next_look
        if looking:
            self._look_at_the_clock(now)
        self._commit(beat=looking)
        for connection in done:
            self._go_on(connection, now)

    def _serve(self, connection: Connection, now: float) -> bool:
        """Write and read; says whether the connection's turn is over."""
        try:
            connection.serve(self._outcomes.append, now)
        except Over as over:
            self._lose(connection, over)
            return False
        if connection.dialogue.down:
            self._go_down(connection.dialogue.down)
        self._watch(connection)
        return connection.turn_over

    def _go_on(self, connection: Connection, now: float) -> None:
        """Say the next turn on this connection, or put it by."""
        dialogue = connection.dialogue
        limit = self._limits.per_connection
        used_up = bool(limit) and dialogue.begun >= limit
        take = _nothing if used_up else self._supply.take
        turn = dialogue.next_turn(take, self._outcomes.append)
        if turn:
            self._talk(connection)
            connection.say(turn, now)
            self._watch(connection)
        else:
            self._put_by(connection, used_up=used_up)

    def _talk(self, connection: Connection) -> None:
        if connection not in self._talking:
            self._talking.add(connection)
            self._selector.register(connection.sock, connection.events, connection)
            connection.watched = connection.events

    def _watch(self, connection: Connection) -> None:
        if connection.watched != connection.events:
            connection.watched = connection.events
            self._selector.modify(connection.sock, connection.events, connection)

    def _put_by(self, connection: Connection, *, used_up: bool) -> None:
        self._drop(connection)
        if used_up:
            connection.close(politely=True)
        else:
            self.idle.append(connection)

    def _drop(self, connection: Connection) -> None:
        if connection in self._talking:
            self._talking.remove(connection)
            self._selector.unregister(connection.sock)

    def _lose(self, connection: Connection, over: Over) -> None:
        self._drop(connection)
        connection.close()
        sending, offered = connection.dialogue.unsettled()
        if sending:
            self._unsent(sending, "body", over)
        dialogue = connection.dialogue
        if offered and (dialogue.proven or dialogue.begun > 1):
            self._supply.give_back(offered)
        elif offered:
            self._unsent(offered, "mail", over)
        if not dialogue.proven:
            self._room -= 1
            self._reason = self._reason or over.words

    def _unsent(self, message: Outgoing, stage: Stage, over: Over) -> None:
        outcome = Outcome(message.key, "unsent", stage, over.code, text=printable(over.words))
        self._outcomes.append(outcome)

    def _welcome(self) -> None:
        ended = self._opener.collect()
        self.idle += [Connection(opened) for opened in ended if isinstance(opened, Opened)]
        for refusal in ended:
            if isinstance(refusal, ChannelDown):
                # The server's limit, if others are open: go on with those.
                self._room = min(self._room, self._open() + self._opener.pending)
                self._reason = refusal.reason
            elif isinstance(refusal, Exception):
                raise refusal

    def _go_down(self, reason: str) -> None:
        """Nothing new goes out; what is in flight comes to its end."""
        self._supply.stop()
        self._room = 0
        self._reason = reason

    def _look_at_the_clock(self, now: float) -> None:
        for connection in list(self._talking):
            sending, _ = connection.dialogue.unsettled()
            patience = self._limits.body_timeout if sending else self._limits.timeout
            if now - connection.since > patience:
                self._lose(connection, Over(f"no reply in {patience:g} s"))
        self._next_look = now + self._between_looks

    def _report_leftovers(self) -> None:
        for message in self._supply.leftovers():
            self._outcomes.append(Outcome(message.key, "unsent", "connect", text=self._reason))

    def _commit(self, *, beat: bool = False) -> None:
        if self._outcomes or beat:
            outcomes, self._outcomes = self._outcomes, []
            self._record(outcomes)


def _nothing() -> None:
    return None

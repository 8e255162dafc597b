"""What every channel speaks: the message that goes out, what became of it, and the contract."""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple, NewType, Protocol, TypeAlias

Kind: TypeAlias = Literal["accepted", "temporary", "permanent", "unsent"]
Stage: TypeAlias = Literal["connect", "mail", "rcpt", "data", "body"]

# A whole RFC 5322 message as it goes over the wire: CRLF line ends, the last one too, and no line
# that begins with a single dot. A type of its own, because looking for such a line in every
# message would take longer than sending it. `CompiledMessage.fill` and `wire_form` make them.
WireBody = NewType("WireBody", bytes)


class Outgoing(NamedTuple):
    """One finished message to one recipient.

    `key` is the caller's own; `sender` is the return path, unique per delivery; `utf8` asks for
    SMTPUTF8 (RFC 6531).
    """

    key: int
    sender: str
    recipient: str
    body: WireBody
    utf8: bool = False


class Outcome(NamedTuple):
    """What became of one message.

    `unsent` means that nobody has taken responsibility for it and that it does not count as a try.
    `code` is the server's (0: there was none), `enhanced` its RFC 3463 code or "", `text` its
    words, printable and bounded.
    """

    key: int
    kind: Kind
    stage: Stage
    code: int = 0
    enhanced: str = ""
    text: str = ""


class ChannelDown(Exception):
    """The channel itself cannot be used now; no message is to blame for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Record: TypeAlias = Callable[[Sequence[Outcome]], None]


class Channel(Protocol):
    """A way to reach people; one object belongs to one thread."""

    def send(self, messages: Iterator[Outgoing], record: Record) -> None:
        """Send all messages; each one taken from `messages` is recorded exactly once.

        Messages are taken one at a time, when the channel can deal with one. An acceptance is
        recorded before the next message goes out on the same connection. While an answer is waited
        for, `record` is called with nothing about once a second. If it raises, nothing further goes
        out and its error is raised here. Raises ChannelDown, after having
        recorded everything that was taken.
        """

    def close(self) -> None:
        """Let go of everything that is kept open between calls of `send`."""

"""What is said on one connection, without the connection: turns of commands, and their replies.

With PIPELINING (RFC 2920) a turn is the body of one message and the envelope of the next in one
write; the turn is over when all its replies are in. Without it, a turn is one command or one body.
"""

from collections import deque
from collections.abc import Callable
from typing import Literal, TypeAlias

from channels.base import Outcome, Outgoing, Stage
from channels.smtp import wire
from channels.smtp.opening import Offers
from channels.smtp.replies import Reply
from channels.smtp.verdict import judge

Step: TypeAlias = Literal["reset", "mail", "rcpt", "data", "body", "end"]
Take: TypeAlias = Callable[[], Outgoing | None]
Settle: TypeAlias = Callable[[Outcome], None]


class Over(Exception):
    """Nothing more can be said on this connection."""

    def __init__(self, words: str, code: int = 0) -> None:
        super().__init__(words)
        self.words = words
        self.code = code


class Dialogue:
    """The state of one connection. `proven`: the server settled a message on it."""

    def __init__(self, offers: Offers) -> None:
        self.proven = False
        self.begun = 0
        self.down = ""
        self._offers = offers
        self._unsaid: deque[tuple[Step, bytes]] = deque()
        self._awaited: deque[Step] = deque()
        self._offered: Outgoing | None = None
        self._sending: Outgoing | None = None
        self._refusal: tuple[Stage, Reply] | None = None
        self._data_open = False
        self._must_reset = False

    @property
    def waiting(self) -> bool:
        """Whether a reply is still to come."""
        return bool(self._awaited)

    def next_turn(self, take: Take, settle: Settle) -> bytes:
        """What to write now; b"" when there is nothing left to say."""
        parts = self._data()
        if not self._unsaid and (self._offers.pipelining or not parts):
            self._begin(take, settle)
        while self._unsaid and (self._offers.pipelining or not parts):
            step, command = self._unsaid.popleft()
            self._awaited.append(step)
            parts.append(command)
        return b"".join(parts)

    def hear(self, reply: Reply, settle: Settle) -> None:
        """Take in one reply; raises Over when the connection is no longer of use."""
        if reply.code == 421 or not self._awaited:
            raise Over(reply.text, reply.code)
        step = self._awaited.popleft()
        if step == "body":
            self._hear_verdict(reply, settle)
        elif step == "data":
            self._hear_data(reply, settle)
        elif step in ("mail", "rcpt"):
            self._hear_envelope(step, reply, settle)
        elif step == "reset" and reply.code >= 300:
            raise Over(reply.text, reply.code)

    def unsettled(self) -> tuple[Outgoing | None, Outgoing | None]:
        """The message whose body is under way, and the one that was not begun in earnest."""
        return self._sending, self._offered

    def _data(self) -> list[bytes]:
        """The body, if the server asked for it; a bare end if it did after a refusal."""
        if not self._data_open:
            return []
        self._data_open = False
        if self._offered is None:
            self._awaited.append("end")
            return [b".\r\n"]
        self._sending, self._offered = self._offered, None
        self._awaited.append("body")
        return [self._sending.body, b".\r\n"]

    def _begin(self, take: Take, settle: Settle) -> None:
        """Take the next message that can be sent at all and queue its envelope."""
        while message := take():
            if why := self._unfit(message):
                settle(Outcome(message.key, "permanent", "mail", text=why))
                continue
            self._offered = message
            self.begun += 1
            self._queue_envelope(message)
            return

    def _unfit(self, message: Outgoing) -> str:
        if message.utf8 and not self._offers.utf8:
            return "The mail server does not take international addresses (SMTPUTF8)"
        try:
            wire.check(message)
        except ValueError as error:
            return str(error)
        return ""

    def _queue_envelope(self, message: Outgoing) -> None:
        if self._must_reset:
            self._must_reset = False
            self._unsaid.append(("reset", b"RSET\r\n"))
        self._unsaid.append(("mail", wire.mail_command(message, size=self._offers.size)))
        self._unsaid.append(("rcpt", wire.rcpt_command(message)))
        self._unsaid.append(("data", b"DATA\r\n"))

    def _hear_envelope(self, stage: Stage, reply: Reply, settle: Settle) -> None:
        if reply.code < 300:
            return
        if reply.code < 400:
            raise Over(reply.text, reply.code)
        self._refusal = self._refusal or (stage, reply)
        if self._unsaid:
            self._unsaid.clear()
            self._must_reset = True
            self._settle_refusal(settle)

    def _hear_data(self, reply: Reply, settle: Settle) -> None:
        if reply.code == 354:
            self._data_open = True
        elif reply.code >= 400:
            self._refusal = self._refusal or ("data", reply)
            self._must_reset = True
        else:
            raise Over(reply.text, reply.code)
        self._settle_refusal(settle)

    def _settle_refusal(self, settle: Settle) -> None:
        if self._refusal and self._offered:
            message, (stage, reply) = self._offered, self._refusal
            self._offered = self._refusal = None
            settle(self._refused(message, stage, reply))

    def _hear_verdict(self, reply: Reply, settle: Settle) -> None:
        if 300 <= reply.code < 400 or self._sending is None:
            raise Over(reply.text, reply.code)
        message, self._sending = self._sending, None
        if reply.code < 300:
            self.proven = True
            settle(_outcome(message, "accepted", "body", reply))
        else:
            settle(self._refused(message, "body", reply))

    def _refused(self, message: Outgoing, stage: Stage, reply: Reply) -> Outcome:
        verdict = judge(stage, reply)
        if verdict == "down":
            self.down = f"{reply.code} {reply.text}"
            return _outcome(message, "unsent", stage, reply)
        self.proven = True
        return _outcome(message, verdict, stage, reply)


def _outcome(
    message: Outgoing,
    kind: Literal["accepted", "temporary", "permanent", "unsent"],
    stage: Stage,
    reply: Reply,
) -> Outcome:
    return Outcome(message.key, kind, stage, reply.code, reply.enhanced, reply.text)

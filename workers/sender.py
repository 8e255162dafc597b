"""Send what is due in one lane: claim, compose, send, record, until nothing is left.

Nothing here holds a transaction open while the network is waited for.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.orm import Session

from cascade.database import Writer
from cascade.sending import circuit
from cascade.sending.claim import RENEW, Claimed, Going, claim, give_back, going, renew
from cascade.sending.compose import CompiledVariant
from cascade.sending.control import hold
from cascade.sending.record import Answer, record, record_accepted, settles
from cascade.sending.states import Lane
from channels.base import Channel, ChannelDown, Outcome, Outgoing
from workers.runtime import Runtime

CHANNEL = "email"
LOOK_AROUND = timedelta(milliseconds=250)
"""How often a sender at work looks for a pause and for urgent work."""

_log = structlog.get_logger()


class Sender:
    """One run through a lane. It belongs to one thread and is used once."""

    def __init__(self, runtime: Runtime, lane: Lane, channel: Channel) -> None:
        self._runtime, self._lane, self._channel = runtime, lane, channel
        self._queue: deque[Claimed] = deque()
        self._variants: Mapping[int, CompiledVariant] = {}
        self._in_flight: dict[int, Claimed] = {}
        self._claims: set[int] = set()
        self._looked = self._renewed = runtime.now()
        self._turn = 0
        self._yielding = self._on_trial = False
        self._recorded = self._unsent = 0

    def run(self) -> int:
        """Send until nothing is due; gives how many answers were recorded."""
        with self._runtime.database.reading() as session:
            if circuit.is_open(session, CHANNEL, self._runtime.now()):
                return 0
            self._on_trial = circuit.has_failed(session, CHANNEL)
        try:
            with self._runtime.database.writer() as writer:
                self._channel.send(self._messages(), partial(self._record, writer))
            if self._unsent and not self._recorded:
                self._open_circuit("The mail server ends connections and takes no message.")
        except ChannelDown as down:
            self._open_circuit(down.reason)
        finally:
            self._give_back()
        return self._recorded

    def _messages(self) -> Iterator[Outgoing]:
        while not self._runtime.stopping.is_set() and not self._yielding:
            if not self._queue and not self._fill():
                return
            if self._queue:
                claimed = self._queue.popleft()
                message = self._composed(claimed)
                if message is not None:
                    self._in_flight[claimed.id] = claimed
                    yield message

    def _fill(self) -> bool:
        """Fill the queue with claimed deliveries whose variants are compiled."""
        taken = self._claim()
        if not taken:
            return False
        self._claims.add(taken[0].claim_id)
        for one in taken:
            if one.id in self._in_flight:
                # Its lease ran out on its way, and here it is again: it's ours, and not to be sent
                # twice.
                self._in_flight[one.id] = one
            else:
                self._queue.append(one)
        try:
            with self._runtime.database.reading() as session:
                self._variants = {
                    variant: self._runtime.compositor.variant(session, variant)
                    for variant in {one.variant_id for one in taken}
                }
        except Exception as error:
            self._stop_cascade(taken[0], error)
        return True

    def _claim(self) -> list[Claimed]:
        """Take a batch of the next cascade whose turn it is."""
        now = self._runtime.now()
        with self._runtime.database.writing() as session:
            sending = going(session, now)
            if self._gives_way(sending):
                return []
            cascades = [one.id for one in sending if one.lane is self._lane and one.due]
            for step in range(len(cascades)):
                # In turns, so that no cascade waits for the end of another one.
                chosen = cascades[(self._turn + step) % len(cascades)]
                taken = claim(
                    session,
                    chosen,
                    holder=self._runtime.holder,
                    now=now,
                    limits=self._runtime.limits,
                )
                if taken:
                    self._turn += step + 1
                    return taken
        return []

    def _composed(self, claimed: Claimed) -> Outgoing | None:
        try:
            return self._variants[claimed.variant_id].outgoing(
                claimed.id, claimed.address, claimed.slots, now=self._runtime.now()
            )
        except ValueError as error:
            self._refuse(claimed, f"{error}")
        except Exception as error:
            self._stop_cascade(claimed, error)
        return None

    def _refuse(self, claimed: Claimed, reason: str) -> None:
        """An address that nobody can write to ends its own delivery and no other."""
        outcome = Outcome(claimed.id, "permanent", "rcpt", text=reason)
        with self._runtime.database.writing() as session:
            record(session, [(claimed, outcome)], self._runtime.now())

    def _stop_cascade(self, claimed: Claimed, error: Exception) -> None:
        """A message that can't be made is ours to mend: its cascade stops and says why."""
        _log.exception("compose_failed", cascade=claimed.cascade_id, delivery=claimed.id)
        with self._runtime.database.writing() as session:
            hold(session, claimed.cascade_id, f"{error}", now=self._runtime.now())
        self._drop({claimed.cascade_id})

    def _record(self, writer: Writer, outcomes: Sequence[Outcome]) -> None:
        now = self._runtime.now()
        answers: list[Answer] = [(self._in_flight.pop(one.key), one) for one in outcomes]
        settled = sum(settles(outcome) for _, outcome in answers)
        if answers and all(outcome.kind == "accepted" for outcome in outcomes):
            with writer.statement() as session:
                answers = record_accepted(session, answers, now)
        if answers:
            with writer.transaction() as session:
                record(session, answers, now)
        self._recorded += settled
        self._unsent += len(outcomes) - settled
        if now - self._looked >= LOOK_AROUND or (self._on_trial and self._recorded):
            with writer.transaction() as session:
                self._look_around(session, now)

    def _look_around(self, session: Session, now: datetime) -> None:
        self._looked = now
        self._end_claims(session)
        if now - self._renewed >= RENEW:
            self._renewed = now
            self._lose(self._claims - renew(session, sorted(self._claims), now))
        if self._on_trial and self._recorded:
            self._on_trial = False
            circuit.worked(session, CHANNEL)
        sending = going(session, now)
        self._yielding = self._gives_way(sending)
        self._drop({one.cascade_id for one in self._queue} - {one.id for one in sending})

    def _gives_way(self, sending: Sequence[Going]) -> bool:
        return self._lane is Lane.ROUTINE and any(
            one.lane is Lane.URGENT and one.due for one in sending
        )

    def _drop(self, cascades: set[int]) -> None:
        """Send nothing more of these; their leases end with the run."""
        if cascades:
            self._queue = deque(one for one in self._queue if one.cascade_id not in cascades)

    def _lose(self, claims: set[int]) -> None:
        """Leave what somebody else may have taken by now; what is under way is still answered."""
        if claims:
            self._queue = deque(one for one in self._queue if one.claim_id not in claims)
            self._claims -= claims

    def _end_claims(self, session: Session) -> None:
        """End the leases of which nothing is in hand any more."""
        in_hand = {one.claim_id for one in (*self._queue, *self._in_flight.values())}
        ended = sorted(self._claims - in_hand)
        if ended:
            give_back(session, ended)
            self._claims -= set(ended)

    def _open_circuit(self, reason: str) -> None:
        now = self._runtime.now()
        with self._runtime.database.writing() as session:
            until = circuit.failed(session, CHANNEL, reason, now)
        _log.warning("channel_down", channel=CHANNEL, reason=reason, until=until.isoformat())

    def _give_back(self) -> None:
        if self._claims:
            with self._runtime.database.writing() as session:
                give_back(session, sorted(self._claims))

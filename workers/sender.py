"""Send what is due in one lane: claim, compose, send, record, until nothing is left.

Nothing here holds a transaction open while the network is waited for.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.sending import circuit
from cascade.sending.claim import Claimed, claim, due_cascades, give_back, renew
from cascade.sending.compose import CompiledVariant
from cascade.sending.control import hold
from cascade.sending.record import record, settles
from cascade.sending.records import Cascade
from cascade.sending.states import CascadeState, Lane
from channels.base import Channel, ChannelDown, Outcome, Outgoing
from workers.runtime import Runtime

CHANNEL = "email"
LOOK_AROUND = timedelta(milliseconds=250)
"""How often a sender at work looks for a pause or urgent work, and renews its leases."""

_log = structlog.get_logger()


class Sender:
    """One run through a lane. It belongs to one thread and is used once."""

    def __init__(self, runtime: Runtime, lane: Lane, channel: Channel) -> None:
        self._runtime, self._lane, self._channel = runtime, lane, channel
        self._queue: deque[Claimed] = deque()
        self._variants: Mapping[int, CompiledVariant] = {}
        self._in_flight: dict[int, Claimed] = {}
        self._claims: set[int] = set()
        self._writing: Callable[[], AbstractContextManager[Session]] = runtime.database.writing
        """How to open a transaction; while messages go out, on a connection of our own."""
        self._looked = runtime.now()
        self._turn = 0
        self._yielding = False
        self._recorded = self._unsent = 0

    def run(self) -> int:
        """Send until nothing is due; gives how many answers were recorded."""
        with self._runtime.database.reading() as session:
            if circuit.is_open(session, CHANNEL, self._runtime.now()):
                return 0
        try:
            with self._runtime.database.writing_often() as self._writing:
                self._channel.send(self._messages(), self._record)
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
        self._queue.extend(taken)
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
            cascades = due_cascades(session, self._lane, now)
            if self._gives_way(session, now):
                return []
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

    def _record(self, outcomes: Sequence[Outcome]) -> None:
        now = self._runtime.now()
        answers = [(self._in_flight.pop(one.key), one) for one in outcomes]
        with self._writing() as session:
            record(session, answers, now)
            if now - self._looked >= LOOK_AROUND:
                self._look_around(session, now)
        settled = sum(settles(outcome) for _, outcome in answers)
        self._recorded += settled
        self._unsent += len(answers) - settled

    def _look_around(self, session: Session, now: datetime) -> None:
        self._looked = now
        self._end_claims(session)
        renew(session, sorted(self._claims), now)
        self._yielding = self._gives_way(session, now)
        circuit.worked(session, CHANNEL)
        here = {claimed.cascade_id for claimed in self._queue}
        going = select(Cascade.id).where(
            Cascade.id.in_(here), Cascade.state == CascadeState.SENDING
        )
        self._drop(here - set(session.scalars(going)))

    def _gives_way(self, session: Session, now: datetime) -> bool:
        return self._lane is Lane.ROUTINE and bool(due_cascades(session, Lane.URGENT, now))

    def _drop(self, cascades: set[int]) -> None:
        """Send nothing more of these; their leases end with the run."""
        if cascades:
            self._queue = deque(one for one in self._queue if one.cascade_id not in cascades)

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

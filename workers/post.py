"""Send the letters that are due, one after the other, whatever the lanes are busy with."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from cascade.identity import Identity
from cascade.letters.composing import compose
from cascade.letters.posting import Claimed, claim, record, renew
from cascade.look.wearing import kept, worn
from cascade.sending import circuit
from cascade.sending.pace import Allowance
from channels.base import Channel, ChannelDown, Outcome, Outgoing
from workers.runtime import Runtime

CIRCUIT = "letters"
RENEW = timedelta(seconds=15)

_log = structlog.get_logger()


class Post:
    """One run through the letters. It belongs to one thread and is used once."""

    def __init__(self, runtime: Runtime, channel: Channel) -> None:
        self._runtime, self._channel = runtime, channel
        self._renewed = runtime.now()

    def run(self) -> int:
        """Send until no letter is due; gives how many the mail server has answered for."""
        answered = 0
        while not self._runtime.stopping.is_set():
            claimed = self._claim()
            if claimed is None:
                break
            answered += self._send(claimed)
        return answered

    def _claim(self) -> Claimed | None:
        now = self._runtime.now()
        with self._runtime.database.writing() as session:
            if circuit.is_open(session, CIRCUIT, now):
                return None
            self._renewed = now
            # Letters count like every message, but don't wait for those of cascades.
            pace = Allowance(session, self._runtime.limits, now)
            return claim(session, now, partial(pace.take, ahead=True))

    def _send(self, claimed: Claimed) -> bool:
        """Send one letter, alone, so that none can be in the way of another."""
        message = self._composed(claimed)
        if message is None:
            return False
        answers: list[Outcome] = []
        reason = ""
        try:
            self._channel.send(iter((message,)), partial(self._hear, claimed, answers))
        except ChannelDown as down:
            reason = down.reason
        if not answers:
            self._hear(claimed, answers, [Outcome(claimed.id, "unsent", "connect", text=reason)])
        if answers[0].kind == "unsent":
            self._rest(reason or answers[0].text)
            return False
        return True

    def _composed(self, claimed: Claimed) -> Outgoing | None:
        try:
            runtime = self._runtime
            return compose(claimed, runtime.links, self._identity(), runtime.now())
        except ValueError as error:
            # An address that nobody can write to.
            self._record(claimed, Outcome(claimed.id, "permanent", "rcpt", text=f"{error}"))
        except Exception as error:
            _log.exception("letter_not_composed", letter=claimed.id)
            self._record(claimed, Outcome(claimed.id, "temporary", "body", text=f"{error}"))
        return None

    def _identity(self) -> Identity:
        """Whom letters come from by now."""
        with self._runtime.database.reading() as session:
            look = kept(session)
        return worn(self._runtime.identity, look, self._runtime.links.base_url)

    def _hear(self, claimed: Claimed, answers: list[Outcome], outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            self._record(claimed, outcome)
            answers.append(outcome)
        now = self._runtime.now()
        if not outcomes and now - self._renewed >= RENEW:
            self._keep(claimed, now)

    def _keep(self, claimed: Claimed, now: datetime) -> None:
        self._renewed = now
        with self._runtime.database.writing() as session:
            renew(session, claimed, now)

    def _record(self, claimed: Claimed, outcome: Outcome) -> None:
        with self._runtime.database.writing() as session:
            record(session, claimed, outcome, self._runtime.now())
            if outcome.code and outcome.kind != "unsent":
                circuit.worked(session, CIRCUIT)

    def _rest(self, reason: str) -> None:
        """Leave the mail server alone for a while."""
        now = self._runtime.now()
        with self._runtime.database.writing() as session:
            until = circuit.failed(session, CIRCUIT, reason, now)
        _log.warning("channel_down", channel=CIRCUIT, reason=reason, until=until.isoformat())

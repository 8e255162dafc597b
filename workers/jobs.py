"""The jobs behind the doorbell: one actor a lane, each with a queue of its own."""

import threading
from collections.abc import Callable, Mapping

import dramatiq
import structlog

from cascade.sending.states import Lane
from channels.base import Channel
from workers.runtime import Runtime
from workers.sender import Sender

_log = structlog.get_logger()

Bells = Mapping[Lane, Callable[[], None]]
"""For each lane what to call so that somebody looks for due work."""


class LaneWork:
    """Sends one lane's due work; at most one run at a time in a process.

    One run keeps many connections busy, so a second one would only compete with it. The channel
    is kept from run to run with its open connections.
    """

    def __init__(self, runtime: Runtime, lane: Lane) -> None:
        self._runtime, self._lane = runtime, lane
        self._busy = threading.Lock()
        self._channel: Channel | None = None

    def run(self) -> int:
        """Send until nothing is due; at once back with 0 where a run is going on."""
        if not self._busy.acquire(blocking=False):
            return 0
        try:
            if self._channel is None:
                self._channel = self._runtime.open_channel()
            return Sender(self._runtime, self._lane, self._channel).run()
        finally:
            self._busy.release()

    def close(self) -> None:
        """Say goodbye to the server."""
        with self._busy:
            if self._channel is not None:
                self._channel.close()
                self._channel = None


def declare(broker: dramatiq.Broker, work: Callable[[Lane], int]) -> Bells:
    """Declare the actors on a broker; gives the bells that call them.

    No retries: the database knows what is due, and the clock rings again.
    """

    def bell(lane: Lane) -> Callable[[], None]:
        @dramatiq.actor(
            actor_name=f"send_{lane}",
            queue_name=lane.value,
            broker=broker,
            max_retries=0,
        )
        def send() -> None:
            work(lane)

        def ring() -> None:
            send.send()

        return ring

    return {lane: bell(lane) for lane in Lane}

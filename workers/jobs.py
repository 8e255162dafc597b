"""The jobs behind the doorbell: one actor for each lane and one for letters, each with a queue."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

import dramatiq

from cascade.sending.states import Lane
from channels.base import Channel
from workers.post import Post
from workers.runtime import Runtime
from workers.sender import Sender

LETTERS = "letters"
QUEUES = (*(lane.value for lane in Lane), LETTERS)

Bells = Mapping[str, Callable[[], None]]
"""For each queue what to call so that somebody looks for due work."""


class Work(ABC):
    """Sends what is due in one queue; at most one run at a time in a process.

    One run keeps its connections busy, so a second one would only compete with it. The channel is
    kept from run to run with its open connections, and is no other queue's.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._busy = threading.Lock()
        self._channel: Channel | None = None

    def run(self) -> int:
        """Send until nothing is due; at once back with 0 where a run is going on."""
        if not self._busy.acquire(blocking=False):
            return 0
        try:
            if self._channel is None:
                self._channel = self._runtime.open_channel()
            return self._send(self._channel)
        finally:
            self._busy.release()

    def close(self) -> None:
        """Say goodbye to the server."""
        with self._busy:
            if self._channel is not None:
                self._channel.close()
                self._channel = None

    @abstractmethod
    def _send(self, channel: Channel) -> int: ...


class LaneWork(Work):
    """Sends one lane's deliveries."""

    def __init__(self, runtime: Runtime, lane: Lane) -> None:
        super().__init__(runtime)
        self._lane = lane

    def _send(self, channel: Channel) -> int:
        return Sender(self._runtime, self._lane, channel).run()


class LetterWork(Work):
    """Sends letters, over one connection."""

    def _send(self, channel: Channel) -> int:
        return Post(self._runtime, channel).run()


def every_work(runtime: Runtime) -> Mapping[str, Work]:
    """What each queue's actor does in a process."""
    lanes = {lane.value: LaneWork(runtime, lane) for lane in Lane}
    return {**lanes, LETTERS: LetterWork(runtime)}


def declare(broker: dramatiq.Broker, work: Callable[[str], int]) -> Bells:
    """Declare the actors on a broker; gives the bells that call them.

    No retries: the database knows what is due, and the clock rings again.
    """

    def bell(queue: str) -> Callable[[], None]:
        @dramatiq.actor(
            actor_name=f"send_{queue}",
            queue_name=queue,
            broker=broker,
            max_retries=0,
        )
        def send() -> None:
            work(queue)

        def ring() -> None:
            send.send()

        return ring

    return {queue: bell(queue) for queue in QUEUES}

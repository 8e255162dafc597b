"""The jobs behind the doorbell: an actor and a queue for each lane, letters, and link checks."""

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
CHECKS = "checks"
QUEUES = (*(lane.value for lane in Lane), LETTERS, CHECKS)

Bells = Mapping[str, Callable[[], None]]
"""For each queue what to call so that somebody looks for due work."""


class Work(ABC):
    """Does what is due in one queue; at most one run at a time in a process.

    One run keeps its connections busy, so a second one would only compete with it.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._busy = threading.Lock()

    def run(self) -> int:
        """Work until nothing is due; at once back with 0 where a run is going on."""
        if not self._busy.acquire(blocking=False):
            return 0
        try:
            return self._work()
        finally:
            self._busy.release()

    def close(self) -> None:
        """Give back what is kept from run to run, when the run that is going on has ended."""
        with self._busy:
            self._let_go()

    @abstractmethod
    def _work(self) -> int: ...

    @abstractmethod
    def _let_go(self) -> None: ...


class SendingWork(Work):
    """Work with a channel, kept from run to run with its open connections, and no other queue's."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(runtime)
        self._channel: Channel | None = None

    def _work(self) -> int:
        if self._channel is None:
            self._channel = self._runtime.open_channel()
        return self._send(self._channel)

    def _let_go(self) -> None:
        """Say goodbye to the server."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    @abstractmethod
    def _send(self, channel: Channel) -> int: ...


class LaneWork(SendingWork):
    """Sends one lane's deliveries."""

    def __init__(self, runtime: Runtime, lane: Lane) -> None:
        super().__init__(runtime)
        self._lane = lane

    def _send(self, channel: Channel) -> int:
        return Sender(self._runtime, self._lane, channel).run()


class LetterWork(SendingWork):
    """Sends letters, over one connection."""

    def _send(self, channel: Channel) -> int:
        return Post(self._runtime, channel).run()


class CheckWork(Work):
    """Looks at the links that people reported."""

    def _work(self) -> int:
        from workers.checker import Checker  # what reads pages is loaded when there is one

        return Checker(self._runtime).run()

    def _let_go(self) -> None:
        """Nothing is kept."""


def every_work(runtime: Runtime) -> Mapping[str, Work]:
    """What each queue's actor does in a process."""
    lanes = {lane.value: LaneWork(runtime, lane) for lane in Lane}
    return {**lanes, LETTERS: LetterWork(runtime), CHECKS: CheckWork(runtime)}


def declare(broker: dramatiq.Broker, work: Callable[[str], int]) -> Bells:
    """Declare the actors on a broker; gives the bells that call them.

    No retries: the database knows what is due, and the clock rings again.
    """

    def bell(queue: str) -> Callable[[], None]:
        @dramatiq.actor(
            actor_name="check_links" if queue == CHECKS else f"send_{queue}",
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

"""Set up for `dramatiq workers.main:setup`: a process that answers the doorbell on Redis."""

import dramatiq
from dramatiq.middleware import Middleware

from cascade import logs
from cascade.config import load
from cascade.database import connect
from cascade.errors import BadInput
from cascade.sending.states import Lane
from workers.broker import redis_broker
from workers.jobs import LaneWork, declare
from workers.runtime import Runtime, make_runtime


class _Process(Middleware):
    """Opens what the process works with when it starts, and lets it finish when it stops."""

    def __init__(self) -> None:
        self._lanes: dict[Lane, LaneWork] = {}
        self._runtime: Runtime | None = None

    def after_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        settings = load()
        self._runtime = make_runtime(settings, connect(settings.database_url))
        self._lanes = {lane: LaneWork(self._runtime, lane) for lane in Lane}

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        if self._runtime is not None:
            self._runtime.stopping.set()

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        for lane in self._lanes.values():
            lane.close()

    def work(self, lane: Lane) -> int:
        return self._lanes[lane].run() if self._lanes else 0


def setup() -> None:
    """Connect to the doorbell and declare the jobs; dramatiq calls it in each process."""
    logs.configure()
    settings = load()
    if settings.redis_url is None:
        raise BadInput(
            "CASCADE_REDIS_URL is not set: without it everything runs in one process. "
            "Start `cascade serve` instead, or set it to the address of a Redis server."
        )
    process = _Process()
    broker = redis_broker(settings.redis_url, process)
    dramatiq.set_broker(broker)
    declare(broker, process.work)

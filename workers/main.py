"""Set up for `dramatiq workers.main:setup`: a process that answers the doorbell on Redis."""

from collections.abc import Mapping
from contextlib import ExitStack

import dramatiq
from dramatiq.middleware import Middleware

from cascade import logs
from cascade.config import load
from cascade.database import connect
from cascade.errors import BadInput
from workers.beat import beating
from workers.jobs import Work, declare, every_work
from workers.redis_broker import redis_broker
from workers.runtime import Runtime, make_runtime


class _Process(Middleware):
    """Opens what the process works with when it starts, and lets it finish when it stops."""

    def __init__(self) -> None:
        self._works: Mapping[str, Work] = {}
        self._runtime: Runtime | None = None
        self._beating = ExitStack()

    def after_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        settings = load()
        self._runtime = make_runtime(settings, connect(settings.database_url))
        self._works = every_work(self._runtime)
        sign = beating(self._runtime.database, self._runtime.holder, "sending", self._runtime.now)
        self._beating.enter_context(sign)

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        if self._runtime is not None:
            self._runtime.stopping.set()

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        for work in self._works.values():
            work.close()
        self._beating.close()

    def work(self, queue: str) -> int:
        return self._works[queue].run() if self._works else 0


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

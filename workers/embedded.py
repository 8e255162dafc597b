"""Everything in one process: in-process doorbell, worker threads and clock, no server needed.

Safe to kill, because the queue of record is the database: the doorbell only says "look".
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dramatiq import Worker

from workers.beat import beating
from workers.broker import embedded_broker
from workers.clock import Clock
from workers.editions import Editions
from workers.jobs import declare, every_work
from workers.runtime import Runtime

_WAKE_UP = 50
"""Milliseconds after which an idle worker thread looks whether it should end."""


@contextmanager
def running(runtime: Runtime) -> Iterator[None]:
    """Send what is due, in the background, until the block ends; what is in flight is finished."""
    works = every_work(runtime)
    broker = embedded_broker()
    bells = declare(broker, lambda queue: works[queue].run())
    worker = Worker(broker, worker_threads=len(works), worker_timeout=_WAKE_UP)
    editions = Editions(runtime.database, runtime.sign_off, runtime.links.base_url)
    clock = Clock(
        runtime.database,
        bells,
        runtime.now,
        follow_up=runtime.follow_up,
        editions=editions,
        home=runtime.links.base_url,
    )
    ticking = threading.Thread(target=clock.run, args=(runtime.stopping,), name="clock")
    worker.start()
    ticking.start()
    try:
        with beating(runtime.database, runtime.holder, "sending", runtime.now):
            yield
    finally:
        runtime.stopping.set()
        ticking.join()
        worker.stop()
        for work in works.values():
            work.close()
        broker.close()

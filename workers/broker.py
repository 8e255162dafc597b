"""The doorbell inside a process, and what every doorbell has."""

import dramatiq
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import Middleware, Retries, ShutdownNotifications


def embedded_broker(*extra: Middleware) -> dramatiq.Broker:
    """The doorbell inside one process."""
    broker = StubBroker(middleware=[*middleware(), *extra])
    broker.emit_after("process_boot")
    return broker


def middleware() -> list[Middleware]:
    """What a broker is given in place of dramatiq's own choice."""
    # No TimeLimit: what it raises isn't an Exception and may strike between two statements. A run
    # ends by itself when nothing is due, and every wait for the network has a time-out. No
    # AgeLimit: a bell carries nothing, so an old one that is answered late starts what is due now.
    return [ShutdownNotifications(), Retries(max_retries=0)]

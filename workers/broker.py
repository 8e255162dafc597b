"""The two doorbells: Redis between processes, and one inside a process."""

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import Middleware, Retries, ShutdownNotifications
from redis import Redis

HEARTBEAT = 5_000
"""Milliseconds after which the messages of a dead worker go to others."""

PATIENCE = 5
"""Seconds that a server may take to say that it is there."""


def redis_broker(url: str, *extra: Middleware) -> dramatiq.Broker:
    """The doorbell of an installation with workers of its own."""
    return RedisBroker(  # type: ignore[no-untyped-call]
        url=url,
        middleware=[*_middleware(), *extra],
        heartbeat_timeout=HEARTBEAT,
        maintenance_chance=10_000,
    )


def ask(url: str) -> None:
    """Raise RedisError unless the doorbell's server answers within a few seconds."""
    patience = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    with Redis.from_url(url, **patience) as client:
        client.ping()


def embedded_broker(*extra: Middleware) -> dramatiq.Broker:
    """The doorbell inside one process."""
    broker = StubBroker(middleware=[*_middleware(), *extra])
    broker.emit_after("process_boot")
    return broker


def _middleware() -> list[Middleware]:
    # No TimeLimit: what it raises isn't an Exception and may strike between two statements. A run
    # ends by itself when nothing is due, and every wait for the network has a time-out. No
    # AgeLimit: a bell carries nothing, so an old one that is answered late starts what is due now.
    return [ShutdownNotifications(), Retries(max_retries=0)]

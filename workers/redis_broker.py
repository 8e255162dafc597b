"""The doorbell between processes; apart, because one process alone does without all of Redis."""

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import BrokerError
from dramatiq.middleware import Middleware
from redis import Redis
from redis.exceptions import RedisError

from workers.broker import middleware

AWAY = (RedisError, BrokerError)
"""What is raised while its server can't be reached."""

HEARTBEAT = 5_000
"""Milliseconds after which the messages of a dead worker go to others."""

PATIENCE = 5
"""Seconds that a server may take to say that it is there."""


def redis_broker(url: str, *extra: Middleware) -> dramatiq.Broker:
    """The doorbell of an installation with workers of its own."""
    return RedisBroker(  # type: ignore[no-untyped-call]
        url=url,
        middleware=[*middleware(), *extra],
        heartbeat_timeout=HEARTBEAT,
        maintenance_chance=10_000,
    )


def ask(url: str) -> None:
    """Raise RedisError unless the doorbell's server answers within a few seconds."""
    patience = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    with Redis.from_url(url, **patience) as client:
        client.ping()

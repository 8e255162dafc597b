"""The SMTP channel: one mail server, a few kept connections."""

import ssl
from collections.abc import Iterator
from time import monotonic

from channels.base import Outgoing, Record
from channels.smtp.address import SmtpAddress
from channels.smtp.connection import Connection
from channels.smtp.exchange import Exchange, Limits
from channels.smtp.opening import Opened, open_connection, verifying


class SmtpChannel:
    """Sends by SMTP over up to `connections` connections; belongs to one thread.

    `timeout` is how long, in seconds, the server may stay silent; `body_timeout`, when it has a
    whole message to look into (RFC 5321, 4.5.3.2.6): who does not wait, sends it twice.
    Connections are kept between calls of `send` for `max_idle` seconds and closed after
    `messages_per_connection` (0: never). `hello` is our name in EHLO. `tls_context` replaces the
    default, which verifies certificates.
    """

    def __init__(
        self,
        address: SmtpAddress,
        *,
        connections: int = 8,
        timeout: float = 30.0,
        body_timeout: float = 600.0,
        hello: str = "",
        max_idle: float = 30.0,
        messages_per_connection: int = 0,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        self._address = address
        self._limits = Limits(connections, timeout, body_timeout, messages_per_connection)
        self._hello = hello
        self._max_idle = max_idle
        # Reading the system's certificates takes a while, and is of no use without TLS.
        self._context = tls_context or (None if address.tls == "none" else verifying())
        self._kept: list[Connection] = []

    def send(self, messages: Iterator[Outgoing], record: Record) -> None:
        """Send all messages, as `channels.base.Channel` promises."""
        exchange = Exchange(self._limits, self._open, self._usable(), messages, record)
        try:
            exchange.run()
        except BaseException:
            _close(exchange.idle)
            raise
        finally:
            exchange.close()
        self._keep(exchange.idle)

    def close(self) -> None:
        """Say goodbye on all kept connections."""
        _close(self._kept)
        self._kept = []

    def _open(self) -> Opened:
        return open_connection(
            self._address, hello=self._hello, timeout=self._limits.timeout, context=self._context
        )

    def _keep(self, connections: list[Connection]) -> None:
        now = monotonic()
        for connection in connections:
            connection.since = now
            # It did work: that it may be found dead next time says nothing about the server.
            connection.dialogue.proven = True
        self._kept = connections

    def _usable(self) -> list[Connection]:
        """The kept connections that still seem to be alive; the others are closed."""
        oldest = monotonic() - self._max_idle
        usable = [c for c in self._kept if c.since >= oldest and c.silent()]
        _close([c for c in self._kept if c not in usable])
        self._kept = []
        return usable


def _close(connections: list[Connection]) -> None:
    for connection in connections:
        connection.close(politely=True)

"""The catcher's SMTP side: aiosmtpd in a thread, on this machine only."""

import asyncio
import re
import socket
import sqlite3
from collections.abc import Awaitable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope

from channels.catcher.store import Arrival, CaughtWriter

_LARGEST = 2**25  # bytes of one message
_PLAIN_PATH = re.compile(r"<([^\s<>@\"]+@[^\s<>@\"]+)>(.*)")


class MailCatcher:
    """Takes all mail on a loopback port (0: any free one) into `path`, from `start` to `stop`."""

    def __init__(self, path: Path, port: int = 0) -> None:
        self._socket = _listening(port)
        self.port: int = self._socket.getsockname()[1]
        self._writer = CaughtWriter(path)
        self._controller = _OnSocket(self._socket, _Inbox(self._writer))

    def start(self) -> None:
        """Begin to answer; returns when the server does."""
        self._controller.start()

    def stop(self) -> None:
        """Stop answering and close the file; what was accepted is in it."""
        self._controller.stop(no_assert=True)
        self._socket.close()
        self._writer.close()


def _listening(port: int) -> socket.socket:
    # The protocol is named because asyncio sets TCP_NODELAY only where it is; without that, each
    # pipelined reply waits 40 ms for the one before.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    sock.listen(128)
    return sock


class _Inbox:
    """Writes what arrives in one turn of the loop together, then lets it be accepted."""

    def __init__(self, writer: CaughtWriter) -> None:
        self._writer = writer
        self._arrivals: list[tuple[Arrival, asyncio.Future[str]]] = []

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer pipelining: aiosmtpd does it, but does not say so."""
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def take(self, envelope: Any) -> str:
        """Keep a message; the reply to its end comes when it is in the file."""
        loop = asyncio.get_running_loop()
        reply: asyncio.Future[str] = loop.create_future()
        now = datetime.now(UTC)
        arrival = Arrival(now, envelope.mail_from or "", envelope.rcpt_tos, envelope.content)
        if not self._arrivals:
            loop.call_soon(self._write)
        self._arrivals.append((arrival, reply))
        return await reply

    def _write(self) -> None:
        arrived, self._arrivals = self._arrivals, []
        try:
            self._writer.add([arrival for arrival, _ in arrived])
            words = "250 2.0.0 Caught"
        except sqlite3.Error as error:
            words = f"451 4.3.0 Cannot be kept: {error}"
        for _, reply in arrived:
            if not reply.done():
                reply.set_result(words)


class _Server(SMTP):
    """Reads a message in a few pieces instead of line by line."""

    line_length_limit = _LARGEST

    async def smtp_DATA(self, arg: str) -> None:
        """Take in one message."""
        if not (self.envelope and self.envelope.rcpt_tos) or arg:
            await self.push("503 5.5.1 DATA comes after RCPT, on its own")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        self.envelope.content = await self._read_message()
        reply = await self.event_handler.take(self.envelope)
        self.envelope = Envelope()
        await self.push(reply)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """Plain paths without aiosmtpd's full parser, which takes longer than all the rest."""
        plain = _PLAIN_PATH.fullmatch(arg)
        if plain:
            return plain[1], plain[2]
        address: tuple[str | None, str | None] = super()._getaddr(arg)
        return address

    async def _read_message(self) -> bytes:
        # As if the line before had ended just now, so that an empty message ends like all others.
        data = bytearray(b"\r\n")
        while not data.endswith(b"\r\n.\r\n"):
            data += await self._reader.readuntil(b".\r\n")
        return bytes(data[:-3]).replace(b"\r\n.", b"\r\n")[2:]


class _OnSocket(Controller):
    """A controller on a socket that is bound already, so that port 0 can be asked for."""

    def __init__(self, sock: socket.socket, inbox: _Inbox) -> None:
        host, port = sock.getsockname()
        super().__init__(inbox, hostname=host, port=port, data_size_limit=_LARGEST)
        self._sock = sock

    def factory(self) -> _Server:
        """One server per connection."""
        return _Server(self.handler, **self.SMTP_kwargs)

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._sock)

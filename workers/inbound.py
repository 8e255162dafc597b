"""Listen for reports and replies over SMTP; a message is taken when the database has it."""

import asyncio
import signal
import threading

import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from cascade.config import Settings
from cascade.database import Database
from cascade.errors import BadInput
from cascade.evidence.inbound import LARGEST, receive
from cascade.links import Links
from workers.beat import beating
from workers.runtime import holder, utc_now

LONGEST_LINE = 65_536
"""Bytes. Returned messages have longer lines than SMTP allows, and losing a report is worse."""

TAKEN = "250 2.0.0 Taken"
TRY_LATER = "451 4.3.0 The message can't be kept now, try again later"

_log = structlog.get_logger()


class Listener(Controller):
    """The SMTP listener, in a thread of its own: `start()` returns when it listens."""

    def __init__(self, address: str, database: Database, links: Links) -> None:
        host, port = _place(address)
        super().__init__(
            _Reception(database, links),
            hostname=host,
            port=port,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            ident="Cascade",
        )

    def factory(self) -> SMTP:
        return _Conversation(self.handler, **self.SMTP_kwargs)


class _Conversation(SMTP):
    line_length_limit = LONGEST_LINE


class _Reception:
    """Takes each message into the database, once for each recipient."""

    def __init__(self, database: Database, links: Links) -> None:
        self._database = database
        self._links = links

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        try:
            # In a thread: other conversations go on while the database works.
            return await asyncio.to_thread(self._take, envelope)
        except Exception:
            # Whatever went wrong here, the report isn't lost: its sender keeps it and comes again.
            _log.exception("inbound.not_kept")
            return TRY_LATER

    def _take(self, envelope: Envelope) -> str:
        content = envelope.original_content
        with self._database.writing() as session:
            results = [
                receive(
                    session,
                    mail_from=envelope.mail_from or "",
                    rcpt_to=rcpt_to,
                    content=content if isinstance(content, bytes) else b"",
                    links=self._links,
                    now=utc_now(),
                )
                for rcpt_to in dict.fromkeys(envelope.rcpt_tos)
            ]
        for one in results:
            _log.info("inbound.received", kind=one.kind, delivery=one.delivery_id)
        return TAKEN


def _place(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise BadInput("CASCADE_INBOUND_LISTEN: should look like 127.0.0.1:8025")
    return host.strip("[]"), int(port)


def run(settings: Settings, database: Database) -> None:
    """Listen until SIGTERM or SIGINT; what isn't taken by then, its sender sends again."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    listener = Listener(
        settings.inbound_listen, database, Links(settings.secret, settings.base_url)
    )
    listener.start()
    _log.info("inbound.listening", address=settings.inbound_listen)
    with beating(database, holder(), "listening", utc_now):
        stopped.wait()
    listener.stop()
    _log.info("inbound.stopped")

"""The listener for reports and replies: taken is in the database, and nothing is lost."""

import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from cascade.database import Database
from cascade.errors import BadInput
from cascade.evidence.records import InboundMessage
from cascade.links import Links
from cascade.sending.records import Delivery, WorkerBeat
from tests.awaiting import awaited
from tests.cascade.evidence.letters import delivery_status, recipient
from tests.cascade.planted import plant
from tests.leash import leashed
from tests.servers import free_port
from workers.inbound import Listener

SECRET = "a secret for tests that is long enough to be one"
LINKS = Links(SECRET, "http://127.0.0.1:8000")


@pytest.fixture
def listener(sqlite_database: Database) -> Iterator[Listener]:
    listener = Listener(f"127.0.0.1:{free_port()}", sqlite_database, LINKS)
    listener.start()
    yield listener
    listener.stop()


@pytest.fixture
def client(listener: Listener) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(listener.hostname, listener.port) as client:
        yield client


def kept(database: Database) -> list[InboundMessage]:
    with database.reading() as session:
        return list(session.scalars(select(InboundMessage)))


def tasks(database: Database) -> list[str]:
    """Of the processes that show a sign of life."""
    with database.reading() as session:
        return list(session.scalars(select(WorkerBeat.task)))


def test_a_bounce_is_in_the_database_when_it_has_been_taken(
    client: smtplib.SMTP, sqlite_database: Database, now: datetime
) -> None:
    with sqlite_database.writing() as session:
        delivery = plant(session, now, ["care-homes"]).deliveries[0]
    to = f"bounces+{LINKS.token('return-path', delivery)}@example.org"
    client.sendmail("", to, delivery_status(recipient()))
    with sqlite_database.reading() as session:
        assert session.get_one(Delivery, delivery).state == "bounced"
    assert kept(sqlite_database)[0].delivery_id == delivery


def test_a_message_for_two_of_our_addresses_is_kept_for_each(
    client: smtplib.SMTP, sqlite_database: Database
) -> None:
    client.sendmail("pat@example.org", ["a@example.org", "b@example.org"], b"Subject: Hi\n\nHi")
    assert {one.rcpt_to for one in kept(sqlite_database)} == {"a@example.org", "b@example.org"}


def test_longer_lines_than_smtp_allows_are_taken(
    client: smtplib.SMTP, sqlite_database: Database
) -> None:
    content = b"Subject: Hi\r\n\r\n" + b"x" * 60_000 + b"\r\n"
    client.sendmail("pat@example.org", "cascade@example.org", content)
    assert kept(sqlite_database)[0].content == content


def test_while_the_database_is_down_the_sender_is_asked_to_come_again(
    client: smtplib.SMTP, sqlite_database: Database
) -> None:
    with sqlite_database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE inbound_messages RENAME TO away"))
    with capture_logs() as logged, pytest.raises(smtplib.SMTPDataError) as refusal:
        client.sendmail("", "cascade@example.org", b"Subject: Hi\n\nHi")
    assert refusal.value.smtp_code == 451
    assert [one["event"] for one in logged] == ["inbound.not_kept"]
    with sqlite_database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO inbound_messages"))
    client.sendmail("", "cascade@example.org", b"Subject: Hi\n\nHi")
    assert len(kept(sqlite_database)) == 1


@pytest.mark.parametrize("address", ["8025", "localhost:", "localhost:mail"])
def test_an_address_without_host_and_port_is_refused_by_name(
    sqlite_database: Database, address: str
) -> None:
    with pytest.raises(BadInput, match="CASCADE_INBOUND_LISTEN"):
        Listener(address, sqlite_database, LINKS)


def test_the_process_takes_mail_and_stops_cleanly_when_it_is_told_to(
    sqlite_url: str, sqlite_database: Database
) -> None:
    port = free_port()
    settings = {
        "CASCADE_DATABASE_URL": sqlite_url,
        "CASCADE_SECRET_KEY": SECRET,
        "CASCADE_INBOUND_LISTEN": f"127.0.0.1:{port}",
    }
    program = (
        "from cascade.config import load; from cascade.database import connect;"
        "from workers.inbound import run; run(load(), connect(load().database_url))"
    )
    process = subprocess.Popen(
        leashed(sys.executable, "-c", program),
        cwd=Path(__file__).parents[2],
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with _connected(port) as client:
            client.sendmail("", "cascade@example.org", b"Subject: Hi\n\nHi")
        awaited(lambda: tasks(sqlite_database) == ["listening"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
    assert len(kept(sqlite_database)) == 1
    assert tasks(sqlite_database) == []


def _connected(port: int) -> smtplib.SMTP:
    for _ in range(300):
        try:
            return smtplib.SMTP("127.0.0.1", port)
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the listener did not start")

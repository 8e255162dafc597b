"""The Procfile, started for real: PostgreSQL, Redis, pages, workers, clock, inbound."""

import os
import shlex
import smtplib
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cascade.bulletins.records import Issue
from cascade.database import Database, connect
from cascade.library.publish import find, publish
from cascade.reposts import using
from cascade.reposts.records import LinkCheck
from tests import servers, world
from tests.awaiting import awaited
from tests.cascade.bulletins import county
from tests.cascade.reposts import sites
from tests.cascade.reposts.conftest import given
from tests.journeys.test_kills import await_sent
from tests.leash import leashed
from tests.smtp_server import SmtpServer

ROOT = Path(__file__).parents[2]
SAID = "Look in on people who live alone near you, and tell them where it is warm this weekend."


def lines() -> dict[str, str]:
    """Process type → command."""
    rows = (ROOT / "Procfile").read_text().splitlines()
    return {name: command.strip() for name, _, command in (row.partition(":") for row in rows)}


def test_the_procfile_has_the_five_processes() -> None:
    assert list(lines()) == ["release", "web", "worker", "clock", "inbound"]


def test_everything_in_the_procfile_runs_together(postgresql_server: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(servers.postgresql_database(postgresql_server, "procfile"))
        server = stack.enter_context(SmtpServer())
        web, mail = servers.free_port(), servers.free_port()
        env = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PORT": str(web),
            "CASCADE_DATABASE_URL": url,
            "CASCADE_REDIS_URL": stack.enter_context(servers.valkey()),
            "CASCADE_SMTP_URL": server.url,
            "CASCADE_SECRET_KEY": world.LINKS.secret,
            "CASCADE_INBOUND_LISTEN": f"127.0.0.1:{mail}",
            "CASCADE_DESK": "open",
            "CASCADE_CHECK_LOOPBACK": "yes",
        }
        commands = lines()
        subprocess.run(shlex.split(commands.pop("release")), env=env, check=True, cwd=ROOT)
        processes = " ".join(commands)
        assert processes == "web worker clock inbound"
        log = stack.enter_context((tmp_path / "honcho.log").open("wb"))
        honcho = subprocess.Popen(
            leashed(
                Path(sys.executable).parent / "honcho",
                "-f",
                ROOT / "Procfile",
                "start",
                *commands,
            ),
            env=env,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        # It gives each process a group of its own, so only it can end them all.
        stack.callback(servers.end_with_children, honcho)

        database = connect(url)
        with database.writing() as session:
            world.add_people(session, 40)
            world.publish_toolkit(session)
            cascade = world.send(session, datetime.now(UTC)).cascade or 0
        await_sent(url, cascade)

        assert len(server.accepted) == 40
        page = _get_when_ready(f"http://127.0.0.1:{web}/readyz")
        assert page.status_code == 200, page.text
        page = httpx.get(f"http://127.0.0.1:{web}/cascades/{cascade}", timeout=60)
        assert "Cold snap" in page.text
        _bounce(mail, server)
        assert world.states(database, cascade) == {"accepted": 39, "bounced": 1}
        there = stack.enter_context(sites.site())
        there.answers["/news"] = sites.page(f"<p>{SAID}</p>".encode())
        with database.writing() as session:
            _report(session, there.at("/news"))
            county.bulletin(session, segments=["care-homes"], now=datetime.now(UTC))
        awaited(lambda: _found(database, select(LinkCheck.state)) == "seen", 30)
        awaited(lambda: _found(database, select(Issue.number)) == 1, 30)
        database.close()


def _report(session: Session, link: str) -> None:
    """Somebody says that they used the toolkit on a page, for a worker to look at."""
    now = datetime.now(UTC)
    publish(session, county.text("neighbours", key_messages=f"[{SAID!r}]"), by="Ann", now=now)
    toolkit = find(session, "neighbours")
    typed = given(link=link, used_on=now.date().isoformat())
    report = using.checked(typed, toolkit.created_at, now, loopback=True)
    using.keep(session, toolkit.id, report, now=now)


def _found(database: Database, query: Select[Any]) -> Any:
    with database.reading() as session:
        return session.scalar(query)


def _get_when_ready(url: str) -> httpx.Response:
    deadline = time.monotonic() + 30
    while True:
        try:
            return httpx.get(url, timeout=60)
        except httpx.ConnectError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def _bounce(port: int, server: SmtpServer) -> None:
    """Report one of the accepted messages as undeliverable, as its mail server would."""
    gone = server.accepted[0]
    report = f"""From: MAILER-DAEMON@example.org
To: {gone.sender}
Subject: Undeliverable
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; {gone.recipient}
Action: failed
Status: 5.1.1
--b--
"""
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.sendmail("", [gone.sender], report.replace("\n", "\r\n"))

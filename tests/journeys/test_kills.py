"""Kill processes while messages go out: nothing is lost, next to nothing repeated."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import redis

from cascade.database import connect
from tests import servers, world
from tests.leash import leashed
from tests.smtp_server import SmtpServer

CONNECTIONS = 4
BIN = Path(sys.executable).parent


def environment(database_url: str, server: SmtpServer, **more: str) -> dict[str, str]:
    """Settings for processes of the test's."""
    return {
        **os.environ,
        "CASCADE_DATABASE_URL": database_url,
        "CASCADE_SMTP_URL": server.url,
        "CASCADE_SMTP_CONNECTIONS": str(CONNECTIONS),
        "CASCADE_SECRET_KEY": world.LINKS.secret,
        "dramatiq_worker_timeout": "100",
        "dramatiq_queue_prefetch": "1",
        **more,
    }


@contextmanager
def process(*command: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own group, ended with everything it started."""
    started = subprocess.Popen(
        leashed(BIN / command[0], *command[1:]),
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield started
    finally:
        kill(started)


def kill(started: subprocess.Popen[bytes]) -> None:
    """kill -9 for a process and everything it started."""
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()


def await_more(server: SmtpServer, number: int, timeout: float = 60) -> None:
    """Wait until the server has taken that many messages."""
    deadline = time.monotonic() + timeout
    while len(server.accepted) < number:
        assert time.monotonic() < deadline, f"{len(server.accepted)} of {number} after {timeout} s"
        time.sleep(0.005)


def assert_nothing_lost(server: SmtpServer, people: int, kills: int) -> None:
    """Everybody has it, and at most one message a kill and connection went out twice."""
    counts = server.message_ids
    assert len(counts) == people
    assert len({message.recipient for message in server.accepted}) == people
    assert sum(counts.values()) - people <= kills * CONNECTIONS


def run_with_kills(database_url: str, server: SmtpServer, people: int, kills: int) -> None:
    """Kill the process that sends at random moments, start it again, let the last one finish."""
    database = connect(database_url)
    cascade = world.planned_cascade(database, people)
    # So that kills are spread over the run, on a machine of any speed.
    server.script.delays["body", "*"] = 0.002
    env = environment(database_url, server)
    chance = random.Random(people)
    for number in range(kills):
        with process("cascade", "work", env=env) as worker:
            await_more(server, people * (number + 1) // (kills + 2) + chance.randrange(20))
            kill(worker)
        expire_leases(database_url)
    subprocess.run(
        [BIN / "cascade", "work", "--until-idle"],
        env=env,
        check=True,
        timeout=120,
        stdout=subprocess.DEVNULL,
    )
    assert_nothing_lost(server, people, kills)
    assert world.states(database, cascade) == {"accepted": people}
    assert world.counted(database, cascade) == {"accepted": people}
    database.close()


def expire_leases(database_url: str) -> None:
    """As if the half minute were over after which a lease is given up."""
    from datetime import UTC, datetime

    from sqlalchemy import update

    from cascade.sending.records import Claim

    database = connect(database_url)
    with database.writing() as session:
        session.execute(update(Claim).values(until=datetime.now(UTC)))
    database.close()


def test_two_kills_lose_nothing(database_url: str) -> None:
    with SmtpServer() as server:
        run_with_kills(database_url, server, people=400, kills=2)


@pytest.mark.soak
def test_twenty_kills_lose_nothing(database_url: str) -> None:
    with SmtpServer() as server:
        run_with_kills(database_url, server, people=5000, kills=20)


def scaled_out(stack: ExitStack, database_url: str, server: SmtpServer, redis_url: str) -> None:
    """Two worker processes and a clock."""
    env = environment(database_url, server, CASCADE_REDIS_URL=redis_url)
    worker = ("dramatiq", "workers.main:setup", "--processes", "2", "--threads", "3")
    stack.enter_context(process(*worker, env=env))
    stack.enter_context(process("cascade", "clock", env=env))


def await_sent(database_url: str, cascade: int, timeout: float = 90) -> None:
    """Wait until the clock calls the cascade sent."""
    database = connect(database_url)
    deadline = time.monotonic() + timeout
    while world.state_of(database, cascade) != "sent":
        assert time.monotonic() < deadline, world.states(database, cascade)
        time.sleep(0.1)
    database.close()


def test_a_wiped_redis_loses_and_repeats_nothing(postgresql_url: str) -> None:
    database = connect(postgresql_url)
    with ExitStack() as stack:
        server = stack.enter_context(SmtpServer())
        server.script.delays["body", "*"] = 0.002
        redis_url = stack.enter_context(servers.valkey())
        cascade = world.planned_cascade(database, 600)
        scaled_out(stack, postgresql_url, server, redis_url)
        await_more(server, 150)

        with redis.Redis.from_url(redis_url) as client:
            client.flushall()
        await_sent(postgresql_url, cascade)

        assert len(server.message_ids) == 600
        assert set(server.message_ids.values()) == {1}
    assert world.counted(database, cascade) == {"accepted": 600}
    database.close()


@pytest.mark.soak
def test_a_mail_server_down_for_a_minute_loses_nothing(database_url: str) -> None:
    run_with_outage(database_url, people=3000, seconds=60)


def test_a_mail_server_down_for_some_seconds_loses_nothing(sqlite_url: str) -> None:
    run_with_outage(sqlite_url, people=400, seconds=3)


def run_with_outage(database_url: str, people: int, seconds: float) -> None:
    """Take the mail server away in the middle."""
    database = connect(database_url)
    cascade = world.planned_cascade(database, people)
    with SmtpServer() as server, process("cascade", "work", env=environment(database_url, server)):
        server.script.delays["body", "*"] = 0.002
        await_more(server, people // 4)
        server.go_down()
        time.sleep(seconds)
        server.come_back()
        await_sent(database_url, cascade, timeout=180)
        assert len(server.message_ids) == people
        assert sum(server.message_ids.values()) - people <= CONNECTIONS
    assert world.counted(database, cascade) == {"accepted": people}
    database.close()

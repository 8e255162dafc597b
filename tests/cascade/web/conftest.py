"""Fixtures for the pages: a released cascade and a client of the real application on it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from cascade.accounts import passwords
from tests.cascade.web.application import open_app
from tests.cascade.web.mail import catch
from tests.cascade.web.people import QUICK
from tests.cascade.web.scene import Scene, copied, kept, settings, ticking


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Short lines in the log; structlog's own default draws every local variable."""
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
    )
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashed at the least cost there is; the hasher of the house is slow on purpose."""
    monkeypatch.setattr(passwords, "hasher", QUICK)


@pytest.fixture(scope="session")
def released(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scene]:
    """An urgent cascade to three care homes and a pharmacy, to be copied."""
    return kept(sqlite_template, tmp_path_factory.mktemp("released"))


@pytest.fixture
def scene(released: tuple[Path, Scene], tmp_path: Path) -> Iterator[Scene]:
    """A copy of the released cascade."""
    with copied(released, tmp_path) as scene:
        yield scene


@pytest.fixture
def caught(tmp_path: Path) -> Path:
    """The demo catcher's file, with one message in it."""
    return catch(tmp_path / "caught.db")


@pytest.fixture
def app(scene: Scene, caught: Path, now: datetime) -> Flask:
    """The application with every page it has."""
    return open_app(settings(catcher=caught), scene.database, ticking(now))


@pytest.fixture
def closed(scene: Scene, caught: Path, now: datetime) -> Flask:
    """The same where nobody sees anything without an account."""
    return open_app(settings(catcher=caught, desk="link"), scene.database, ticking(now))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client without cookies of the test's own."""
    return app.test_client()

"""Runs commands in this process, with a database of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from cascade.cli import runtime

SECRET = "a secret for tests that is long enough to be one"

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a command with a database of its own."""
    monkeypatch.setenv("CASCADE_DATABASE_URL", f"sqlite:///{tmp_path}/cascade.db")
    monkeypatch.setenv("CASCADE_SECRET_KEY", SECRET)
    runtime.settings.cache_clear()
    runtime.database.cache_clear()

    def invoke(command: click.Command, *words: str, **extra: bytes) -> Result:
        return CliRunner().invoke(command, words, **extra)

    yield invoke
    runtime.database().close()
    runtime.settings.cache_clear()
    runtime.database.cache_clear()

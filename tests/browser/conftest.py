"""A browser, and the real server with a released cascade behind it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from cascade.database import Database
from tests.browser.chromium import browser, context, page
from tests.browser.serving import serving
from tests.cascade.web.mail import catch
from tests.cascade.web.scene import Scene, build, settings, ticking

__all__ = ["browser", "context", "page"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def scene(sqlite_database: Database, now: datetime) -> Scene:
    """An urgent cascade to three care homes and a pharmacy."""
    return build(sqlite_database, now)


@pytest.fixture
def base(scene: Scene, tmp_path: Path, now: datetime) -> Iterator[str]:
    """Where the pages are served."""
    chosen = settings(catcher=catch(tmp_path / "caught.db"))
    with serving(chosen, scene.database, ticking(now)) as address:
        yield address

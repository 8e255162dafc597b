"""A browser, and the real server with a released cascade behind it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from cascade.database import Database
from tests.browser.chromium import launched
from tests.browser.serving import serving
from tests.cascade.web.mail import catch
from tests.cascade.web.scene import Scene, build, settings, ticking


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a module."""
    with launched() as opened:
        yield opened


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile."""
    fresh = browser.new_context(viewport={"width": 1200, "height": 900})
    fresh.set_default_timeout(20_000)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which no script may fail and nothing may break the content policy."""
    opened = context.new_page()
    said: list[str] = []
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    yield opened
    # An answer such as 404 or 422 is a line in the console too, and no fault of the page.
    assert [line for line in said if not line.startswith("Failed to load resource")] == []


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

"""A browser, and the real server with a released cascade behind it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from cascade.accounts import passwords
from tests.browser.chromium import faultless, launched, opened_in
from tests.browser.serving import serving
from tests.cascade.web.mail import catch
from tests.cascade.web.people import QUICK
from tests.cascade.web.scene import Scene, copied, kept, settings, ticking


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
    with opened_in(browser) as fresh:
        yield fresh


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which no script may fail and nothing may break the content policy."""
    opened = context.new_page()
    with faultless(opened):
        yield opened


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
def base(scene: Scene, tmp_path: Path, now: datetime) -> Iterator[str]:
    """Where the pages are served."""
    chosen = settings(catcher=catch(tmp_path / "caught.db"))
    with serving(chosen, scene.database, ticking(now)) as address:
        yield address

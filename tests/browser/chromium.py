"""A real Chromium without a window."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

_PATIENCE = 20_000
"""Milliseconds. A page that is late on a busy machine is no fault; what never comes, is."""
expect.set_options(timeout=_PATIENCE)

WIDE: ViewportSize = {"width": 1200, "height": 900}
_FLAGS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser; it keeps an event loop in this thread, so close it before others start one."""
    program = shutil.which("chromium")
    assert program, "no Chromium here: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened_in(browser: Browser, *, scripts: bool = True) -> Iterator[BrowserContext]:
    """A fresh profile."""
    fresh = browser.new_context(viewport=WIDE, java_script_enabled=scripts)
    fresh.set_default_timeout(_PATIENCE)
    yield fresh
    fresh.close()


@contextmanager
def faultless(page: Page) -> Iterator[None]:
    """No script may fail meanwhile, and nothing may break the content policy."""
    said: list[str] = []

    def note_error(error: Error) -> None:
        said.append(str(error))

    def note_line(line: ConsoleMessage) -> None:
        # An answer such as 404 or 422 is a line in the console too, and no fault of the page.
        if line.type == "error" and not line.text.startswith("Failed to load resource"):
            said.append(line.text)

    page.on("pageerror", note_error)
    page.on("console", note_line)
    yield
    page.remove_listener("pageerror", note_error)
    page.remove_listener("console", note_line)
    assert not said, "\n".join(said)

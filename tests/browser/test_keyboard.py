"""From a mistake to a release and an answer, by keyboard alone."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from cascade.accounts.permissions import Role
from tests.browser.chromium import faultless, opened_in
from tests.browser.keys import Keys
from tests.browser.screens import FOLDER
from tests.browser.serving import serving
from tests.cascade.accounts.people import PASSWORD, turn_on
from tests.cascade.web.people import link, person
from tests.cascade.web.scene import Scene, settings, ticking

RECORD = "RECORD_KEYBOARD"
"""Set by `make screens`: the journey then writes down what was pressed."""


@pytest.fixture
def base(scene: Scene) -> Iterator[str]:
    with serving(settings(desk="link"), scene.database, ticking(scene.now)) as address:
        yield address


@pytest.fixture
def people(scene: Scene) -> dict[str, str]:
    """The links that sign each of them in; the author has a password."""
    found = {}
    for name, role in (("Ann", Role.AUTHOR), ("Cy", Role.APPROVER), ("Fay", Role.RELEASER)):
        who = person(scene.database, scene.now, role, email=f"{name}@example.org", name=name)
        turn_on(scene.database, who, scene.now) if role is Role.RELEASER else None
        found[name] = f"/desk/{link(scene.database, who, 'sign-in', scene.now)}"
    return found


@pytest.fixture
def hands(browser: Browser) -> Iterator[list[Keys]]:
    """Everybody's keys, in the order in which they came."""
    with ExitStack() as stack:
        there: list[Keys] = []
        for who in ("The author", "The approver", "The releaser", "A care home manager"):
            page = stack.enter_context(opened_in(browser)).new_page()
            stack.enter_context(faultless(page))
            there.append(Keys(page, who))
        yield there


def write(hand: Keys, base: str) -> str:
    """Sign in with a password, submit a mistake, mend it; gives the address of the version."""
    hand.open(f"{base}/sign-in?next=/drafts/1", "Sign in page")
    hand.to("Email address").type("ann@example.org")
    hand.to("Password").type(PASSWORD)
    hand.press("Enter")
    hand.sees("Cold weather alert")
    hand.skip()
    hand.to("The toolkit, in Markdown")
    hand.press("Control+End")
    hand.type("\n::: for care-homs\nKeep warm.\n:::\n")
    hand.to("Save and submit").press("Enter")
    hand.is_told("was not submitted")
    hand.to(re.compile("^Line 3"), among="link").press("Enter")
    expect(hand.page.get_by_label("The toolkit, in Markdown")).to_be_focused()
    hand.type("::: for care-homes")
    hand.to("Save and submit").press("Enter")
    hand.page.wait_for_url("**/versions/*")
    return urlsplit(hand.page.url).path


def approve(hand: Keys, base: str, way_in: str, version: str) -> None:
    hand.open(base + way_in, "Sign-in link")
    hand.to("Sign in").press("Enter")
    hand.sees("What waits for you")
    hand.skip()
    hand.to("Cold weather alert").press("Enter")
    hand.page.wait_for_url(f"**{version}")
    hand.to("Approve this text").press("Enter")
    hand.sees("Approved by")


def release(hand: Keys, base: str, way_in: str, version: str) -> None:
    """The path of a release: a step too early, back at once, and on to the end."""
    hand.open(base + way_in, "Sign-in link")
    hand.to("Sign in").press("Enter")
    hand.sees("What waits for you")
    hand.open(base + version, "The text")
    hand.to("Release it").press("Enter")
    hand.sees("Who gets this?")
    hand.to("Continue").press("Enter")
    hand.is_told("Choose who gets this")
    hand.press("Tab", "Enter")
    hand.expect("Care homes").press("Space")
    hand.to("Continue").press("Enter")
    hand.sees("How urgent is it?")
    hand.to("Immediate").press("ArrowDown", "ArrowDown")
    hand.expect("Important")
    hand.to("Continue").press("Enter")
    hand.sees("When does it go out?")
    hand.to("Now")
    hand.to("Continue").press("Enter")
    hand.sees("A last look")
    hand.to(re.compile("^Release")).press("Enter")
    hand.page.wait_for_url("**/cascades/2")
    hand.sees("Undo the release")


def confirm(hand: Keys, base: str, path: str) -> None:
    hand.open(base + path, "The message of a care home")
    hand.to("Send your answer").press("Enter")
    hand.is_told("There is a problem")
    hand.press("Tab", "Enter")
    hand.press("Space", "ArrowDown")
    hand.to("Your name").type("Jo Bloggs")
    hand.to("Your role").type("Manager")
    hand.to("Send your answer").press("Enter")
    hand.sees("Thank you")


def test_a_message_is_written_approved_released_and_answered_by_keyboard_alone(
    hands: list[Keys], base: str, people: dict[str, str], scene: Scene
) -> None:
    author, approver, releaser, reader = hands
    version = write(author, base)
    approve(approver, base, people["Cy"], version)
    release(releaser, base, people["Fay"], version)
    confirm(reader, base, scene.confirm_path())

    if os.environ.get(RECORD):
        lines = [line for hand in hands for line in hand.told()]
        _keep(FOLDER / "keyboard.md", lines)


def _keep(file: Path, lines: list[str]) -> None:
    head = [
        "# By keyboard alone",
        "",
        "Written down by `tests/browser/test_keyboard.py` when `make screens` runs it: each key,",
        "and what has the focus after it. No mouse is used; at each step the focus is seen.",
    ]
    file.write_text("\n".join([*head, *lines]) + "\n", "utf-8")

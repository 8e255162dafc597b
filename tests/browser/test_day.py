"""A day in the cell: five people, their browsers, real mail, from an invitation to the answers."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from cascade.database import Database, connect
from tests import world
from tests.awaiting import awaited
from tests.browser.chromium import faultless, opened_in
from tests.browser.serving import listening, serving
from tests.cascade.accounts.people import PASSWORD, code, turn_on
from tests.cascade.sending.mail import read, text
from tests.cascade.web.people import person
from tests.cascade.web.scene import settings
from tests.smtp_server import SmtpServer
from workers.embedded import running
from workers.runtime import make_runtime, utc_now

HOMES = 3
MISTAKEN = """---
title: Cold weather alert
campaign: Winter 2026
lead: West County ICB
action: Check your heating plan today.
key_messages:
  - Keep rooms at **18°C** or warmer.
---
The weather will be very cold from Saturday in {{ place }}.

::: for care-homs
Check on residents who are at risk.
:::
"""
RIGHT = MISTAKEN.replace("care-homs", "care-homes")
HOLDER = {"Lee": "lee@example.org", "Noor": "noor@example.org"}


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything in one process, behind its real server, with a real mail server beside it."""

    base: str
    database: Database
    mail: SmtpServer
    secrets: dict[str, str]

    def letters(self, to: str) -> list[str]:
        """The texts of what was mailed to somebody."""
        return [text(read(one.raw)) for one in list(self.mail.accepted) if one.recipient == to]


@pytest.fixture
def installation(sqlite_url: str) -> Iterator[Installation]:
    """Care homes, an administrator, an approver and two releasers; nothing is written yet."""
    with ExitStack() as stack:
        database = connect(sqlite_url)
        stack.callback(database.close)
        mail = stack.enter_context(SmtpServer())
        opened, base = listening()
        chosen = settings(base_url=base, smtp_url=mail.url, desk="link")
        now = utc_now()
        with database.writing() as session:
            world.add_people(session, HOMES, now=now)
            world.seed(session)
        person(database, now, "administrator", email="robin@example.org", name="Robin Hale")
        person(database, now, "approver", email="joss@example.org", name="Joss Whitby")
        secrets = {}
        for name, email in HOLDER.items():
            who = person(database, now, "releaser", email=email, name=name)
            # Some minutes ago: a code works once.
            secrets[email] = turn_on(database, who, now - timedelta(minutes=5))[0]
        stack.enter_context(running(make_runtime(chosen, database)))
        stack.enter_context(serving(chosen, database, utc_now, opened))
        yield Installation(base, database, mail, secrets)


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody at a browser of their own."""

    page: Page
    at: Installation

    def come_in(self, email: str) -> None:
        self.page.goto(self.at.base + "/sign-in")
        self.page.get_by_label("Email address").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Sign in")
        if email in self.at.secrets:
            self.page.get_by_label("Code", exact=True).fill(code(self.at.secrets[email], utc_now()))
            self.press("Sign in")
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def write(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=True).fill(words)

    def choose(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).check()

    def sees(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator("body")).to_contain_text(words)


Desks = Callable[[], Desk]


@pytest.fixture(params=["scripts", "no scripts"])
def desks(
    request: pytest.FixtureRequest, browser: Browser, installation: Installation
) -> Iterator[Desks]:
    """A desk for each person, with scripts and without."""
    with ExitStack() as stack:

        def sit_down() -> Desk:
            scripts = request.param == "scripts"
            context = stack.enter_context(opened_in(browser, scripts=scripts))
            page = context.new_page()
            stack.enter_context(faultless(page))
            return Desk(page, installation)

        yield sit_down


def invited(admin: Desk, new: Desk) -> None:
    """An administrator invites an author, who chooses a password from the letter."""
    admin.come_in("robin@example.org")
    admin.page.goto(admin.at.base + "/users/invite")
    admin.write("Email address", "amina@example.org")
    admin.write("Name", "Amina Farah")
    admin.choose("Author")
    admin.press("Invite")
    awaited(lambda: bool(admin.at.letters("amina@example.org")))
    new.page.goto(first_link(admin.at.letters("amina@example.org")[0], "/welcome/"))
    new.write("New password", PASSWORD)
    new.press("Save and sign in")
    expect(new.page.get_by_role("button", name="Sign out")).to_be_visible()


def written(author: Desk) -> str:
    """They write, see a problem, mend it and submit; gives the address of the version."""
    author.follow("Toolkits")
    author.press("Write a new toolkit")
    author.write("The toolkit, in Markdown", MISTAKEN)
    author.press("Save and submit")
    author.sees("was not submitted")
    expect(author.page.get_by_role("link", name="Line 11")).to_be_visible()
    author.write("The toolkit, in Markdown", RIGHT)
    author.press("Save and submit")
    author.page.wait_for_url("**/versions/*")
    return urlsplit(author.page.url).path


def approved(approver: Desk, version: str) -> None:
    """Somebody else finds it on their first page and approves it."""
    approver.come_in("joss@example.org")
    approver.page.goto(approver.at.base)
    approver.follow("Cold weather alert")
    assert urlsplit(approver.page.url).path == version
    approver.press("Approve this text")
    approver.sees("Approved")


def released(first: Desk, second: Desk, version: str) -> None:
    """A third person releases it urgently, and a fourth countersigns from their own first page."""
    first.come_in("lee@example.org")
    first.page.goto(first.at.base + version)
    first.press("Release it")
    first.choose("Care homes")
    first.press("Continue")
    first.choose("Urgent")
    first.press("Continue")
    first.press("Continue")
    first.sees("A second person has to countersign it")
    first.press(re.compile("^Release to 3 people"))
    first.sees(re.compile("countersign", re.IGNORECASE))
    assert not [one for one in first.at.mail.accepted if "care-homes" in one.recipient]

    second.come_in("noor@example.org")
    second.page.goto(second.at.base)
    second.follow("Cold weather alert")
    second.press(re.compile("^Countersign: it goes to 3 people"))
    second.page.wait_for_url("**/cascades/1")


def confirmed(reader: Page, at: Installation, which: int) -> None:
    """A recipient opens the link of their own mail, and answers."""
    home = f"pat{which}@care-homes.example.org"
    awaited(lambda: bool(at.letters(home)))
    reader.goto(first_link(at.letters(home)[0], "/c/"))
    reader.get_by_label("We are acting on it").check()
    reader.get_by_label("Your name").fill("Jo Bloggs")
    reader.get_by_label("Your role").fill("Manager")
    reader.get_by_role("button", name="Send your answer").click()
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()


def first_link(text: str, path: str) -> str:
    """The first link of a letter that leads to such a page."""
    return re.findall(rf"http://\S+{path}[\w.~-]+", text)[0]


def test_five_people_bring_a_message_to_the_care_homes_and_see_who_has_read_it(
    desks: Desks, request: pytest.FixtureRequest
) -> None:
    author = desks()
    invited(desks(), author)
    version = written(author)
    approved(desks(), version)
    first, second = desks(), desks()
    released(first, second, version)

    loads: list[str] = []
    second.page.on("framenavigated", lambda frame: loads.append(frame.url))
    for which in (1, 2):
        confirmed(desks().page, author.at, which)
    total = second.page.get_by_role("region", name="All together")
    if "no scripts" in request.node.name:
        second.follow("Refresh the figures")
    # After the last message a page looks every ten seconds.
    expect(total).to_contain_text("2 of 3 organisations", timeout=15_000)
    expect(total).to_contain_text("3 of 3 messages (100%)")
    assert len(loads) == ("no scripts" in request.node.name)

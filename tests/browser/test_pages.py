"""Every page: without barriers, and as narrow as a small phone."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from cascade.accounts.links import Purpose
from cascade.database import Database
from cascade.evidence.confirm import Answer, confirm
from cascade.sending.states import CascadeState, Tier
from tests.browser.chromium import WIDE, faultless, opened_in
from tests.browser.serving import serving
from tests.cascade.accounts.people import PASSWORD, code, turn_on
from tests.cascade.web.mail import catch
from tests.cascade.web.people import link, person
from tests.cascade.web.scene import NOW, Scene, build, copied, kept, settings, ticking

PAGES = [
    "message",
    "answered",
    "withdrawn",
    "mistaken",
    "broken link",
    "not found",
    "unsubscribe",
    "home",
    "cascade",
    "inbox",
    "mail",
    "sign in",
    "sign in mistaken",
    "code",
    "forgotten",
    "spent link",
    "desk",
    "reset",
    "users as nobody",
]

INSIDE = {
    "account": "/account",
    "change password": "/account/password",
    "second step": "/account/second-step",
    "search": "/search",
    "search for something": "/search?q=o",
    "organisations": "/organisations",
    "organisation": "/organisations/1",
    "organisation to add": "/organisations/new",
    "organisation to change": "/organisations/1/change",
    "contact to add": "/organisations/1/contacts/new",
    "contact": "/organisations/1/contacts/1",
    "order of deputies": "/organisations/1/order",
    "duplicates": "/organisations/duplicates",
    "two side by side": "/organisations/1/merge/2",
    "import": "/organisations/import",
    "segments": "/segments",
    "segment": "/segments/care-homes",
    "segment to add": "/segments/new",
    "suppression list": "/suppressions",
    "address to suppress": "/suppressions/new",
    "users": "/users",
    "invite": "/users/invite",
    "user": "/users/1",
    "roles": "/roles",
    "toolkits": "/toolkits",
    "toolkit help": "/toolkits/help",
    "ready pieces": "/toolkits/snippets",
    "draft": "/drafts/1?format=email&format=text",
    "history of a draft": "/drafts/1/history",
    "revision of a draft": "/drafts/1/history/1",
    "files": "/assets",
    "audit": "/audit",
    "settings": "/settings",
    "send windows": "/settings/windows",
    "look": "/settings/look",
    "tiers": "/settings/tiers",
    "tier": "/settings/tiers/urgent",
    "approvers": "/settings/approvers",
    "health": "/health",
    "cascade signed in": "/cascades/1",
    "recipients": "/cascades/1/recipients",
    "story": "/cascades/1/recipients/1",
    "answers": "/cascades/1/answers",
    "failures": "/cascades/1/failures",
    "not there": "/users/99",
}
"""Pages behind a sign-in, with the way to each."""


_PURPOSES: dict[str, Purpose] = {"desk": "sign-in", "reset": "reset"}


def path(name: str, scene: Scene) -> str:
    """Put the scene into the state that a page is about, and give its address."""
    if name == "answered":
        with scene.database.writing() as session:
            given = Answer("acting", "Jo Bloggs", "Manager", comment="Done " * 40)
            for _ in range(2):
                confirm(session, scene.deliveries[0], given, now=scene.now)
    if name == "withdrawn":
        scene.set_state(CascadeState.WITHDRAWN)
    if name in ("desk", "reset"):
        who = person(scene.database, scene.now, "administrator")
        return f"/{name}/{link(scene.database, who, _PURPOSES[name], scene.now)}"
    if name == "code":
        who = person(scene.database, scene.now)
        turn_on(scene.database, who, scene.now)
    return {
        "broken link": "/c/x",
        "not found": "/nowhere",
        "unsubscribe": scene.unsubscribe_path(),
        "home": "/",
        "cascade": "/cascades/1",
        "inbox": "/inbox/",
        "mail": "/inbox/1",
        "sign in": "/sign-in",
        "sign in mistaken": "/sign-in",
        "code": "/sign-in",
        "forgotten": "/forgotten",
        "spent link": "/reset/x",
        "users as nobody": "/users",
    }.get(name, scene.confirm_path())


def visit(page: Page, base: str, name: str, scene: Scene) -> None:
    page.goto(base + path(name, scene))
    if "mistaken" in name:
        page.locator("main form button").click()
        page.get_by_role("alert").wait_for()
    if name == "code":
        sign_in(page)
        page.get_by_role("heading", name="Enter your code").wait_for()


def sign_in(page: Page) -> None:
    page.get_by_label("Email address").fill("jo@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def barriers(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barriers_and_fits_a_small_phone(
    page: Page, base: str, scene: Scene, name: str
) -> None:
    visit(page, base, name, scene)

    assert barriers(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert barriers(page) == []


def welcome_somebody(scene: Scene) -> None:
    """Somebody with every role and a long name."""
    roles = ("administrator", "releaser", "author", "approver")
    person(scene.database, scene.now, *roles, name="Josephine Bloggs-Featherstonehaugh")


@pytest.fixture
def inside(page: Page, base: str, scene: Scene) -> Page:
    """A browser that somebody with much to see is signed in with, who lacks a second step."""
    welcome_somebody(scene)
    page.goto(base + "/sign-in")
    sign_in(page)
    page.get_by_role("button", name="Sign out").wait_for()
    return page


@pytest.fixture(scope="module")
def shared(
    browser: Browser, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Page, str]]:
    """The same on a scene that no test changes, with the address: built once for all pages."""
    folder = tmp_path_factory.mktemp("shared")
    with copied(kept(sqlite_template, folder), folder) as scene:
        welcome_somebody(scene)
        chosen = settings(catcher=catch(folder / "caught.db"))
        with serving(chosen, scene.database, ticking(NOW)) as base, opened_in(browser) as context:
            page = context.new_page()
            page.goto(base + "/sign-in")
            sign_in(page)
            page.get_by_role("button", name="Sign out").wait_for()
            yield page, base


@pytest.mark.parametrize("name", INSIDE)
def test_a_page_behind_a_sign_in_has_no_barriers_and_fits_a_small_phone(
    shared: tuple[Page, str], name: str
) -> None:
    page, base = shared
    page.set_viewport_size(WIDE)
    with faultless(page):
        page.goto(base + INSIDE[name])

        assert barriers(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert barriers(page) == []


def test_a_second_step_is_set_up_and_asked_for_without_barriers(
    inside: Page, base: str, scene: Scene
) -> None:
    inside.goto(base + "/account/second-step")
    key = inside.locator(".app-key").inner_text().replace(" ", "")
    assert inside.locator(".app-qr").evaluate("image => image.naturalWidth") > 100
    inside.get_by_label("Code", exact=True).fill("000000")
    inside.get_by_role("button", name="Turn it on").click()
    inside.get_by_role("alert").wait_for()
    assert barriers(inside) == []
    inside.get_by_label("Code", exact=True).fill(code(key, scene.now))
    inside.get_by_role("button", name="Turn it on").click()

    inside.get_by_role("heading", name="Your recovery codes").wait_for()
    assert barriers(inside) == []
    recovery = inside.locator(".app-codes li").first.inner_text()
    inside.get_by_role("button", name="Sign out").click()
    sign_in(inside)
    inside.get_by_label("Code", exact=True).fill(recovery)
    inside.get_by_role("button", name="Sign in").click()
    inside.get_by_role("button", name="Sign out").wait_for()
    for address in ("/account/second-step", "/account/recovery-codes", "/account"):
        inside.goto(base + address)
        assert barriers(inside) == []


def test_a_role_that_does_not_allow_it_has_a_page_without_barriers(
    page: Page, base: str, scene: Scene
) -> None:
    person(scene.database, scene.now)
    page.goto(base + "/sign-in?next=/audit")
    sign_in(page)

    page.get_by_role("heading", name="Your role does not allow this").wait_for()
    assert barriers(page) == []


def test_without_scripts_people_sign_in_and_out(browser: Browser, base: str, scene: Scene) -> None:
    person(scene.database, scene.now)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + "/account")
    sign_in(page)
    page.get_by_role("heading", name="Your account").wait_for()
    page.get_by_role("button", name="Sign out").click()

    page.get_by_role("heading", name="Sign in").wait_for()
    context.close()


@pytest.fixture
def drill(sqlite_database: Database, now: datetime) -> Iterator[tuple[str, Scene]]:
    """A routine exercise, and an address where its pages are served."""
    scene = build(sqlite_database, now, tier=Tier.ROUTINE, exercise=True)
    with serving(settings(), scene.database, ticking(now)) as address:
        yield address, scene


def test_an_exercise_and_an_unsubscribed_page_have_no_barriers(
    page: Page, drill: tuple[str, Scene]
) -> None:
    address, scene = drill
    page.goto(address + scene.confirm_path())
    assert barriers(page) == []
    page.goto(address + scene.unsubscribe_path())
    page.get_by_label("Stop sending them").check()
    page.get_by_role("button", name="Save").click()

    page.get_by_role("heading", name="You get no routine messages").wait_for()
    assert barriers(page) == []


def test_an_empty_desk_has_no_barriers(
    page: Page, sqlite_database: Database, now: datetime
) -> None:
    with serving(settings(), sqlite_database, ticking(now)) as address:
        page.goto(address)
        assert barriers(page) == []

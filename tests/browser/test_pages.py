"""Pages for recipients and for coming in, in each state: no barriers, fit for a small phone."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page

from cascade.accounts.links import Purpose
from cascade.database import Database
from cascade.evidence.confirm import Answer, confirm
from cascade.sending.states import CascadeState, Tier
from tests.browser.axe import barriers, check
from tests.browser.serving import serving
from tests.cascade.accounts.people import PASSWORD, code, turn_on
from tests.cascade.web.people import link, person
from tests.cascade.web.scene import Scene, build, settings, ticking

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


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barriers_and_fits_a_small_phone(
    page: Page, base: str, scene: Scene, name: str
) -> None:
    visit(page, base, name, scene)

    check(page)


@pytest.fixture
def inside(page: Page, base: str, scene: Scene) -> Page:
    """A browser that somebody with much to see is signed in with, who lacks a second step."""
    roles = ("administrator", "releaser", "author", "approver")
    person(scene.database, scene.now, *roles, name="Josephine Bloggs-Featherstonehaugh")
    page.goto(base + "/sign-in")
    sign_in(page)
    page.get_by_role("button", name="Sign out").wait_for()
    return page


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

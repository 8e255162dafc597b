"""Every page: without barriers, and as narrow as a small phone."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from cascade.database import Database
from cascade.evidence.confirm import Answer, confirm
from cascade.sending.states import CascadeState, Tier
from cascade.web.desk import desk_link
from tests.browser.serving import serving
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
    "desk",
]


def path(name: str, scene: Scene) -> str:
    """Put the scene into the state that a page is about, and give its address."""
    if name == "answered":
        with scene.database.writing() as session:
            given = Answer("acting", "Jo Bloggs", "Manager", comment="Done " * 40)
            for _ in range(2):
                confirm(session, scene.deliveries[0], given, now=scene.now)
    if name == "withdrawn":
        scene.set_state(CascadeState.WITHDRAWN)
    return {
        "broken link": "/c/x",
        "not found": "/nowhere",
        "unsubscribe": scene.unsubscribe_path(),
        "home": "/",
        "cascade": "/cascades/1",
        "inbox": "/inbox/",
        "mail": "/inbox/1",
        "desk": desk_link(settings(), scene.now).removeprefix(settings().base_url),
    }.get(name, scene.confirm_path())


def visit(page: Page, base: str, name: str, scene: Scene) -> None:
    page.goto(base + path(name, scene))
    if name == "mistaken":
        page.get_by_role("button", name="Send your answer").click()


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

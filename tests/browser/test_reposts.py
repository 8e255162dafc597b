"""What groups do with a toolkit, in a browser: a taker's own pages, and a frame on another site."""

import pytest
from playwright.sync_api import Browser

from cascade.database import connect
from tests.browser.axe import check
from tests.browser.chromium import faultless, opened_in
from tests.browser.serving import serving
from tests.cascade.reposts.sites import page as answer
from tests.cascade.reposts.sites import site
from tests.cascade.web.scene import NOW, build, settings, ticking

pytestmark = pytest.mark.browser


def test_a_taker_tells_where_and_that_no_letters_are_wanted(
    browser: Browser, sqlite_url: str
) -> None:
    database = connect(sqlite_url)
    scene = build(database, NOW)
    token = scene.links.token("used", 1)
    with serving(settings(), database, ticking(NOW)) as base, opened_in(browser) as context:
        page = context.new_page()
        with faultless(page):
            page.goto(f"{base}/t/{token}/used")
            check(page)
            page.get_by_label("A noticeboard").check()
            page.get_by_label("When?").fill("2026-11-21")
            page.get_by_role("button", name="Send").click()
            page.get_by_role("heading", name="Thank you").wait_for()
            check(page)
            page.goto(f"{base}/t/{token}/stop")
            check(page)
            page.get_by_label("Never ask me").check()
            page.get_by_role("button", name="Save").click()
            page.get_by_role("heading", name="We do not ask you any more").wait_for()
            check(page)
    database.close()


def test_a_toolkit_stands_in_a_frame_of_another_site(browser: Browser, sqlite_url: str) -> None:
    database = connect(sqlite_url)
    build(database, NOW)
    with (
        serving(settings(), database, ticking(NOW)) as base,
        site() as club,
        opened_in(browser) as context,
    ):
        frames = "".join(
            f'<iframe title="{name}" src="{base}/embed/{name}"></iframe>'
            for name in ("cold-snap", "absent")
        )
        club.answers["/"] = answer(f"<!DOCTYPE html><h1>Club</h1>{frames}".encode())
        club.answers["/users"] = answer(f'<iframe src="{base}/sign-in"></iframe>'.encode())
        page = context.new_page()
        page.goto(club.at("/").replace("127.0.0.1", "localhost"))
        shown = page.frame_locator("iframe[title=cold-snap]")
        shown.get_by_role("heading", name="Cold weather alert").wait_for()
        border = shown.locator("body").evaluate("one => getComputedStyle(one).borderTopWidth")
        gone = page.frame_locator("iframe[title=absent]")
        gone.get_by_role("heading", name="This is no longer current").wait_for()
        assert border == "6px"
        assert context.cookies() == []
        page.goto(club.at("/users"))
        assert page.frame_locator("iframe").get_by_label("Password").count() == 0
    database.close()

"""The cell's pages while a cascade is being sent, and its mail in the demo's inbox."""

from playwright.sync_api import Browser, Page, expect

from cascade.sending.states import CascadeState
from tests.cascade.web.scene import Scene


def test_the_funnel_moves_without_a_reload(page: Page, base: str, scene: Scene) -> None:
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    page.goto(base + "/cascades/1")
    total = page.get_by_role("region", name="All together")
    expect(total).to_contain_text("0 of 4 messages")

    scene.accept(0, 1, 2)

    expect(total).to_contain_text("3 of 4 messages (75%)")
    expect(page.get_by_role("status")).to_have_text(
        "3 of 4 messages accepted, 0 of 4 organisations confirmed."
    )
    scene.set_state(CascadeState.SENT)
    expect(page.get_by_text("Sent: no message is waiting any more")).to_be_visible()
    assert len(loads) == 1


def test_without_scripts_a_link_shows_fresh_figures(
    browser: Browser, base: str, scene: Scene
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + "/cascades/1")
    scene.accept(0)
    page.get_by_role("link", name="Refresh the figures").click()

    expect(page.get_by_role("region", name="All together")).to_contain_text("1 of 4 messages (25%)")
    context.close()


def test_a_link_in_a_caught_mail_opens_in_the_whole_window(page: Page, base: str) -> None:
    page.context.route("https://www.example.org/**", lambda route: route.fulfill(body="arrived"))
    page.goto(base + "/inbox/1")
    page.frame_locator("iframe").get_by_role("link", name="warm").click()

    page.wait_for_url("https://www.example.org/")

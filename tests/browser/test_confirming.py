"""The way of a recipient, from the message to the confirmation, in a real browser."""

from typing import cast

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from cascade.evidence.records import Confirmation
from tests.cascade.web.scene import Scene


def confirmation(scene: Scene) -> Confirmation:
    with scene.database.reading() as session:
        return session.scalars(select(Confirmation)).one()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the field of that name has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"Tab never came to {name}")


def test_a_message_is_confirmed_by_keyboard_alone(page: Page, base: str, scene: Scene) -> None:
    page.goto(base + scene.confirm_path())
    tab_to(page, "answer")
    assert page.locator("[name=answer]:checked").count() == 0
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=answer]:checked")).to_have_value("passed-on")
    tab_to(page, "headcount")
    page.keyboard.type("12")
    tab_to(page, "name")
    page.keyboard.type("Jo Bloggs")
    page.keyboard.press("Tab")
    page.keyboard.type("Manager")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    kept = confirmation(scene)
    assert (kept.answer, kept.headcount, kept.name) == ("passed-on", 12, "Jo Bloggs")


def test_the_number_of_staff_is_asked_only_when_it_was_passed_on(
    page: Page, base: str, scene: Scene
) -> None:
    page.goto(base + scene.confirm_path())
    staff = page.get_by_label("How many staff")

    expect(staff).to_be_hidden()
    page.get_by_label("I have passed it on").check()
    expect(staff).to_be_visible()
    page.get_by_label("We are acting on it").check()
    expect(staff).to_be_hidden()


def test_what_is_missing_is_said_and_gets_the_focus(page: Page, base: str, scene: Scene) -> None:
    page.goto(base + scene.confirm_path())
    page.get_by_label("We are acting on it").check()
    page.get_by_role("button", name="Send your answer").click()

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Enter your name")
    expect(page).to_have_title("Error: Cold weather alert – West County communications")
    expect(page.get_by_label("We are acting on it")).to_be_checked()
    summary.get_by_role("link", name="Enter your name").click()
    expect(page.get_by_label("Your name")).to_be_focused()


def test_a_message_is_confirmed_without_scripts(browser: Browser, base: str, scene: Scene) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + scene.confirm_path())
    page.get_by_label("I have passed it on").check()
    page.get_by_label("How many staff").fill("7")
    page.get_by_label("Your name").fill("Jo Bloggs")
    page.get_by_label("Your role").fill("Manager")
    page.get_by_role("button", name="Send your answer").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert confirmation(scene).headcount == 7
    context.close()


def test_on_paper_the_form_is_left_out(page: Page, base: str, scene: Scene) -> None:
    page.goto(base + scene.confirm_path())
    page.emulate_media(media="print")

    expect(page.get_by_role("button", name="Send your answer")).to_be_hidden()
    expect(page.get_by_role("heading", name="Cold weather alert")).to_be_visible()
    address = cast(
        str,
        page.get_by_role("link", name="cold weather plan").evaluate(
            "link => getComputedStyle(link, '::after').content"
        ),
    )
    assert "https://www.example.org/plan" in address

"""Arranging an issue, and the dates of a schedule while it is typed; both without scripts too."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from cascade.bulletins import collecting, issues, making
from tests.browser.axe import check
from tests.browser.chromium import faultless, opened_in
from tests.browser.serving import come_in
from tests.cascade.bulletins.county import toolkit
from tests.cascade.web.people import person
from tests.cascade.web.scene import Scene

ISSUE = "/editions/round-up/1"
ACTION, INFORMATION = "For action", "For information"


@pytest.fixture(params=["scripts", "no scripts"])
def editor(
    request: pytest.FixtureRequest, browser: Browser, base: str, scene: Scene
) -> Iterator[Page]:
    """An author at an issue of four items, with scripts and without."""
    with scene.database.writing() as session:
        for name in ("flu", "heat", "thaw"):
            heading = "for-action" if name == "thaw" else "for-information"
            toolkit(session, name, now=scene.now, heading=heading)
        of = making.find(session, "round-up")
        issue = issues.find(session, of, 1)
        collecting.collect(session, of, issue, now=scene.now, sign_off=False)
    scripts = request.param == "scripts"
    with opened_in(browser, scripts=scripts) as context:
        come_in(context, base, scene, person(scene.database, scene.now, "author"))
        page = context.new_page()
        with faultless(page):
            page.goto(base + ISSUE)
            yield page


with_scripts = pytest.mark.parametrize("editor", ["scripts"], indirect=True)


def below(page: Page, heading: str) -> list[str]:
    """The items below a heading, in their order."""
    return page.get_by_role("list", name=heading).locator(".app-item__title a").all_inner_texts()


def item(page: Page, title: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=title, exact=True))


def drag(page: Page, title: str, onto: str) -> None:
    """Drop it on the other, and wait for the page that comes of it."""
    with page.expect_navigation():
        item(page, title).drag_to(item(page, onto))


def test_by_keys_an_item_moves_on_with_each_press(editor: Page) -> None:
    first, second, third = below(editor, INFORMATION)
    editor.get_by_role("button", name=f"Up {third}").focus()
    for order in ([first, third, second], [third, first, second]):
        with editor.expect_navigation():
            editor.keyboard.press("Enter")
        expect(editor.get_by_role("button", name=f"Up {third}")).to_be_focused()
        assert below(editor, INFORMATION) == order


def test_what_stands_alone_has_nothing_to_be_moved_past(editor: Page) -> None:
    assert below(editor, ACTION) == ["Thaw"]
    expect(editor.get_by_role("button", name="Up Thaw")).to_have_count(0)
    expect(editor.get_by_role("button", name="Never Thaw")).to_be_visible()


@with_scripts
def test_there_is_no_barrier_on_the_way(editor: Page) -> None:
    check(editor)
    editor.get_by_role("button", name="Hold for next time Thaw").click()
    expect(editor.get_by_role("heading", name="Held back")).to_be_visible()
    check(editor)


@with_scripts
def test_an_item_is_dragged_up_and_down(editor: Page) -> None:
    first, second, third = below(editor, INFORMATION)
    drag(editor, third, first)
    assert below(editor, INFORMATION) == [third, first, second]
    drag(editor, third, second)
    assert below(editor, INFORMATION) == [first, second, third]


@with_scripts
def test_an_item_is_dragged_below_another_heading(editor: Page) -> None:
    first, *others = below(editor, INFORMATION)
    drag(editor, first, "Thaw")
    assert below(editor, ACTION) == [first, "Thaw"]
    assert below(editor, INFORMATION) == others


@with_scripts
def test_what_is_let_go_elsewhere_stays_and_leaves_no_mark(editor: Page) -> None:
    before = below(editor, INFORMATION)
    elsewhere = editor.get_by_role("heading", name="What is in it")
    elsewhere.evaluate("one => one.scrollIntoView()")
    item(editor, before[0]).hover()
    editor.mouse.down()
    over = item(editor, before[1]).bounding_box()
    assert over is not None
    # A browser begins to drag after some steps, and tells of it from the next on.
    editor.mouse.move(over["x"] + 40, over["y"] + 40, steps=10)
    marked = editor.locator(".app-item--over, .app-item--after")
    expect(marked).to_have_count(1)
    elsewhere.hover()
    editor.mouse.up()
    expect(marked).to_have_count(0)
    assert below(editor, INFORMATION) == before
    assert editor.url.endswith(ISSUE)


@pytest.mark.parametrize("editor", ["no scripts"], indirect=True)
def test_without_scripts_nothing_looks_as_if_it_could_be_dragged(editor: Page) -> None:
    expect(editor.locator("[draggable]")).to_have_count(0)


def type_schedule(editor: Page) -> None:
    editor.goto(editor.url.replace(ISSUE, "/editions/new"))
    editor.get_by_label("Title").fill("Board news")
    editor.get_by_label("Some working days after given dates").check()
    editor.get_by_label("Working days after", exact=True).fill("3")
    editor.get_by_label("Dates, such as those of the board").fill("2026-12-03\n2026-12-24")


def expect_dates(editor: Page) -> None:
    # Christmas Day and Boxing Day are no working days, nor is the Monday in place of the latter.
    expect(
        editor.get_by_role("region", name="The next dates").get_by_role("listitem")
    ).to_have_text(["Tuesday 8 December 2026, 10:00am", "Thursday 31 December 2026, 10:00am"])


@with_scripts
def test_the_dates_follow_while_a_schedule_is_typed(editor: Page) -> None:
    type_schedule(editor)
    expect_dates(editor)
    editor.get_by_label("Working days after", exact=True).fill("many")
    expect(editor.get_by_text("No date follows from this yet.")).to_be_visible()
    assert editor.url.endswith("/editions/new")


@pytest.mark.parametrize("editor", ["no scripts"], indirect=True)
def test_without_scripts_dates_are_asked_for_and_nothing_typed_is_lost(editor: Page) -> None:
    type_schedule(editor)
    editor.get_by_role("button", name="Show the next dates").click()
    expect_dates(editor)
    expect(editor.get_by_label("Title")).to_have_value("Board news")
    expect(editor.get_by_label("Working days after", exact=True)).to_have_value("3")

"""Copying out of a kit in a browser, and pasting it where formatting is kept."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cascade.library.publish import publish
from tests.browser.axe import check
from tests.browser.chromium import faultless, opened_in
from tests.cascade.web.scene import TEXT, Scene

KIT = "/library/cold-snap/kit"
_PATIENCE = 120_000
COPY = """
::: newsletter
### Keep warm

Read [the **plan**](https://www.example.org/plan) & stay in.

- Heat one room
- Eat hot food
:::
"""
_PASTED = """
<h2>Keep warm</h2>
<p>Read <a href="https://www.example.org/plan">the <strong>plan</strong></a> &amp; stay in.</p>
<ul><li>Heat one room</li><li>Eat hot food</li></ul>
"""


@pytest.fixture
def kit(browser: Browser, base: str, scene: Scene) -> Iterator[Page]:
    """The page of a kit, where the clipboard may be read."""
    with scene.database.writing() as session:
        publish(session, TEXT + COPY, by="Ann", now=scene.now)
    with opened_in(browser) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base)
        page = context.new_page()
        with faultless(page):
            page.goto(base + KIT)
            yield page


def paste(page: Page) -> str:
    """What arrives in a field that keeps formatting, as tags and words alone."""
    page.evaluate("""() => {
      const field = document.createElement("div");
      field.contentEditable = "true";
      field.id = "pasted";
      document.querySelector("main").append(field);
      field.focus();
    }""")
    page.keyboard.press("Control+V")
    found: str = page.evaluate("""() => {
      const field = document.getElementById("pasted");
      for (const one of field.querySelectorAll("[style], [rel]")) {
        one.removeAttribute("style");
        one.removeAttribute("rel");
      }
      return field.innerHTML;
    }""")
    return found


def bare(html: str) -> str:
    """Without the blanks between tags, and what a browser wraps pasted words in."""
    for gone in ("\n", "<span>", "</span>"):
        html = html.replace(gone, "")
    return html


def test_what_is_copied_is_pasted_with_headings_lists_and_links(kit: Page) -> None:
    kit.get_by_role("button", name="Copy Newsletter article, 50 words").click()
    expect(kit.get_by_role("status")).to_have_text("Newsletter article, 50 words, copied")
    assert bare(_PASTED) in bare(paste(kit))
    text = kit.evaluate("navigator.clipboard.readText()")
    assert text.startswith("Keep warm\n\nRead the plan (https://www.example.org/plan) & stay in.")


def test_the_keyboard_copies_too_and_a_post_is_plain_text(kit: Page) -> None:
    button = kit.get_by_role("button", name="Copy Text message")
    button.focus()
    kit.keyboard.press("Enter")
    expect(kit.get_by_role("status")).to_have_text("Text message, copied")
    assert kit.evaluate("navigator.clipboard.readText()").startswith("Cold weather alert")


def test_a_browser_that_does_not_copy_marks_the_text(kit: Page) -> None:
    kit.evaluate("() => { navigator.clipboard.write = () => Promise.reject(new Error('no')); }")
    kit.get_by_role("button", name="Copy Newsletter article, 50 words").click()
    expect(kit.get_by_role("status")).to_contain_text("press Ctrl and C")
    assert kit.evaluate("getSelection().toString()").strip().startswith("Keep warm")


def test_after_copying_there_is_no_barrier(kit: Page) -> None:
    kit.get_by_role("button", name="Copy Newsletter article, 50 words").click()
    expect(kit.get_by_role("status")).to_contain_text("copied")
    check(kit)


def test_without_scripts_the_text_can_be_chosen_and_no_button_does_nothing(
    browser: Browser, base: str
) -> None:
    with opened_in(browser, scripts=False) as context:
        page = context.new_page()
        page.goto(base + KIT)
        expect(page.get_by_text("To copy a text:")).to_be_visible()
        expect(page.get_by_role("button", name="Copy Newsletter article, 50 words")).to_be_hidden()
        box = page.get_by_role("region", name="Newsletter article, 50 words: the text")
        box.focus()
        expect(box).to_be_focused()


def test_a_group_puts_its_name_in_and_takes_everything(kit: Page) -> None:
    kit.get_by_label("Name of your group").fill("Friends of Oakham")
    kit.get_by_role("button", name="Fill in everything on this page").click()
    box = kit.get_by_role("region", name="Newsletter article, 50 words: the text")
    expect(box).to_contain_text("From Friends of Oakham.")
    # Everything is made at once: on a busy machine that takes its time.
    with kit.expect_download(timeout=_PATIENCE) as taken:
        kit.get_by_role("button", name="Download everything (ZIP)").first.click(timeout=_PATIENCE)
    assert taken.value.suggested_filename == "cold-snap-kit.zip"

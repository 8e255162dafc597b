"""Writing in a browser: saved by itself, mended, nothing lost, and the same without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cascade.library.keeping import keep
from cascade.library.records import Draft
from tests.browser.test_pages import barriers, sign_in
from tests.cascade.web.people import person
from tests.cascade.web.scene import DOT, TEXT, Scene

MISTAKE = f"{TEXT}\n::: for care-homs\nx\n:::\n"


@pytest.fixture
def editor(page: Page, base: str, scene: Scene) -> Page:
    """An author at their draft."""
    person(scene.database, scene.now, "author")
    page.goto(base + "/sign-in?next=/drafts/1")
    sign_in(page)
    expect(page.get_by_label("The toolkit, in Markdown")).to_have_value(TEXT)
    return page


@pytest.fixture
def plain(browser: Browser, base: str, scene: Scene) -> Iterator[Page]:
    """The same where no script runs."""
    person(scene.database, scene.now, "author")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + "/sign-in?next=/drafts/1")
    sign_in(page)
    yield page
    context.close()


def write(page: Page, text: str) -> None:
    page.get_by_label("The toolkit, in Markdown").fill(text)


def kept(scene: Scene) -> str:
    with scene.database.reading() as session:
        return session.get_one(Draft, 1).text


def test_a_text_saves_itself_and_a_problem_leads_to_its_line(editor: Page, scene: Scene) -> None:
    write(editor, MISTAKE)

    expect(editor.get_by_role("status").first).to_contain_text("Saved")
    assert kept(scene) == MISTAKE
    problem = editor.get_by_role("link", name="Line 30")
    problem.click()
    chosen = "e => e.value.slice(e.selectionStart, e.selectionEnd)"
    text = editor.get_by_label("The toolkit, in Markdown")
    assert text.evaluate(chosen) == "::: for care-homs"
    editor.mouse.move(0, 0)  # a link under the mouse has no line below it
    assert barriers(editor) == []
    write(editor, TEXT.replace("very cold", "bitterly cold"))
    expect(editor.get_by_text("No problem found")).to_be_visible()
    frame = editor.frame_locator("iframe").first
    expect(frame.get_by_text("The weather will be bitterly cold")).to_be_visible()


def test_somebody_elses_text_stops_saving_and_both_are_shown(editor: Page, scene: Scene) -> None:
    with scene.database.writing() as session:
        keep(session, 1, "Theirs", revision=1, by="sam@example.org", now=scene.now)
    write(editor, "Mine")

    expect(editor.get_by_role("status").first).to_contain_text("sam@example.org saved this draft")
    editor.get_by_role("button", name="Save", exact=True).click()
    expect(editor.get_by_label("Their text", exact=True)).to_have_value("Theirs")
    expect(editor.get_by_label("The toolkit, in Markdown")).to_have_value("Mine")
    assert barriers(editor) == []
    assert kept(scene) == "Theirs"


def test_a_text_is_offered_again_after_the_visit_has_ended(
    editor: Page, base: str, scene: Scene
) -> None:
    editor.context.clear_cookies()
    write(editor, "A long evening’s work")
    expect(editor.get_by_role("status").first).to_contain_text("you are signed out")

    editor.on("dialog", lambda dialog: dialog.accept())
    editor.goto(base + "/sign-in?next=/drafts/1")
    sign_in(editor)
    editor.get_by_role("button", name="Put it into the editor").click()

    expect(editor.get_by_role("status").first).to_contain_text("Saved")
    assert kept(scene) == "A long evening’s work"


def test_a_picture_is_uploaded_and_put_into_the_text(
    editor: Page, scene: Scene, tmp_path: Path
) -> None:
    (tmp_path / "other.png").write_bytes(DOT)
    editor.get_by_text("Add a picture or a PDF").click()
    editor.get_by_label("Picture or PDF").set_input_files(tmp_path / "other.png")
    editor.get_by_role("button", name="Upload").click()
    expect(editor.get_by_text("Enter what the picture shows")).to_be_visible()
    editor.get_by_label("What the picture shows").fill("A dot")
    editor.get_by_role("button", name="Upload").click()

    expect(editor.get_by_text("Uploaded, and put into the text")).to_be_visible()
    assert "![A dot](" in editor.get_by_label("The toolkit, in Markdown").input_value()


def test_a_ready_piece_is_put_in(editor: Page) -> None:
    editor.get_by_text("Ready pieces to put in").click()
    editor.locator("[data-insert=piece-who-to-ring]").click()

    assert "## Who to ring" in editor.get_by_label("The toolkit, in Markdown").input_value()


def test_without_scripts_a_text_is_written_looked_at_and_submitted(
    plain: Page, scene: Scene
) -> None:
    write(plain, MISTAKE)
    plain.get_by_role("button", name="Save and submit").click()
    expect(plain.get_by_role("alert")).to_contain_text("was not submitted")
    expect(plain.get_by_role("link", name="Line 30")).to_be_visible()
    write(plain, TEXT.replace("very cold", "bitterly cold"))
    plain.get_by_label("Text message", exact=True).check()
    plain.get_by_role("button", name="Save and preview").click()
    expect(plain.get_by_label("Text message to Care homes")).to_contain_text("Cold weather alert")
    plain.get_by_role("button", name="Save and submit").click()

    plain.wait_for_url("**/versions/2")
    assert "bitterly" in kept(scene)

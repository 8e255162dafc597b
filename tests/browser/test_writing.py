"""Writing in a browser: saved by itself, mended, nothing lost, and the same without scripts."""

import base64
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cascade.library.keeping import keep
from cascade.library.records import Draft
from tests.browser.axe import barriers
from tests.browser.chromium import faultless, opened_in
from tests.browser.serving import come_in
from tests.browser.test_pages import sign_in
from tests.cascade.web.people import person
from tests.cascade.web.scene import DOT, TEXT, Scene

MISTAKE = f"{TEXT}\n::: for care-homs\nx\n:::\n"


@pytest.fixture
def editor(page: Page, base: str, scene: Scene) -> Page:
    """An author at their draft."""
    come_in(page.context, base, scene, person(scene.database, scene.now, "author"))
    page.goto(base + "/drafts/1")
    expect(page.get_by_label("The toolkit, in Markdown")).to_have_value(TEXT)
    return page


@pytest.fixture
def plain(browser: Browser, base: str, scene: Scene) -> Iterator[Page]:
    """The same where no script runs."""
    with opened_in(browser, scripts=False) as context:
        come_in(context, base, scene, person(scene.database, scene.now, "author"))
        page = context.new_page()
        page.goto(base + "/drafts/1")
        yield page


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


def test_a_preview_that_cannot_be_shown_says_so_in_its_frame(editor: Page) -> None:
    with faultless(editor):
        frame = editor.locator("iframe").first
        frame.evaluate("frame => (frame.src = frame.src.replace('/1/', '/999/'))")
        said = frame.content_frame.get_by_text("Nothing can be shown here.")
        expect(said).to_be_visible()


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


def bring(page: Page, way: str, name: str, kind: str, size: int = 0) -> None:
    """Drop a file onto the text, or paste it; without a size it is a picture of one pixel."""
    page.get_by_label("The toolkit, in Markdown").evaluate(
        """(text, [way, name, type, size, dot]) => {
            const picture = Uint8Array.from(atob(dot), (c) => c.charCodeAt(0));
            const bytes = size ? new Uint8Array(size) : picture;
            const data = new DataTransfer();
            data.items.add(new File([bytes], name, { type }));
            const more = { bubbles: true, cancelable: true };
            const event = way === "drop"
                ? new DragEvent("drop", { ...more, dataTransfer: data })
                : new ClipboardEvent("paste", { ...more, clipboardData: data });
            if (text.dispatchEvent(event)) throw new Error("the browser would open the file");
        }""",
        [way, name, kind, size, base64.b64encode(DOT).decode()],
    )


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_picture_that_is_brought_to_the_text_is_described_and_put_in_at_the_cursor(
    editor: Page, way: str
) -> None:
    text = editor.get_by_label("The toolkit, in Markdown")
    text.evaluate("e => { e.focus(); e.setSelectionRange(e.value.length, e.value.length) }")
    bring(editor, way, "other.png", "image/png")
    alt = editor.get_by_label("What the picture shows")
    expect(alt).to_be_focused()
    editor.get_by_role("button", name="Upload").click()
    expect(editor.get_by_role("alert").get_by_text("Enter what the picture shows")).to_be_visible()
    expect(alt).to_be_focused()
    assert barriers(editor) == []
    assert text.input_value() == TEXT
    alt.fill("A dot")
    alt.press("Enter")

    expect(editor.get_by_text("Uploaded, and put into the text")).to_be_visible()
    expect(text).to_have_value(re.compile(r":::\n!\[A dot\]\(http\S+\.png\)\n$"))
    expect(text).to_be_focused()
    text.press("Control+z")
    expect(text).to_have_value(TEXT)


@pytest.mark.parametrize(
    ("name", "kind", "size", "words"),
    [
        ("big.png", "image/png", 10_000_001, "The file must be 10 MB or smaller"),
        ("plan.docx", "application/msword", 10, "The file must be a picture"),
    ],
)
def test_a_file_that_is_not_taken_is_refused_beside_its_field(
    editor: Page, name: str, kind: str, size: int, words: str
) -> None:
    bring(editor, "drop", name, kind, size)

    expect(editor.get_by_role("alert").get_by_text(words)).to_be_visible()
    expect(editor.get_by_label("Picture or PDF")).to_be_focused()
    assert barriers(editor) == []


def test_a_file_that_is_not_what_its_name_says_is_refused_beside_its_field(editor: Page) -> None:
    bring(editor, "drop", "fake.png", "image/png", 50)
    editor.get_by_label("What the picture shows").fill("A dot")
    editor.get_by_role("button", name="Upload").click()

    refusal = editor.get_by_role("alert").get_by_text("must be a picture (PNG, JPEG, GIF or WebP)")
    expect(refusal).to_be_visible()
    assert editor.get_by_label("The toolkit, in Markdown").input_value() == TEXT


def test_ctrl_and_s_saves_at_once_and_the_length_is_told(editor: Page, scene: Scene) -> None:
    write(editor, "Keep warm. " * 30)
    editor.get_by_label("The toolkit, in Markdown").press("Control+s")

    expect(editor.get_by_role("status").first).to_contain_text("by you", timeout=1_800)
    expect(editor.get_by_text("60 words, reading age about 5")).to_be_visible()
    assert kept(scene).startswith("Keep warm.")


def test_previews_are_on_a_picture_of_the_whole_page(editor: Page) -> None:
    editor.set_viewport_size({"width": 800, "height": 300})
    editor.reload()

    for frame in editor.frames[1:]:
        frame.wait_for_load_state()
        assert "Cold weather alert" in frame.locator("body").inner_text()
    assert len(editor.frames) == 3


def test_a_ready_piece_is_put_in(editor: Page) -> None:
    editor.get_by_text("Ready pieces to put in").click()
    editor.locator("[data-insert=piece-who-to-ring]").click()

    assert "## Who to ring" in editor.get_by_label("The toolkit, in Markdown").input_value()


def test_without_scripts_a_picture_is_uploaded_from_the_same_form(plain: Page) -> None:
    plain.get_by_text("Add a picture or a PDF").click()
    dot = {"name": "other.png", "mimeType": "image/png", "buffer": DOT}
    plain.get_by_label("Picture or PDF").set_input_files(dot)  # type: ignore[arg-type]
    plain.get_by_label("What the picture shows").fill("A dot")
    plain.get_by_role("button", name="Upload").click()

    plain.wait_for_url("**/assets?search=**")
    expect(plain.get_by_label("For a toolkit")).to_have_value(re.compile(r"!\[A dot\]\("))


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

"""Words for others to publish: read as blocks, cut to a length, written for other programs."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from docx import Document as open_word
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pptx import Presentation

import toolkits
from toolkits.formats import copying
from toolkits.formats.blocks import Block, Run, read
from toolkits.formats.deck import to_deck
from toolkits.formats.lengths import cut, words
from toolkits.formats.paste import in_language, to_html
from toolkits.formats.plain_markdown import to_markdown
from toolkits.formats.sheets import Sheet
from toolkits.formats.word import to_word
from toolkits.plaintext import to_text

RICH = """
# Title

One **bold**, one *slanted*, one [link](https://example.org/a_b), H<sub>2</sub>O and `code`.

- First
- Second
  - Deeper

  A second paragraph.

3. Three
4. Four

> Somebody said this.

| Who | Where |
| --- | --- |
| You | Here \\| there |

---

```
as typed
```
"""
SHEET = Sheet("Title & <tags>", "en", "The cell", datetime(2026, 11, 21, 9, 30, tzinfo=UTC))


def rendered(markdown: str) -> str:
    return toolkits.html(toolkits.parse(f"---\ntitle: T\n---\n{markdown}"), [])


def document(front: str = "", body: str = "") -> toolkits.Document:
    return toolkits.parse(f"---\ntitle: Flu jab\n{front}\n---\n{body}")


def text(blocks: tuple[Block, ...]) -> str:
    return to_text(to_html(blocks))


def test_html_read_as_blocks_is_written_as_the_same_text() -> None:
    html = rendered(RICH)
    assert to_text(to_html(read(html))) == to_text(html)


def test_a_list_after_a_list_is_another_one() -> None:
    html = "<ul><li>One</li></ul><ul><li>Two<ul><li>Deep</li></ul></li><li>Three</li></ul>"
    assert to_html(read(html)).replace("\n", "") == html


def test_html_for_pasting_is_plain_elements_with_absolute_links() -> None:
    html = to_html(read(rendered(RICH)))
    assert toolkits.sanitise(html).replace(' rel="noopener noreferrer"', "") == html.replace(
        "<tr>", "<tbody><tr>", 1
    ).replace("</table>", "</tbody></table>")
    assert "class=" not in html
    assert "style=" not in html
    assert '<a href="https://example.org/a_b">link</a>' in html


def test_what_runs_from_right_to_left_says_so() -> None:
    assert in_language("<p>x</p>", "ur") == '<div dir="rtl" lang="ur">\n<p>x</p>\n</div>'
    assert in_language("<p>x</p>", "cy") == "<p>x</p>"


def test_markdown_reads_back_as_the_same_text() -> None:
    html = rendered(RICH)
    assert to_text(rendered(to_markdown(read(html)))) == to_text(html)


_SIGNS = st.text(st.sampled_from("ab \\`*_[]<>#|~&;:-+=.)1•!({\"'é"), min_size=1, max_size=30)


@given(st.lists(_SIGNS, min_size=1, max_size=3))
def test_any_words_stand_in_markdown_as_they_are(lines: list[str]) -> None:
    said = [" ".join(line.split()) for line in lines]
    blocks = tuple(Block("p", (Run(line),)) for line in said if line)
    assert [one.text for one in read(rendered(to_markdown(blocks)))] == [b.text for b in blocks]


@given(st.lists(st.text(min_size=1, max_size=60), max_size=4), st.integers(1, 12))
def test_what_is_cut_is_never_longer_than_asked_and_never_nothing(
    typed: list[str], most: int
) -> None:
    blocks = tuple(Block("p", (Run(line),)) for line in typed)
    short = cut(blocks, most)
    assert words(short) <= most
    assert bool(short) == bool(blocks)


def test_an_article_ends_at_the_end_of_a_sentence() -> None:
    blocks = read("<p>Dr. Shah says so. It is at 9 a.m. in the hall. Come along.</p><p>More.</p>")
    assert text(cut(blocks, 13)) == "Dr. Shah says so. It is at 9 a.m. in the hall."
    assert text(cut(blocks, 5)) == "Dr. Shah says so."


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>One two.</p><h2>Three</h2><p>Four five six seven.</p>", "One two."),
        ("<p>One two.</p><p>Bring:</p><ul><li>A b c d e</li></ul>", "One two."),
        ("<ul><li>One two</li><li>Three four five</li></ul>", "- One two"),
        ("<p>One two three four five six.</p>", "One two three four…"),
        ("<p>ایک دو۔ تین چار پانچ۔</p>", "ایک دو۔"),
    ],
)
def test_nothing_is_left_that_leads_nowhere(html: str, kept: str) -> None:
    assert text(cut(read(html), 4)) == kept


def test_links_and_emphasis_survive_the_cut() -> None:
    html = '<p>Read <a href="https://example.org/">the <strong>plan</strong></a>. Then go.</p>'
    assert to_html(cut(read(html), 3)) == (
        '<p>Read <a href="https://example.org/">the <strong>plan</strong></a>.</p>'
    )


def test_an_article_is_what_was_written_for_newsletters() -> None:
    body = f"Body.\n::: newsletter\n### Our headline\n{'Copy here. ' * 20}\n:::"
    copy = copying.article(document(body=body), [], 50)
    assert (copy.title, copy.source) == ("Our headline", "written")
    assert "Body" not in copy.html


def test_copy_that_is_too_short_goes_on_with_the_key_messages() -> None:
    front = "key_messages:\n  - Keep warm."
    copy = copying.article(document(front, "All.\n::: newsletter\nShort copy.\n:::"), [], 150)
    assert copy.source == "longer"
    assert to_text(copy.html) == "Short copy.\n\n- Keep warm.\n\nAll."


def test_without_copy_an_article_is_made_and_speaks_to_no_recipient() -> None:
    front = "summary: What it is about.\nkey_messages:\n  - Keep warm."
    body = "Dear {{ contact }}, confirm.\n\n## For you\n{{ confirm_link }}\n\n## All\nStay in.\n"
    written = document(front, f"{body}\n::: for pharmacies\nSell.\n:::")
    copy = copying.article(toolkits.impersonal(written), ["pharmacies"], 50)
    assert copy.source == "made"
    assert to_text(copy.html) == "What it is about.\n\n- Keep warm.\n\nAll\n\nStay in."


@pytest.mark.parametrize("make", [copying.briefing, copying.questions, copying.poster])
def test_what_nobody_wrote_is_made_from_the_key_messages(make: object) -> None:
    assert callable(make)
    copy = make(document("action: Act now.\nkey_messages:\n  - Keep warm."), [])
    assert copy.source == "made"
    assert "Keep warm." in copy.html
    assert "Act now." in copy.html


@pytest.mark.parametrize("make", [copying.briefing, copying.questions, copying.poster])
def test_an_empty_toolkit_gives_empty_copy(make: object) -> None:
    assert callable(make)
    assert make(toolkits.parse(""), []).html == ""


def test_word_has_real_headings_lists_links_and_tables() -> None:
    made = open_word(io.BytesIO(to_word(read(rendered(RICH)), SHEET)))
    styles = {one.style.name for one in made.paragraphs if one.style is not None}
    assert {"Title", "Heading 1", "List Bullet", "List Bullet 2", "List Number", "Quote"} <= styles
    assert [cell.text for cell in made.tables[0].rows[1].cells] == ["You", "Here | there"]
    links = [link for one in made.paragraphs for link in one.hyperlinks]
    assert [(one.text, one.address) for one in links] == [("link", "https://example.org/a_b")]
    told = made.core_properties
    assert (told.title, told.language, told.author) == ("Title & <tags>", "en", "The cell")
    assert made.paragraphs[0].text == "Title & <tags>"
    assert made.sections[0].page_width is not None
    assert round(made.sections[0].page_width.cm) == 21


def test_a_picture_in_word_has_its_description_and_a_missing_one_is_described() -> None:
    dot = io.BytesIO()
    Image.new("RGB", (1, 1)).save(dot, "PNG")
    blocks = (
        Block("p", (Run("A dot", picture="https://example.org/a"),)),
        Block("p", (Run("Gone", picture="https://example.org/b"),)),
    )
    sheet = Sheet("T", "en", "C", SHEET.made_at, pictures={"https://example.org/a": dot.getvalue()})
    with zipfile.ZipFile(io.BytesIO(to_word(blocks, sheet))) as parts:
        xml = parts.read("word/document.xml").decode()
    assert 'descr="A dot"' in xml
    assert "[Gone]" in xml


def test_word_and_slides_run_from_right_to_left_in_urdu() -> None:
    sheet = Sheet("فلو", "ur", "Cell", SHEET.made_at)
    with zipfile.ZipFile(
        io.BytesIO(to_word((Block("p", (Run("فلو", strong=True),)),), sheet))
    ) as word:
        xml = word.read("word/document.xml").decode() + word.read("word/styles.xml").decode()
    assert "<w:bidi/>" in xml
    assert "<w:rtl/>" in xml
    assert 'w:bidi="ur"' in xml
    made = to_deck([toolkits.Slide("فلو", ("ایک",), "")], sheet)
    with zipfile.ZipFile(io.BytesIO(made)) as deck:
        slide = deck.read("ppt/slides/slide1.xml").decode()
    assert 'rtl="1"' in slide
    assert 'lang="ur"' in slide


def test_slides_have_titles_points_and_notes_and_nothing_empty() -> None:
    slides = [
        toolkits.Slide("First", ("One", "Two" * 400), "Say\nthis"),
        toolkits.Slide("Only a title", (), ""),
    ]
    made = Presentation(io.BytesIO(to_deck(slides, SHEET)))
    first, second = made.slides
    assert first.shapes.title.text == "First"
    assert first.placeholders[1].text_frame.paragraphs[0].text == "One"
    assert first.notes_slide.notes_text_frame.text == "Say\nthis"
    assert all(one.text_frame.text for slide in made.slides for one in slide.placeholders)
    assert [one.placeholder_format.idx for one in second.placeholders] == [0]
    assert made.slide_width * 9 == pytest.approx(made.slide_height * 16, rel=0.001)


@pytest.mark.parametrize("typed", ["", "\x00\x1f\x0b", "<b>&amp;]]>", "\ud800\ufffe", "😀" * 300])
def test_any_text_makes_files_that_open_again_with_the_same_bytes(typed: str) -> None:
    sheet = Sheet(typed, "en", typed, SHEET.made_at, closing=typed)
    slides = [toolkits.Slide(typed, (typed,), typed)]
    word, deck = to_word((Block("p", (Run(typed),)),), sheet), to_deck(slides, sheet)
    open_word(io.BytesIO(word))
    Presentation(io.BytesIO(deck))
    assert word == to_word((Block("p", (Run(typed),)),), sheet)
    assert deck == to_deck(slides, sheet)

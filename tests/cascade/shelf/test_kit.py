"""The kit: every piece opens again, and says nothing but what anybody may see."""

import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from docx import Document as open_word
from PIL import Image
from pptx import Presentation
from sqlalchemy.orm import Session

import toolkits
from cascade.database import Database
from cascade.errors import BadInput, NotFound, Refused
from cascade.identity import Identity
from cascade.library import assets
from cascade.shelf import copies, drawing
from cascade.shelf.brands import Brand, brand
from cascade.shelf.bundle import bundle
from cascade.shelf.kit import MEDIA_TYPES, PIECES, checked, file, file_name
from cascade.shelf.orders import Order, illustrated, order
from cascade.shelf.visible import Shown, stripped
from tests.cascade.test_printing import streams

HOME = "https://cascade.example.org"
IDENTITY = Identity("Cell <c@example.org>", "c@example.org", "example.org", "The cell")
SECRET = "MARKERWORD"
TEXT = f"""---
title: Cold snap
toolkit: cold-snap
summary: What to do when it is cold.
action: Check your heating.
contact: Write to winter@example.org
expires: 2026-12-31
key_messages:
  - Keep **warm**.
---
Dear {{{{ contact }}}}, this is for {{{{ organisation }}}}.

Everybody may read this.

::: for care-homes
{SECRET} of the duty manager.
:::

::: newsletter for care-homes
{SECRET} copy.
:::

::: for voluntary-sector
Groups are told this.
:::
"""
PUBLIC = {"voluntary-sector": "Voluntary sector"}
ALL = [(piece.name, ending) for piece in PIECES.values() for ending in piece.endings]


def make(text: str = TEXT, of: Brand | None = None, audience: str = "") -> Order:
    """The order of a kit of a text."""
    document = stripped(toolkits.parse(text), PUBLIC)
    meta, at = document.meta, datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    shown = Shown(meta.toolkit, 1, 1, meta.language, at, document, PUBLIC)
    return order(shown, IDENTITY, HOME, audience=audience, brand=of)


def everything(content: bytes, ending: str) -> str:
    """All words in a file, whatever it is."""
    if ending in ("docx", "pptx", "zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "".join(
                everything(parts.read(name), name.rpartition(".")[2]) for name in parts.namelist()
            )
    return (streams(content) if ending == "pdf" else content).decode("latin-1")


@pytest.mark.parametrize(("name", "ending"), ALL)
def test_every_piece_opens_again_and_is_public(name: str, ending: str) -> None:
    content = file(make(), name, ending)
    assert SECRET not in everything(content, ending)
    match ending:
        case "docx":
            assert open_word(io.BytesIO(content)).core_properties.language == "en"
        case "pptx":
            assert Presentation(io.BytesIO(content)).slides[0].shapes.title.text == "Cold snap"
        case "png":
            Image.open(io.BytesIO(content)).verify()
        case "pdf":
            assert b"/StructTreeRoot" in streams(content)
        case _:
            assert content.decode().strip()


@pytest.mark.parametrize(("name", "ending"), [("poster-a4", "pdf"), ("slides", "pptx")])
def test_the_same_order_makes_the_same_bytes(name: str, ending: str) -> None:
    wanted = make()
    assert file(wanted, name, ending) == file(wanted, name, ending)


def test_what_is_made_speaks_to_no_recipient_and_says_that_it_was_made() -> None:
    article = copies.text(make(audience="voluntary-sector"), "article-150")
    text = copies.as_text(make(), article)
    assert "made from the key messages" in article.note
    assert "Keep warm." in text
    assert "Everybody may read this." in text
    assert "colleague" not in text
    assert "Groups are told this" not in text


def test_staff_of_an_audience_are_told_what_it_is_told() -> None:
    assert (
        "Groups are told this"
        in file(make(audience="voluntary-sector"), "briefing", "txt").decode()
    )


def test_the_group_stands_in_every_kind_of_file() -> None:
    own = Brand("Friends of Oakham", "01632 960101", "https://oakham.example.org")
    wanted = make(of=own)
    for name, ending in (("article-50", "html"), ("article-50", "docx"), ("slides", "pptx")):
        assert "Friends of Oakham" in everything(file(wanted, name, ending), ending), name
    said = file(wanted, "article-50", "txt").decode()
    assert "From Friends of Oakham. Contact: 01632 960101, https://oakham.example.org" in said
    assert f"First published by The cell. More: {HOME}/library/cold-snap" in said
    assert file(wanted, "poster-a4", "pdf") != file(make(), "poster-a4", "pdf")


def test_the_zip_holds_every_piece_and_a_readme_that_names_each_and_what_is_missing() -> None:
    # No font here has hieroglyphs.
    wanted = make(TEXT.replace("Keep **warm**", "Keep \U00013000"), Brand("Friends"))
    missing = {(form, "png") for form in drawing.FORMATS}
    with zipfile.ZipFile(io.BytesIO(bundle(wanted))) as parts:
        assert parts.testzip() is None
        names = parts.namelist()
        readme = parts.read("README.txt").decode("utf-8-sig")
    assert set(names) == {"README.txt"} | {file_name(wanted, *one) for one in {*ALL} - missing}
    assert all(re.fullmatch(r"[A-Za-z0-9.-]+", name) for name in names)
    assert all(name in readme for name in names[1:])
    assert "cold-snap-screen.png: There is no font here" in readme
    assert f"{HOME}/library/cold-snap" in readme
    assert "after 31 December 2026" in readme
    assert "Made for Friends" in readme


@pytest.mark.parametrize("form", drawing.FORMATS)
def test_a_picture_has_its_size_messages_on_white_and_a_foot(form: str) -> None:
    with Image.open(io.BytesIO(drawing.draw(make(), form))) as drawn:
        assert drawn.size == drawing.FORMATS[form]
        wide, high = drawn.size
        messages = drawn.crop((wide // 10, high * 3 // 10, wide, high * 9 // 20))
        foot = drawn.crop((0, high * 17 // 20, wide, high))
        for part in (messages, foot):
            darkest, lightest = part.convert("L").getextrema()
            assert (darkest < 80, lightest) == (True, 255)


HOSTILE = """---
title: "<script>alert(1)</script> </title> {{ organisation }} ' \\" &amp; ../../x"
toolkit: cold-snap
key_messages:
  - "<img src=x onerror=alert(1)> [x](javascript:alert(1))"
---
<script>alert(2)</script> ![x](file:///etc/passwd) ![y](https://example.org/y.png)
"""


def test_hostile_text_is_text_in_every_piece() -> None:
    wanted = make(HOSTILE, Brand("<script>x</script>", "=1+1", ""))
    for name, ending in ALL:
        content = file(wanted, name, ending)
        if ending == "html":
            assert "<script" not in content.decode()
            assert "javascript:" not in content.decode()
        if ending == "pdf":
            assert b"root:" not in streams(content)


URDU = """---
title: فلو کا ٹیکہ
toolkit: cold-snap
language: ur
key_messages:
  - یہ مفت ہے۔
---
سب کے لیے۔
"""


def test_a_kit_in_urdu_runs_from_right_to_left() -> None:
    wanted = make(URDU)
    assert 'dir="rtl"' in file(wanted, "article-50", "html").decode()
    assert file_name(wanted, "faq", "docx") == "cold-snap-ur-faq.docx"
    assert "From" not in file(wanted, "article-50", "txt").decode()
    for name, ending in (("poster-a4", "pdf"), ("large-print", "pdf")):
        assert b"/Lang (ur)" in streams(file(wanted, name, ending))


def test_a_picture_is_refused_where_no_font_has_its_letters() -> None:
    assert drawing.can_draw(make())
    with pytest.raises(Refused, match="Take the PDF"):
        file(make(TEXT.replace("title: Cold", "title: \U00013000")), "screen", "png")


LONG = "Cold days are hard for many people who live alone in our county. " * 200


def test_a_text_of_two_thousand_words_is_cut_and_printed() -> None:
    wanted = make(TEXT.replace("Everybody may read this.", LONG))
    assert len(file(wanted, "article-400", "txt").decode().split()) < 430
    assert file(wanted, "large-print", "pdf").startswith(b"%PDF")
    assert file(wanted, "slides", "pptx")


def test_what_is_too_long_is_refused_in_words() -> None:
    poster = make(f"{TEXT}\n::: poster\n{LONG}\n:::\n")
    with pytest.raises(Refused, match="too long for a poster"):
        file(poster, "poster-a4", "pdf")
    with pytest.raises(Refused, match="too long for a kit"):
        checked(make(TEXT + LONG * 20))


def test_a_piece_that_is_none_is_not_found() -> None:
    for name, ending in (("poster-a4", "docx"), ("../x", "pdf"), ("", "")):
        with pytest.raises(NotFound):
            file(make(), name, ending)
    assert {ending for _, ending in ALL} < set(MEDIA_TYPES)


def test_our_own_pictures_are_in_word_and_a_missing_one_is_described(
    sqlite_database: Database, now: datetime
) -> None:
    def added(session: Session) -> str:
        out = io.BytesIO()
        Image.new("RGB", (40, 30), "red").save(out, "PNG")
        asset, _ = assets.add(session, out.getvalue(), name="a.png", alt="A", by="x", now=now)
        return f"{HOME}/a/{asset.sha256}/{asset.name}"

    with sqlite_database.writing() as session:
        address = added(session)
    gone = f"{HOME}/a/{'0' * 64}/gone.png"
    body = f"Look.\n\n![A red field]({address})\n\n![It is gone]({gone})\n"
    with sqlite_database.reading() as session:
        wanted = illustrated(session, make(TEXT.replace("Everybody may read this.", body)))
    assert list(wanted.pictures) == [address]
    with zipfile.ZipFile(io.BytesIO(file(wanted, "article-400", "docx"))) as parts:
        xml = parts.read("word/document.xml").decode()
    assert 'descr="A red field"' in xml
    assert "[It is gone]" in xml


def test_a_post_that_is_too_long_for_a_network_is_cut_and_keeps_its_link() -> None:
    long = "This is one sentence of a post that goes on and on. " * 8
    wanted = make(f"{TEXT}\n::: social\n{long}{{{{ share_link }}}}\n:::\n")
    by_network = {name: post for post in copies.posts(wanted) for name in post.networks}
    short = by_network["X"]
    assert short.text.endswith(f"on. {HOME}/library/cold-snap")
    assert "Shortened" in short.note
    assert len(short.text) < len(by_network["Facebook"].text)


def logo(form: str = "PNG", size: tuple[int, int] = (300, 100)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, form)
    return out.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_logo_is_drawn_anew(form: str) -> None:
    given = logo(form)
    drawn = brand("Friends", "", "", given).logo
    assert drawn is not None
    assert drawn.startswith((b"\x89PNG", b"\xff\xd8"))
    assert drawn != given


def test_a_logo_stands_in_poster_word_and_slides() -> None:
    wanted, plain = make(of=brand("Friends", "", "", logo())), make(of=Brand("Friends"))
    for name, ending in (("poster-a4", "pdf"), ("article-50", "docx"), ("slides", "pptx")):
        assert len(file(wanted, name, ending)) > len(file(plain, name, ending))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "SVG"),
        (b"<html><script>", "SVG"),
        (b"%PDF-1.4\n%%EOF", "PDF|SVG"),
        (b"\x89PNG\r\n\x1a\nrest", "damaged"),
        (b"\x89PNG" + b"x" * 2_000_001, "2 MB"),
    ],
)
def test_a_logo_that_is_no_picture_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        brand("Friends", "", "", content)
    assert re.search(words, " ".join(refused.value.problems))


def test_a_logo_of_eighty_megapixels_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (10_000, 8_000)).save(out, "PNG")
    with pytest.raises(BadInput) as refused:
        brand("Friends", "", "", out.getvalue())
    assert "megapixels" in refused.value.problems[0]


@pytest.mark.parametrize(
    ("site", "kept"),
    [
        ("www.example.org", "https://www.example.org"),
        ("http://example.org/a", "http://example.org/a"),
        ("", ""),
    ],
)
def test_a_web_address_is_made_whole(site: str, kept: str) -> None:
    assert brand("Friends", "", site).site == kept


@pytest.mark.parametrize(
    "site",
    [
        "javascript://x.y/%0aalert(1)",
        "ftp://example.org",
        "https://a@b.example.org",
        "x y",
        "https://[",
    ],
)
def test_an_address_that_is_none_is_refused(site: str) -> None:
    with pytest.raises(BadInput, match="group"):
        brand("Friends", "", site)


def test_details_without_a_name_are_refused() -> None:
    with pytest.raises(BadInput) as refused:
        brand("", "01632 960101", "")
    assert refused.value.problems[0].startswith("group: ")

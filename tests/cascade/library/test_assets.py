"""Pictures and PDFs: known by their content, drawn anew, kept once, used and removed."""

import base64
import io
import struct
import zlib
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from cascade.database import Database
from cascade.errors import BadInput, NotFound, Refused
from cascade.library import assets, drafts, keeping, publish, uses
from cascade.library.pictures import Broken, Found, examine
from cascade.library.records import Asset
from tests.cascade.web.scene import TEXT

SECRET = b"51.5 N, 0.1 W"


def picture(
    kind: str = "PNG", size: tuple[int, int] = (4, 3), mode: str = "RGB", **more: object
) -> bytes:
    """A file with a made-up picture: red on the left, blue on the right."""
    drawn = Image.new("RGB", size, (200, 0, 0))
    drawn.paste((0, 0, 200), (size[0] // 2, 0, *size))
    out = io.BytesIO()
    drawn.convert(mode).save(out, kind, **more)
    return out.getvalue()


def moving(kind: str, **more: object) -> bytes:
    """Two pictures in one file."""
    first, second = (Image.new("RGB", (4, 3), colour) for colour in ("red", "blue"))
    out = io.BytesIO()
    first.save(out, kind, save_all=True, append_images=[second], **more)
    return out.getvalue()


def png(width: int = 4, height: int = 3) -> bytes:
    return picture("PNG", (width, height))


def huge(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says that it is this large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        whole = name + body
        return struct.pack(">I", len(body)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def pdf(inside: bytes = b"<<>>", end: bytes = b"%%EOF\n") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n" + inside + b"\nendobj\ntrailer<<>>\n" + end


def deflated(inside: bytes) -> bytes:
    """An object stream, in which PDFs since 1.5 keep most of what they say."""
    return b"<</Type /ObjStm /Filter /FlateDecode>>\nstream\n" + zlib.compress(inside)


def kept(content: bytes) -> Found:
    found = examine(content)
    assert found is not None
    return found


def opened(found: Found) -> Image.Image:
    return Image.open(io.BytesIO(found.content))


PDF = pdf()
GIF = picture("GIF")
WHOLE = {kind: picture(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP")} | {"PDF": PDF}


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/png"), ("WEBP", "image/png")],
)
def test_a_picture_becomes_one_that_every_mail_program_shows(kind: str, media_type: str) -> None:
    found = kept(WHOLE[kind])

    assert (found.media_type, found.width, found.height) == (media_type, 4, 3)
    assert opened(found).get_format_mimetype() == media_type


def test_a_photograph_without_loss_becomes_a_jpeg_and_a_drawing_stays() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((200, 200), 90) for _ in range(3)])
    out = io.BytesIO()
    noise.save(out, "WEBP", lossless=True)

    assert kept(out.getvalue()).media_type == "image/jpeg"
    assert kept(picture("WEBP", (200, 200), lossless=True)).media_type == "image/png"


def test_a_pdf_is_kept_as_it_is() -> None:
    found = kept(PDF)

    assert (found.media_type, found.extension, found.content) == ("application/pdf", "pdf", PDF)
    assert (found.width, found.thumbnail) == (None, None)


def test_a_large_picture_is_made_as_wide_as_mail_shows_it_with_a_small_one_for_lists() -> None:
    found = kept(picture("JPEG", (3_000, 2_000)))
    assert found.thumbnail is not None

    assert (found.width, found.height) == (1_200, 800)
    assert opened(found).size == (1_200, 800)
    assert Image.open(io.BytesIO(found.thumbnail)).size == (360, 240)
    assert kept(png(30_000, 2)).width == 1_200
    assert kept(png(2, 30_000)).height == 4_000


@pytest.mark.parametrize("content", [b"<svg onload='x'/>", b"<html>", b"MZ\x90", b"BM", b"%!PS"])
def test_anything_else_is_not_taken(content: bytes) -> None:
    assert examine(content) is None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_cameras_and_programs_write_is_left_out(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    content = picture(kind, exif=exif) + SECRET

    found = kept(content)

    assert SECRET in content
    assert SECRET not in found.content
    assert not opened(found).getexif()
    assert "icc_profile" not in opened(found).info


def test_a_picture_that_stands_on_its_side_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn to the right
    found = kept(picture("JPEG", (40, 20), exif=exif))
    upright = opened(found).convert("RGB")

    assert upright.size == (20, 40)
    assert upright.getpixel((10, 2))[0] > 150, "left is now above"  # type: ignore[index]
    assert upright.getpixel((10, 38))[2] > 150  # type: ignore[index]


def test_colours_of_another_profile_are_turned_into_those_of_screens() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = kept(picture("PNG", icc_profile=lab))
    damaged = kept(picture("PNG", icc_profile=b"x" * 200))

    assert opened(same).convert("RGB").getpixel((0, 0)) == (200, 0, 0)
    assert opened(damaged).convert("RGB").getpixel((0, 0)) == (200, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_read(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    drawn = Image.new(mode, (4, 3), 40_000 if mode == "I;16" else None)
    out = io.BytesIO()
    drawn.save(out, kind)

    found = opened(kept(out.getvalue()))

    assert found.size == (4, 3)
    if mode == "I;16":
        assert found.convert("L").getpixel((0, 0)) == 156


def test_what_shines_through_still_does() -> None:
    drawn = Image.new("RGBA", (4, 3), (255, 0, 0, 0))
    out = io.BytesIO()
    drawn.save(out, "WEBP", lossless=True)
    found = kept(out.getvalue())

    assert found.media_type == "image/png"
    assert opened(found).convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize(
    "content", [moving("GIF"), moving("WEBP"), moving("PNG")], ids=["gif", "webp", "png"]
)
def test_a_picture_that_moves_is_refused(content: bytes) -> None:
    with pytest.raises(Broken, match="moves"):
        examine(content)


def test_of_the_pictures_that_a_telephone_puts_into_one_the_first_is_kept() -> None:
    assert kept(moving("MPO")).media_type == "image/jpeg"


@pytest.mark.parametrize(("width", "height"), [(9_000, 9_000), (60_000, 60_000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_before_it_is_opened(width: int, height: int) -> None:
    with pytest.raises(Broken, match="megapixels"):
        examine(huge(width, height))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (PDF[:-7], "ends too early"),
        (PDF + b"PK\x05\x06 a zip", "behind its end"),
        (pdf(b"<</Encrypt 5 0 R>>"), "password"),
        (pdf(b"<</S /JavaScript /JS (app.alert\\(1\\))>>"), "script"),
        (pdf(b"<</S /J#61vaScript>>"), "script"),
        (pdf(b"<</S /Launch /F (calc.exe)>>"), "script"),
        (pdf(b"<</Names <</EmbeddedFiles 7 0 R>>>>"), "a file in it"),
        (pdf(deflated(b"<</S/JavaScript/JS 9 0 R>>")), "script"),
        (pdf(deflated(b"0" * 30_000_000)), "unpacks to too much"),
    ],
)
def test_a_pdf_that_is_cut_off_locked_or_does_things_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(Broken, match=words):
        examine(content)


def test_a_pdf_with_like_words_is_taken() -> None:
    kept(pdf(b"<</JavaScripts 1 /Launched 2 /EncryptMetadatas 3>> (JavaScript)"))


@settings(max_examples=60)
@given(st.sampled_from(sorted(WHOLE)), st.integers(0, 400), st.binary(max_size=8), st.booleans())
def test_a_damaged_file_is_drawn_anew_or_refused_in_words(
    kind: str, at: int, put: bytes, cut: bool
) -> None:
    whole = WHOLE[kind]
    content = whole[:at] + put + (b"" if cut else whole[at + len(put) :])
    try:
        found = examine(content)
    except Broken:
        return
    if found is not None and found.width:
        assert examine(found.content) is not None
        assert found.content not in content, "nothing is kept unread"


@settings(max_examples=60)
@given(st.binary(max_size=200), st.sampled_from([b"", *(one[:12] for one in WHOLE.values())]))
def test_no_bytes_break_the_reader(body: bytes, head: bytes) -> None:
    try:
        found = examine(head + body)
    except Broken:
        return
    assert found is None or found.content


def add(database: Database, now: datetime, content: bytes, **more: str) -> tuple[Asset, bool]:
    given_ = {"name": "poster.png", "alt": "A poster", "by": "jo@example.org"} | more
    with database.writing() as session:
        return assets.add(session, content, now=now, **given_)


def test_the_same_bytes_twice_are_one_asset(database: Database, now: datetime) -> None:
    first, is_new = add(database, now, png())
    second, is_new_again = add(database, now, png(), name="other.png")

    assert (is_new, is_new_again) == (True, False)
    assert (second.id, second.name) == (first.id, "poster.png")


@pytest.mark.parametrize(
    ("given_", "name"),
    [
        ("poster.exe", "poster.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\x\\Flu & you.jpeg", "Flu-you.png"),
        ('"><script>.png', "script.png"),
        ("مرحبا.png", "file.png"),
        ("", "file.png"),
        ("x" * 300, "x" * 80 + ".png"),
    ],
)
def test_a_name_is_safe_and_tells_what_the_file_is(
    sqlite_database: Database, now: datetime, given_: str, name: str
) -> None:
    assert add(sqlite_database, now, png(), name=given_)[0].name == name


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not empty"),
        (b"x" * (assets.LARGEST + 1), "10 MB"),
        (b"<svg/>", "must be a picture"),
        (png()[:-30], "damaged"),
        (huge(9_000, 9_000), "50 megapixels"),
        (huge(0, 5), "damaged"),
    ],
)
def test_what_is_refused_is_said_with_what_to_do(
    sqlite_database: Database, now: datetime, content: bytes, words: str
) -> None:
    with pytest.raises(BadInput) as raised:
        add(sqlite_database, now, content)

    assert words in raised.value.problems[0]
    assert raised.value.problems[0].startswith("file: ")


def test_a_picture_needs_a_description_and_a_pdf_does_not(
    sqlite_database: Database, now: datetime
) -> None:
    with pytest.raises(BadInput) as raised:
        add(sqlite_database, now, png(), alt=" \u200b ")
    assert raised.value.problems == ("alt: Enter what the picture shows",)

    assert add(sqlite_database, now, PDF, alt="")[0].width is None


def test_files_are_found_by_name_and_description(database: Database, now: datetime) -> None:
    add(database, now, png(), name="flu.png", alt="A nurse")
    add(database, now, png(5, 5), name="heat.gif", alt="100% sun")

    def found(search: str) -> list[str]:
        with database.reading() as session:
            return [one.name for one in assets.listing(session, search=search).lines]

    assert found("") == ["heat.png", "flu.png"]
    assert found("NURSE") == ["flu.png"]
    assert found("0%") == ["heat.png"]
    assert found("_") == []


def test_a_description_cannot_leave_its_brackets() -> None:
    asset = Asset(name="x.png", alt="A [b](c) `d` {{ contact }}", width=1)

    assert assets.markdown(asset, "https://a.example") == "![A b(c) d  contact ](https://a.example)"


def test_a_wide_picture_is_shown_as_wide_as_a_message() -> None:
    asset = Asset(name="x.png", alt="A", width=1_200)

    assert assets.markdown(asset, "https://a.example/x") == "![A](https://a.example/x#width=560)"


def mention(asset: Asset) -> str:
    address = f"https://cascade.example.org/a/{asset.sha256}/{asset.name}"
    return f"{TEXT}\n{assets.markdown(asset, address)}\n"


def test_it_is_known_where_a_file_is_used(database: Database, now: datetime) -> None:
    asset, _ = add(database, now, png())
    with database.writing() as session:
        first = drafts.begin(session, by="jo", now=now, text=mention(asset)).id
        second = drafts.begin(session, by="jo", now=now, text=mention(asset)).id
        publish.publish(session, mention(asset), by="jo", now=now)
    with database.writing() as session:
        keeping.keep(session, first, TEXT, revision=1, by="jo", now=now)
    with database.reading() as session:
        found = uses.uses(session, [asset.id])[asset.id]

    assert found.draft == (second, "Cold weather alert")
    assert found.version is not None
    assert found.version.words == "cold-snap, version 1"
    assert (found.drafts, found.versions) == (1, 1)


def test_a_file_that_a_draft_or_a_version_uses_cannot_be_removed(
    database: Database, now: datetime
) -> None:
    asset, _ = add(database, now, png())
    with database.writing() as session:
        draft = drafts.begin(session, by="jo", now=now, text=mention(asset)).id
    with database.writing() as session, pytest.raises(Refused, match="A toolkit uses this file"):
        uses.remove(session, asset.sha256)
    with database.writing() as session:
        keeping.keep(session, draft, TEXT, revision=1, by="jo", now=now)
        assert uses.remove(session, asset.sha256).name == asset.name
    with database.reading() as session, pytest.raises(NotFound):
        assets.get(session, asset.sha256)
    again, is_new = add(database, now, png())
    with database.writing() as session:
        publish.publish(session, mention(again), by="jo", now=now)
    with database.writing() as session, pytest.raises(Refused):
        uses.remove(session, again.sha256)
    assert is_new


def test_what_is_not_there_is_not_found(database: Database) -> None:
    with database.reading() as session, pytest.raises(NotFound):
        assets.get(session, base64.b16encode(b"x" * 32).decode())

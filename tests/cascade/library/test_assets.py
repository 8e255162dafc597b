"""Pictures and PDFs: known by their content, without what cameras write into them, kept once."""

import base64
import struct
import zlib
from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.database import Database
from cascade.errors import BadInput, NotFound
from cascade.library import assets
from cascade.library.pictures import Broken, examine
from cascade.library.records import Asset


def chunk(name: bytes, body: bytes = b"") -> bytes:
    whole = name + body
    return struct.pack(">I", len(body)) + whole + struct.pack(">I", zlib.crc32(whole))


def png(width: int = 3, height: int = 2, *more: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\x00" + b"\x80" * 3) * 2)
    parts = [chunk(b"IHDR", header), *more, chunk(b"IDAT", pixels), chunk(b"IEND")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(rotation: int) -> bytes:
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, rotation, 0)
    tiff = b"II\x2a\x00" + struct.pack("<IH", 8, 1) + entry + b"\x00" * 4
    return segment(0xE1, b"Exif\x00\x00" + tiff + b"51.5 N, 0.1 W")


def jpeg(*more: bytes) -> bytes:
    frame = segment(0xC0, struct.pack(">BHHB", 8, 200, 300, 1) + b"\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + b"".join(more) + frame + scan + b"\xff\xd9"


def webp(*more: bytes) -> bytes:
    extended = b"VP8X" + struct.pack("<I", 10) + b"\x0c\x00\x00\x00" + b"\x03\x00\x00\x04\x00\x00"
    lossless = b"VP8L" + struct.pack("<I", 5) + b"\x2f" + struct.pack("<I", 3 | 4 << 14) + b"\x00"
    inside = b"WEBP" + extended + lossless + b"".join(more)
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


GIF = b"GIF89a" + struct.pack("<HH", 7, 8) + b"\x00\x00\x00;"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
WHOLE = {"png": png(), "jpg": jpeg(), "gif": GIF, "webp": webp(), "pdf": PDF}


@pytest.mark.parametrize(
    ("extension", "media_type", "size"),
    [
        ("png", "image/png", (3, 2)),
        ("jpg", "image/jpeg", (300, 200)),
        ("gif", "image/gif", (7, 8)),
        ("webp", "image/webp", (4, 5)),
        ("pdf", "application/pdf", (None, None)),
    ],
)
def test_a_file_is_known_by_its_content(
    extension: str, media_type: str, size: tuple[int | None, int | None]
) -> None:
    found = examine(WHOLE[extension])

    assert found is not None
    assert (found.media_type, found.extension) == (media_type, extension)
    assert (found.width, found.height) == size


@pytest.mark.parametrize("extension", ["png", "jpg", "webp"])
def test_what_is_kept_is_read_again_as_the_same(extension: str) -> None:
    found = examine(WHOLE[extension])
    assert found is not None
    assert examine(found.content) == found


@pytest.mark.parametrize("content", [b"<svg onload='x'/>", b"<html>", b"MZ\x90", b"BM", b"%!PS"])
def test_anything_else_is_not_taken(content: bytes) -> None:
    assert examine(content) is None


def test_what_cameras_and_programs_write_is_left_out() -> None:
    secret = b"51.5 N, 0.1 W"
    pieces = {
        "png": png(3, 2, chunk(b"tEXt", b"Place\x00" + secret), chunk(b"eXIf", secret)) + secret,
        "jpg": jpeg(exif(1), segment(0xFE, secret), segment(0xED, secret)) + secret,
        "webp": webp(b"EXIF" + struct.pack("<I", 13) + secret + b"\x00"),
    }
    for extension, content in pieces.items():
        found = examine(content)
        assert found is not None
        assert secret in content
        assert secret not in found.content, extension


def test_a_picture_that_stands_on_its_side_keeps_its_rotation() -> None:
    found = examine(jpeg(exif(6)))

    assert found is not None
    assert found.content[:4] == b"\xff\xd8\xff\xe1"
    assert struct.pack(">HHIH", 0x0112, 3, 1, 6) in found.content
    assert b"51.5 N" not in found.content


@given(st.sampled_from(sorted(WHOLE)), st.integers(0, 120), st.binary(max_size=8))
def test_a_damaged_file_is_read_or_said_to_be_broken(kind: str, at: int, put: bytes) -> None:
    with suppress(Broken):
        examine(WHOLE[kind][:at] + put)


@given(st.binary(max_size=200), st.sampled_from([b"", *(one[:12] for one in WHOLE.values())]))
def test_no_bytes_break_the_reader(body: bytes, head: bytes) -> None:
    with suppress(Broken):
        examine(head + body)


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
    database: Database, now: datetime, given_: str, name: str
) -> None:
    assert add(database, now, png(), name=given_)[0].name == name


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not empty"),
        (b"x" * (assets.LARGEST + 1), "10 MB"),
        (b"<svg/>", "must be a picture"),
        (png()[:-5], "damaged"),
        (png(9_000, 9_000), "80 megapixels"),
        (png(0, 5), "no size"),
    ],
)
def test_what_is_refused_is_said_with_what_to_do(
    database: Database, now: datetime, content: bytes, words: str
) -> None:
    with pytest.raises(BadInput) as raised:
        add(database, now, content)

    assert words in raised.value.problems[0]
    assert raised.value.problems[0].startswith("file: ")


def test_a_picture_needs_a_description_and_a_pdf_does_not(
    database: Database, now: datetime
) -> None:
    with pytest.raises(BadInput) as raised:
        add(database, now, png(), alt=" \u200b ")
    assert raised.value.problems == ("alt: Enter what the picture shows",)

    assert add(database, now, PDF, alt="")[0].width is None


def test_files_are_found_by_name_and_description(database: Database, now: datetime) -> None:
    add(database, now, png(), name="flu.png", alt="A nurse")
    add(database, now, GIF, name="heat.gif", alt="100% sun")

    def found(search: str) -> list[str]:
        with database.reading() as session:
            return [one.name for one in assets.listing(session, search=search).lines]

    assert found("") == ["heat.gif", "flu.png"]
    assert found("NURSE") == ["flu.png"]
    assert found("0%") == ["heat.gif"]
    assert found("_") == []


def test_a_description_cannot_leave_its_brackets() -> None:
    asset = Asset(name="x.png", alt="A [b](c) `d` {{ contact }}", width=1)

    assert assets.markdown(asset, "https://a.example") == "![A b(c) d  contact ](https://a.example)"


def test_what_is_not_there_is_not_found(database: Database) -> None:
    with database.reading() as session, pytest.raises(NotFound):
        assets.get(session, base64.b16encode(b"x" * 32).decode())

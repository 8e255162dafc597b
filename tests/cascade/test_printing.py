"""PDFs that screen readers can read, drawn from nothing but what was handed over."""

import re
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from PIL import ImageFile

from cascade import printing
from cascade.printing import Given

DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">'
    b'<rect width="9" height="9"/></svg>'
)


def page(body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="ur" dir="rtl"><title>A title</title><body>{body}</body></html>'
    )


def streams(pdf: bytes) -> bytes:
    """Everything that is in it, unpacked."""
    found = [pdf]
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(match[1].strip(b"\r\n")))
        except zlib.error:
            continue
    return b"".join(found)


def test_a_pdf_is_tagged_and_says_its_title_and_language() -> None:
    made = streams(printing.pdf(page("<h1>One</h1><p>Two</p>")))
    assert made.startswith(b"%PDF-")
    for part in (b"/MarkInfo", b"/Marked true", b"/StructTreeRoot", b"/Lang", b"pdfuaid"):
        assert part in made, part
    assert b"A title" in made or "A title".encode("utf-16-be") in made


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """What a server of this machine is asked for; its address is the first entry."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    paths.append(f"http://127.0.0.1:{server.server_port}")
    yield paths
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_loads_no_file_and_asks_no_server(asked: list[str], tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    home = asked[0]
    tricks = f"""
      <img src="{home}/a.png"><img src="file:///etc/passwd"><img src="{secret.as_uri()}">
      <link rel="stylesheet" href="{home}/b.css"><style>@import "{home}/c.css";</style>
      <style>p {{ background: url({home}/d.png); font-family: x }}
        @font-face {{ font-family: x; src: url({home}/e) }}</style><p>x</p>
      <svg xmlns="http://www.w3.org/2000/svg"><image href="{home}/f.png"/>
        <use href="{secret.as_uri()}#x"/></svg>
      <object data="{secret.as_uri()}"></object><embed src="{home}/g">
      <a rel="attachment" href="{secret.as_uri()}">x</a>
      <link rel="attachment" href="{secret.as_uri()}">
      <img src="secret.txt"><img src="../etc/passwd"><img src="data:text/plain,x">
      <base href="{tmp_path.as_uri()}/"><img src="secret.txt">
    """
    files = {
        "given:drawing": Given(
            DRAWING.replace(b"<rect", f'<image href="{home}/h.png"/><rect'.encode()),
            "image/svg+xml",
        )
    }
    made = printing.pdf(page(tricks + '<img src="given:drawing">'), files)
    assert asked == [home]
    assert b"TOPSECRET" not in streams(made)
    assert b"root:" not in streams(made)


def test_what_is_handed_over_is_drawn() -> None:
    without = printing.pdf(page('<img src="given:x" alt="A drawing">'))
    drawn = printing.pdf(
        page('<img src="given:x" alt="A drawing">'), {"given:x": Given(DRAWING, "image/svg+xml")}
    )
    assert drawn != without
    assert b"A drawing" in streams(drawn)


def test_values_of_a_template_are_escaped() -> None:
    values = {
        **dict.fromkeys(
            ("language", "direction", "title", "author", "about", "colour", "points", "small"),
            '"><script>',
        ),
        **dict.fromkeys(("headline", "words", "logo", "own_logo", "group", "page"), ""),
    }
    assert "<script>" not in printing.render("sheet.html", values)


def test_drawing_a_pdf_lets_no_damaged_picture_in_elsewhere() -> None:
    printing.pdf(page("<p>One</p>"))
    assert not ImageFile.LOAD_TRUNCATED_IMAGES

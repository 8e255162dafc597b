"""The library of files: uploaded by who writes, served to everybody, running nothing."""

import io
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cascade.library.assets import LARGEST
from cascade.library.drafts import begin
from tests.cascade.library.test_assets import PDF, png
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import TEXT, Scene


@pytest.fixture
def author(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """A browser that an author is signed in with."""
    return browser(closed, scene.database, person(scene.database, now, "author"), now)


def form(client: FlaskClient, content: bytes, name: str = "flu.png", alt: str = "A nurse") -> dict:  # type: ignore[type-arg]
    """What the upload form sends."""
    return {"stamp": stamp(client), "alt": alt, "file": (io.BytesIO(content), name)}


def test_a_picture_is_kept_and_noted(author: FlaskClient, scene: Scene) -> None:
    answered = author.post("/assets", data=form(author, png()))

    assert answered.headers["Location"] == "/assets?search=flu.png"
    assert "![A nurse](http://127.0.0.1:8000/a/" in author.get("/assets?search=flu.png").text
    (entry,) = audited(scene.database, "file-added")
    assert entry.after == {"name": "flu.png", "type": "image/png", "description": "A nurse"}


def test_the_script_gets_the_markdown(author: FlaskClient) -> None:
    asked = {"Accept": "application/json"}
    done = author.post("/assets", data=form(author, PDF, "a.pdf", ""), headers=asked)
    refused = author.post("/assets", data=form(author, b"<svg/>"), headers=asked)

    assert done.json is not None
    assert done.json["markdown"].startswith("[a.pdf (PDF)](http://127.0.0.1:8000/a/")
    assert refused.status_code == 422
    assert refused.json is not None
    assert "must be a picture" in refused.json["problems"]["file"]


@pytest.mark.parametrize(
    ("content", "alt", "words"),
    [
        (b"<svg/>", "A nurse", "The file must be a picture"),
        (png(), "", "Enter what the picture shows"),
        (png(), "x" * 501, "500 characters or less"),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_stays(
    author: FlaskClient, scene: Scene, content: bytes, alt: str, words: str
) -> None:
    answered = author.post("/assets", data=form(author, content, alt=alt))

    assert answered.status_code == 422
    assert words in answered.text
    assert f'value="{alt}"' in answered.text or not alt
    assert audited(scene.database) == []


def test_without_a_file_there_is_nothing_to_keep(author: FlaskClient) -> None:
    answered = author.post("/assets", data={"stamp": stamp(author), "alt": "x"})

    assert answered.status_code == 422
    assert "Choose a picture or a PDF" in answered.text


def test_a_list_shows_small_pictures_and_where_each_is_used(
    author: FlaskClient, scene: Scene
) -> None:
    author.post("/assets", data=form(author, png(900, 600), "nurse.png"))
    listed = author.get("/assets").text
    small = author.get(f"/assets/{scene.asset.split('/')[0]}/thumbnail")
    used = author.post(
        "/drafts/1",
        data={
            "stamp": stamp(author),
            "revision": 1,
            "text": f"{TEXT}\n![A dot](https://cascade.example.org/a/{scene.asset})\n",
        },
    )

    assert listed.count("Not used in any toolkit") == 2
    assert small.mimetype == "image/png"
    assert used.status_code == 303
    assert "Used in the draft" in " ".join(author.get("/assets?search=dot").text.split())


def test_a_file_that_nothing_uses_is_removed_and_that_is_noted(
    author: FlaskClient, scene: Scene
) -> None:
    sha256, name = scene.asset.split("/")
    answered = author.post(f"/assets/{sha256}/remove", data={"stamp": stamp(author)})

    assert answered.headers["Location"] == "/assets"
    assert author.get(f"/a/{scene.asset}").status_code == 404
    (entry,) = audited(scene.database, "file-removed")
    assert entry.before == {"name": name, "type": "image/png", "description": "A dot"}
    again = author.post(f"/assets/{sha256}/remove", data={"stamp": stamp(author)})
    assert again.status_code == 404
    assert author.post(f"/assets/{sha256}/remove").status_code == 403


def test_a_file_in_use_is_not_removed(author: FlaskClient, scene: Scene) -> None:
    with scene.database.writing() as session:
        begin(
            session, by="jo", now=scene.now, text=f"{TEXT}\n![A dot](https://x.org/a/{scene.asset})"
        )
    path = f"/assets/{scene.asset.split('/')[0]}/remove"
    answered = author.post(path, data={"stamp": stamp(author)})

    assert answered.status_code == 409
    assert "A toolkit uses this file" in answered.text
    assert author.get(f"/a/{scene.asset}").status_code == 200


def test_pictures_of_this_installation_are_shown_in_previews(
    author: FlaskClient, scene: Scene
) -> None:
    picture = f"http://127.0.0.1:8000/a/{scene.asset}"
    with scene.database.writing() as session:
        draft = begin(session, by="jo", now=scene.now, text=f"{TEXT}\n![A dot]({picture})\n").id
    page = author.get(f"/drafts/{draft}/preview/email")

    assert f'src="{picture}"' in page.text
    assert "img-src data: https: http://127.0.0.1:8000;" in page.headers["Content-Security-Policy"]
    assert "its address must start with https" not in author.get(f"/drafts/{draft}").text


def test_far_too_much_is_refused_in_words(author: FlaskClient) -> None:
    answered = author.post(
        "/assets",
        data=b"--x\r\n" + b"x" * (LARGEST + 200_000),
        content_type="multipart/form-data; boundary=x",
    )

    assert answered.status_code == 413
    assert "A file must be 10 MB or smaller" in answered.text


def test_everybody_gets_a_file_that_runs_nothing(closed: Flask, scene: Scene) -> None:
    client = closed.test_client()

    answered = client.get(f"/a/{scene.asset}")

    assert answered.status_code == 200
    assert answered.mimetype == "image/png"
    assert answered.headers["X-Content-Type-Options"] == "nosniff"
    assert answered.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "immutable" in answered.headers["Cache-Control"]
    assert client.get(f"/a/{scene.asset}x").status_code == 404
    seen = {"If-None-Match": answered.headers["ETag"]}
    assert client.get(f"/a/{scene.asset}", headers=seen).status_code == 304


def test_a_pdf_is_downloaded(author: FlaskClient) -> None:
    made = author.post(
        "/assets", data=form(author, PDF, "a.pdf", ""), headers={"Accept": "application/json"}
    )
    assert made.json is not None
    path = made.json["markdown"].split(":8000")[1].rstrip(")")

    assert author.get(path).headers["Content-Disposition"] == 'attachment; filename="a.pdf"'

"""Writing: the editor with its problems and previews, saving by hand and by itself, conflicts."""

import html
import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cascade.library.drafts import LONGEST
from cascade.library.records import Draft
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import TEXT, Scene


@pytest.fixture
def author(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """A browser that an author is signed in with."""
    return browser(closed, scene.database, person(scene.database, now, "author"), now)


def draft(scene: Scene, number: int = 1) -> Draft:
    with scene.database.reading() as session:
        return session.get_one(Draft, number)


def sent(client: FlaskClient, text: str, revision: int = 1, **more: object) -> dict[str, object]:
    """What the editor's form sends."""
    return {"stamp": stamp(client), "text": text, "revision": str(revision), **more}


def test_the_editor_shows_the_text_its_problems_and_what_segments_get(
    author: FlaskClient, scene: Scene
) -> None:
    author.post("/drafts/1", data=sent(author, f"{TEXT}\n::: for care-homs\nx\n:::\n"))

    page = html.unescape(author.get("/drafts/1?segment=pharmacies&format=email&format=text").text)

    assert "Cold weather alert" in page
    assert re.search(r'data-line="\d+">Line \d+</a> <strong>Error:</strong>.*care-homes', page)
    assert 'src="/drafts/1/preview/email?segments=pharmacies"' in page
    assert "Ask people who collect medicines" in page
    assert "sandbox=" in page


def test_saving_keeps_the_text_and_says_so_in_the_audit_trail(
    author: FlaskClient, scene: Scene
) -> None:
    answered = author.post("/drafts/1", data=sent(author, "---\r\ntitle: New\r\n---\r\nText"))

    assert answered.status_code == 303
    assert draft(scene).text == "---\ntitle: New\n---\nText"
    (entry,) = audited(scene.database, "draft-kept")
    assert (entry.before, entry.after) == (
        {"title": "Cold weather alert"},
        {"title": "New", "revision": 2},
    )

"""Search over everything, from the field at the top of each page."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from cascade.audience.records import Contact, Organisation
from cascade.audience.search_words import learn_everything
from cascade.sending.records import Cascade
from tests.cascade.web.forms import whole
from tests.cascade.web.people import browser, person
from tests.cascade.web.scene import Scene

HOSTILE = "<script>alert(1)</script>"


def somebody(app: Flask, scene: Scene, now: datetime, role: str) -> FlaskClient:
    return browser(app, scene.database, person(scene.database, now, role), now)


@pytest.fixture
def author(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """The browser of somebody who may see people."""
    return somebody(closed, scene, now, "author")


def test_every_kind_is_found_on_one_page(author: FlaskClient) -> None:
    cold, oak = author.get("/search?q=cold").text, author.get("/search?q=oak").text

    assert 'href="/cascades/1"' in cold
    assert 'href="/drafts/1"' in cold
    assert 'href="/organisations/1"' in oak
    assert "3 organisations" in oak


def test_a_whole_address_comes_first(author: FlaskClient) -> None:
    page = whole(author.get("/search?q=manager1@home1.example.org").text)

    assert "1 contact" in page
    assert "manager1@home1.example.org</span>" in page
    assert 'href="/organisations/1"' in page


def test_the_number_of_a_cascade_finds_it(author: FlaskClient) -> None:
    for words in ("1", "%231"):
        assert 'href="/cascades/1"' in author.get(f"/search?q={words}").text
    assert "Nothing was found" in author.get("/search?q=" + "9" * 50).text


def test_more_cascades_than_are_shown_lead_to_the_list_of_them(
    author: FlaskClient, scene: Scene
) -> None:
    with scene.database.writing() as session:
        first = session.get_one(Cascade, 1)
        kept = {name: getattr(first, name) for name in Cascade.__table__.columns.keys()}  # noqa: SIM118
        session.execute(insert(Cascade), [kept | {"id": n} for n in range(2, 13)])
    page = author.get("/search?q=alert+cold").text

    assert "The newest 10 cascades" in page
    assert 'href="/cascades?search=alert+cold">All of them</a>' in page
    assert "12 cascades" in author.get("/cascades?search=alert+cold").text


def test_who_may_not_see_people_does_not_find_them(
    closed: Flask, scene: Scene, now: datetime
) -> None:
    viewer = somebody(closed, scene, now, "viewer")

    for words in ("oak", "manager1@home1.example.org"):
        page = viewer.get(f"/search?q={words}").text
        assert "Nothing was found" in page
        assert "/organisations" not in page
        assert "Your role does not see" in page
    assert 'href="/cascades/1"' in viewer.get("/search?q=cold").text


@pytest.mark.parametrize(
    "words", ["", "%20", "zebra", "%25", "_", "c_ld", "c%25d", "%00", "x" * 999]
)
def test_an_empty_answer_says_what_can_be_searched_for(author: FlaskClient, words: str) -> None:
    answered = author.get(f"/search?q={words}")

    assert answered.status_code == 200
    assert "how words begin" in answered.text
    assert 'href="/organisations/1"' not in answered.text


def test_nothing_that_is_found_or_typed_becomes_markup(author: FlaskClient, scene: Scene) -> None:
    with scene.database.writing() as session:
        session.execute(update(Organisation).values(name=HOSTILE, place=HOSTILE))
        session.execute(update(Contact).values(name=HOSTILE, role=HOSTILE))
        session.execute(update(Cascade).values(title=HOSTILE))
        learn_everything(session)

    page = author.get("/search", query_string={"q": HOSTILE})

    assert "1 cascade" in page.text
    assert "4 organisations" in page.text
    assert "4 contacts" in page.text
    assert HOSTILE not in page.text
    assert HOSTILE not in author.get("/search", query_string={"q": f'"{HOSTILE}'}).text


def test_the_field_is_at_the_top_and_keeps_what_was_typed(
    author: FlaskClient, closed: Flask
) -> None:
    assert 'action="/search"' in author.get("/").text
    assert 'value="oak &amp; elm"' in author.get("/search?q=oak+%26+elm").text
    assert 'action="/search"' not in closed.test_client().get("/sign-in").text

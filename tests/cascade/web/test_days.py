"""A day is a day of England, also in the hour in which it is another one in UTC."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from cascade.audience.segments import seed
from cascade.database import Database
from cascade.library.publish import publish
from cascade.sending.records import Cascade
from tests.cascade.bulletins import archived, county
from tests.cascade.web.application import open_app
from tests.cascade.web.people import browser, person, stamp
from tests.cascade.web.scene import TEXT, Scene, settings, ticking

NIGHT = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
"""In England it is half past twelve in the morning of 1 July."""
OVER = TEXT.replace("campaign:", "expires: 2027-06-30\ncampaign:")


@pytest.fixture
def app(scene: Scene) -> Flask:
    return open_app(settings(desk="link"), scene.database, ticking(NIGHT))


@pytest.fixture
def author(app: Flask, scene: Scene) -> FlaskClient:
    return browser(app, scene.database, person(scene.database, NIGHT, "author"), NIGHT)


def test_groups_may_have_used_it_today(app: Flask) -> None:
    assert 'max="2027-07-01"' in app.test_client().get("/library/cold-snap/used").text


def test_the_cell_may_write_down_what_was_used_today(author: FlaskClient) -> None:
    assert 'max="2027-07-01"' in author.get("/reposts/of/cold-snap/new").text


def test_a_toolkit_of_yesterday_is_over(app: Flask, scene: Scene, now: datetime) -> None:
    with scene.database.writing() as session:
        publish(session, OVER, by="Ann", now=now)

    assert "come to its end" in app.test_client().get("/library/cold-snap/kit").text


def test_the_editor_says_that_yesterday_is_over(author: FlaskClient) -> None:
    author.post("/drafts/1", data={"stamp": stamp(author), "text": OVER, "revision": "1"})

    assert "This toolkit expired on 2027-06-30" in author.get("/drafts/1").text


def test_an_issue_of_the_night_is_one_of_the_new_day(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        seed(session)
        archived.first(session, county.MONDAY)
        session.execute(update(Cascade).values(send_at=NIGHT))
    client = open_app(settings(), sqlite_database, ticking(NIGHT)).test_client()

    assert "/bulletins/round-up/1</loc><lastmod>2027-07-01<" in client.get("/sitemap.xml").text


def test_a_feed_without_entries_is_no_newer_than_now(sqlite_database: Database) -> None:
    client = open_app(settings(), sqlite_database, ticking(NIGHT)).test_client()

    changed = client.get("/feeds/library.atom").headers["Last-Modified"]
    assert changed == "Wed, 30 Jun 2027 23:00:00 GMT"

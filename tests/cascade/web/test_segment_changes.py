"""Segments are changed and removed in the browser."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cascade.audience.records import Segment
from cascade.audience.segments import find
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import Scene

PATH = "/segments/pharmacies/change"


@pytest.fixture
def author(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """The browser of somebody who may change people."""
    return browser(closed, scene.database, person(scene.database, now, "author"), now)


def form(client: FlaskClient, path: str = PATH, **changed: object) -> dict[str, object]:
    """What the form sends as it is shown, but for this."""
    page = client.get(path).text
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    given = {"stamp": stamp(client), "seen": seen[1], "title": "Pharmacies", "act": "count"}
    return given | {"kinds": ["pharmacies"]} | changed


def test_a_change_is_shown_first_and_then_made(author: FlaskClient, scene: Scene) -> None:
    assert f'href="{PATH}"' in author.get("/segments/pharmacies").text
    asked = form(author, title="Homes <b>", kinds=["care-homes"])
    shown = author.post(PATH, data=asked).text

    assert "Would come in: 3 organisations, 3 contacts" in shown
    assert '<li class="app-wrap">Oak House 1</li>' in shown
    assert "Would go out: 1 organisation, 1 contact" in shown
    assert "Corner Pharmacy 4" in shown
    assert audited(scene.database) == []

    done = author.post(PATH, data=asked | {"act": "keep"})

    assert done.headers["Location"] == "/segments/pharmacies"
    (entry,) = audited(scene.database, "segment-changed")
    assert entry.subject == "segment pharmacies"
    assert entry.before["title"] == "Pharmacies"
    assert entry.after["title"] == "Homes <b>"
    assert "Homes &lt;b&gt;" in author.get(PATH).text
    # What went already is told as it was.
    assert "Pharmacies" in author.get("/cascades/1").text


def test_what_is_as_it_was_is_no_change(author: FlaskClient, scene: Scene) -> None:
    assert author.post(PATH, data=form(author, act="keep")).status_code == 303
    assert audited(scene.database) == []


def test_who_is_overtaken_sees_what_the_other_did_and_can_mean_it(
    author: FlaskClient, closed: Flask, scene: Scene, now: datetime
) -> None:
    other = person(scene.database, now, "author", email="other@example.org")
    mine = form(author, title="Mine", act="keep")
    their = browser(closed, scene.database, other, now)
    their.post(PATH, data=form(their, title="Theirs", act="keep"))

    refused = author.post(PATH, data=mine)

    assert refused.status_code == 409
    assert "other@example.org has made it: Theirs" in refused.text
    assert 'value="Mine"' in refused.text
    with scene.database.reading() as session:
        assert find(session, "pharmacies").title == "Theirs"
    seen = re.search(r'name="seen" value="(\w+)"', refused.text)
    assert seen is not None
    assert author.post(PATH, data=mine | {"seen": seen[1]}).status_code == 303
    with scene.database.reading() as session:
        assert find(session, "pharmacies").title == "Mine"


@pytest.mark.parametrize(
    ("changed", "place"),
    [({"title": ""}, "#title"), ({"areas": "12"}, "#areas"), ({"kinds": ["vets"]}, "#kinds")],
)
def test_what_makes_no_segment_is_said_and_kept(
    author: FlaskClient, scene: Scene, changed: dict[str, object], place: str
) -> None:
    answered = author.post(PATH, data=form(author, places="Oadby", act="keep") | changed)

    assert answered.status_code == 422
    assert f'href="{place}"' in answered.text
    assert "Oadby</textarea>" in answered.text
    assert audited(scene.database) == []


def test_a_segment_that_is_used_says_where_and_stays(author: FlaskClient, scene: Scene) -> None:
    page = author.get(PATH).text
    assert 'Toolkit: <a href="/versions/1">Cold weather alert</a>' in page
    assert 'Draft: <a href="/drafts/1">' in page
    assert 'Cascade that is not over: <a href="/cascades/1">' in page

    refused = author.post("/segments/pharmacies/remove", data={"stamp": stamp(author)})

    assert refused.status_code == 409
    assert "It was not removed" in refused.text
    assert audited(scene.database) == []


def test_a_segment_that_nothing_uses_is_removed(author: FlaskClient, scene: Scene) -> None:
    with scene.database.writing() as session:
        session.add(Segment(name="vets", title="Vets", rule={"kind": ["vets"]}))
    assert "No toolkit, no draft" in author.get("/segments/vets/change").text

    done = author.post("/segments/vets/remove", data={"stamp": stamp(author)})

    assert done.headers["Location"] == "/segments"
    (entry,) = audited(scene.database, "segment-removed")
    assert entry.before["title"] == "Vets"
    assert author.get("/segments/vets").status_code == 404
    assert author.get("/segments/vets/change").status_code == 404


def test_a_segment_is_put_into_the_public_library_and_the_trail_says_so(
    author: FlaskClient, scene: Scene
) -> None:
    asked = form(author, public="y")
    assert "Anybody could read in the library what is for it" in author.post(PATH, data=asked).text

    author.post(PATH, data=asked | {"act": "keep"})

    (entry,) = audited(scene.database, "segment-changed")
    assert (entry.before, entry.after) == ({"public": "no"}, {"public": "yes"})
    assert "Anybody may read in the library" in author.get("/segments/pharmacies").text
    assert "checked" in author.get(PATH).text.partition('name="public"')[2][:60]

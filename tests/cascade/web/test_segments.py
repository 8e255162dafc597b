"""Segments and the suppression list in the browser."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cascade.audience.segments import find
from cascade.audience.suppression import reasons, suppress
from tests.cascade.web.forms import whole
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import Scene


@pytest.fixture
def author(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """The browser of somebody who may change people."""
    return browser(closed, scene.database, person(scene.database, now, "author"), now)


def test_each_segment_has_its_rule_in_words_and_its_counts(author: FlaskClient) -> None:
    page = author.get("/segments").text
    assert "Organisations where kind is Care homes" in page
    assert 'href="/segments/care-homes"' in page


def test_a_segment_says_who_is_in_it_and_why(author: FlaskClient) -> None:
    page = author.get("/segments/care-homes").text
    assert "Oak House 3" in page
    assert "Kind: Care homes" in page
    assert "Corner Pharmacy" not in page
    assert author.get("/segments/nobody").status_code == 404


def test_a_segment_is_counted_first_and_then_kept(author: FlaskClient, scene: Scene) -> None:
    asked = {
        "title": "Managers in Westport",
        "kinds": ["care-homes"],
        "places": "Westport\n",
        "roles": "manager",
        "stamp": stamp(author),
    }
    counted = author.post("/segments/new", data=asked | {"act": "count"})
    assert counted.status_code == 200
    assert "It would hold now" in counted.text
    assert "managers-in-westport" in counted.text
    assert audited(scene.database) == []

    kept = author.post("/segments/new", data=asked | {"act": "keep"})

    assert kept.headers["Location"] == "/segments/managers-in-westport"
    with scene.database.reading() as session:
        assert find(session, "managers-in-westport").rule == {
            "kind": ["care-homes"],
            "place": ["Westport"],
            "role": ["manager"],
        }
    [entry] = audited(scene.database)
    assert (entry.act, entry.subject) == ("segment-added", "segment managers-in-westport")
    assert "Sam Manager 1" in author.get("/segments/managers-in-westport").text


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"title": ""}, "#title"),
        ({"title": "Care homes"}, "#title"),
        ({"areas": "12"}, "#areas"),
        ({"languages": "klingonese"}, "#languages"),
        ({"kinds": ["vets"]}, "#kinds"),
    ],
)
def test_what_makes_no_segment_is_said_and_kept(
    author: FlaskClient, changed: dict[str, object], place: str
) -> None:
    data = {"title": "Some", "kinds": ["care-homes"], "places": "Oadby"} | changed
    answered = author.post("/segments/new", data=data | {"stamp": stamp(author), "act": "keep"})
    assert answered.status_code == 422
    assert f'href="{place}"' in answered.text
    assert "Oadby</textarea>" in answered.text


def test_an_address_is_put_on_the_list_and_lifted(author: FlaskClient, scene: Scene) -> None:
    assert "No address is on the list" in author.get("/suppressions").text
    data = {"email": "Ann@Oak.example.org", "reason": "complained", "why": "she rang"}
    author.post("/suppressions/new", data=data | {"stamp": stamp(author)})
    assert "ann@oak.example.org" in whole(
        author.get("/suppressions?search=oak&reason=complained").text
    )
    assert "No address found" in author.get("/suppressions?search=elm").text
    asked = author.get("/suppressions/lift?email=ann@oak.example.org").text
    assert "ann@oak.example.org" in asked

    given = {"email": "ann@oak.example.org", "why": "", "stamp": stamp(author)}
    refused = author.post("/suppressions/lift", data=given)
    assert (refused.status_code, 'href="#why"' in refused.text) == (422, True)
    assert author.post("/suppressions/lift", data=given | {"why": "asked"}).status_code == 303

    with scene.database.reading() as session:
        assert not reasons(session, ["ann@oak.example.org"])
    added, lifted = audited(scene.database)
    assert (added.act, added.subject, added.detail) == (
        "address-suppressed",
        "address ann@oak.example.org",
        "she rang",
    )
    assert (lifted.act, lifted.before, lifted.detail) == (
        "suppression-lifted",
        {"reason": "complained"},
        "asked",
    )


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"email": "ann"}, "#email"),
        ({"reason": ""}, "#reason"),
        ({"why": ""}, "#why"),
        ({"email": "there@example.org"}, "#email"),
    ],
)
def test_what_is_missing_is_said_and_kept(
    author: FlaskClient, scene: Scene, now: datetime, changed: dict[str, str], place: str
) -> None:
    with scene.database.writing() as session:
        suppress(session, "there@example.org", "bounced", now)
    data = {"email": "ann@example.org", "reason": "bounced", "why": "three letters came back"}
    answered = author.post("/suppressions/new", data=data | changed | {"stamp": stamp(author)})
    assert answered.status_code == 422
    assert f'href="{place}"' in answered.text
    assert audited(scene.database) == []


def test_what_is_not_on_the_list_can_not_be_lifted(author: FlaskClient) -> None:
    address = "/suppressions/lift?email=no@example.org"
    assert author.get(address).headers["Location"] == "/suppressions"
    given = {"email": "no@example.org", "why": "x", "stamp": stamp(author)}
    assert author.post("/suppressions/lift", data=given).status_code == 404

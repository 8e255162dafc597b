"""A toolkit in a frame of another site, and how sites are told to put it there."""

import re
from datetime import datetime
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from cascade.audience.records import Segment
from cascade.library.publish import publish
from cascade.reposts.records import EmbedCount
from cascade.web import embed_code
from tests.cascade.web.application import open_app
from tests.cascade.web.scene import TEXT, Scene, settings, ticking

BASE = "http://127.0.0.1:8000"
BROWSER = {"User-Agent": "Mozilla/5.0 Firefox/128.0"}
HOSTILE = TEXT.replace("title: Cold weather alert", """title: 'Cold "dry" & x="y'""")


def newer(scene: Scene, now: datetime, text: str) -> None:
    with scene.database.writing() as session:
        publish(session, text, by="Ann", now=now)


def test_any_site_may_frame_it_and_it_runs_nothing(client: FlaskClient) -> None:
    answered = client.get("/embed/cold-snap")
    policy = answered.headers["Content-Security-Policy"]

    assert answered.status_code == 200
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "X-Frame-Options" not in answered.headers
    assert "Set-Cookie" not in answered.headers
    assert not re.search(r"<script|<form|<img|\son\w+=|style=", answered.text)
    assert "Keep rooms at <strong>18°C</strong> or warmer." in answered.text
    assert "Check your heating plan today." in answered.text
    assert f'href="{BASE}/library/cold-snap" target="_blank" rel="noopener"' in answered.text


def test_every_other_page_may_not_be_framed(client: FlaskClient) -> None:
    for path in ("/library/cold-snap/take", "/library/cold-snap/used", "/oembed", "/embed/x/y"):
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"]


def test_it_shows_the_current_version(client: FlaskClient, scene: Scene, now: datetime) -> None:
    newer(scene, now, TEXT.replace("Check your heating plan", "Check your boiler"))

    assert "Check your boiler" in client.get("/embed/cold-snap").text


def test_a_language_is_shown_where_there_is_one(
    client: FlaskClient, scene: Scene, now: datetime
) -> None:
    newer(scene, now, TEXT.replace("toolkit: cold-snap", "toolkit: cold-snap\nlanguage: ur"))

    urdu = client.get("/embed/cold-snap?language=ur").text
    assert '<html lang="ur" dir="rtl">' in urdu
    assert "/library/cold-snap?language=ur" in urdu
    assert '<html lang="en">' in client.get("/embed/cold-snap?language=xx").text


def test_no_private_audience_is_named(client: FlaskClient) -> None:
    shown = client.get("/embed/cold-snap?audience=care-homes").text
    assert "are homes" not in shown
    assert "audience=" not in shown


def test_a_public_audience_is_shown_what_is_said_to_it_alone(
    client: FlaskClient, scene: Scene, now: datetime
) -> None:
    picture = "![A warm room](https://example.org/room.png)"
    with scene.database.writing() as session:
        session.execute(update(Segment).where(Segment.name == "pharmacies").values(public=True))
    public = f"::: for pharmacies\n## Your part\n\nRing your members. {picture}\n\n"
    private = "::: for care-homes\nThe code of the door is 5512.\n:::\n"
    newer(scene, now, f"{TEXT}\n{public}Tell {{{{ contact }}}}.\n:::\n{private}")

    theirs = client.get("/embed/cold-snap?audience=pharmacies").text
    assert "<h2>Your part</h2>" in theirs
    assert "Ring your members. A warm room</p>" in theirs
    assert '<p class="audience">' in theirs
    assert not re.search(r"<img|5512|Tell|colleague", theirs)
    for asked in ("", "?audience=care-homes", "?audience=absent"):
        assert not re.search("Ring your|5512", client.get(f"/embed/cold-snap{asked}").text)


@pytest.mark.parametrize("name", ["absent", "inside", "over"])
def test_what_is_not_current_says_so_in_the_frame(
    client: FlaskClient, scene: Scene, now: datetime, name: str
) -> None:
    newer(scene, now, TEXT.replace("toolkit: cold-snap", "toolkit: inside\npublic: no"))
    newer(scene, now, TEXT.replace("toolkit: cold-snap", "toolkit: over\nexpires: 2026-11-20"))
    answered = client.get(f"/embed/{name}")

    assert answered.status_code == 410
    assert "This is no longer current" in answered.text
    assert "Keep rooms" not in answered.text
    assert "frame-ancestors *" in answered.headers["Content-Security-Policy"]
    assert (f"/library/{name}" in answered.text) == (name == "over")


def test_what_nobody_approved_is_not_shown(scene: Scene, now: datetime) -> None:
    closed = open_app(settings(sign_off="on"), scene.database, ticking(now)).test_client()

    assert closed.get("/embed/cold-snap").status_code == 410
    assert closed.get(f"/oembed?url={BASE}/library/cold-snap").status_code == 404


def test_frames_are_counted_by_site_and_nothing_is_kept_of_readers(
    app: Flask, client: FlaskClient, scene: Scene
) -> None:
    for referrer in ("https://club.example.org/page?reader=jo", "https://club.example.org/", ""):
        client.get("/embed/cold-snap", headers=BROWSER | {"Referer": referrer})
    client.head("/embed/cold-snap", headers=BROWSER)
    client.get("/embed/absent", headers=BROWSER)
    client.get("/embed/cold-snap", headers={"User-Agent": "Googlebot/2.1"})
    app.extensions["cascade-counting"].flush()

    with scene.database.reading() as session:
        rows = session.scalars(select(EmbedCount).order_by(EmbedCount.site)).all()
    assert [(one.site, one.shown) for one in rows] == [("club.example.org", 2), ("unknown", 1)]


def test_sites_are_told_how_to_put_it_there(client: FlaskClient) -> None:
    asked = f"/oembed?url={BASE}/library/cold-snap&maxwidth=320&maxheight=5"
    told = client.get(asked).get_json()
    xml = ElementTree.fromstring(client.get(f"{asked}&format=xml").data)

    assert (told["type"], told["version"], told["title"]) == ("rich", "1.0", "Cold weather alert")
    assert (told["width"], told["height"]) == (320, 200)
    assert f'src="{BASE}/embed/cold-snap"' in told["html"]
    assert 'referrerpolicy="origin"' in told["html"]
    assert {one.tag: one.text for one in xml} == {name: str(one) for name, one in told.items()}
    assert client.get(asked).headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("", 404),
        ("?url=https://evil.example/library/cold-snap", 404),
        (f"?url={BASE}/library/absent", 404),
        (f"?url={BASE}.evil.example/library/cold-snap", 404),
        (f"?url={BASE}/library/cold-snap/../../users", 404),
        ("?url=javascript:alert(1)", 404),
        ("?url=http://[", 404),
        (f"?url={BASE}/library/cold-snap&format=yaml", 501),
    ],
)
def test_what_is_not_ours_is_not_told(client: FlaskClient, asked: str, status: int) -> None:
    assert client.get(f"/oembed{asked}").status_code == status


def test_titles_run_nothing_in_frames_and_snippets(
    client: FlaskClient, scene: Scene, now: datetime
) -> None:
    newer(scene, now, HOSTILE)
    told = client.get(f"/oembed?url={BASE}/library/cold-snap?audience=%22%3E%3Cb%3E").get_json()

    assert "Cold &#34;dry&#34; &amp; x=&#34;y" in client.get("/embed/cold-snap").text
    assert 'title="Cold &quot;dry&quot; &amp; x=&quot;y"' in told["html"]
    assert told["html"].count("<") == 2


@given(st.text(), st.lists(st.text(), max_size=3))
def test_snippets_hold_no_tag_but_their_own(title: str, messages: list[str]) -> None:
    frame = embed_code.iframe("flu-jab", title, BASE, language=title, audience=title)
    plain = embed_code.plain("flu-jab", title, messages, BASE)

    assert re.fullmatch(r'<iframe( [a-z]+="[^"<>]*")+></iframe>', frame)
    tags = re.findall(r"</?([a-z]+)", plain)
    assert set(tags) <= {"div", "p", "strong", "ul", "li", "a"}
    assert plain.count("<") == len(tags)


@given(st.text() | st.text().map(lambda one: f"{BASE}/library/{one}"))
def test_an_address_names_a_toolkit_or_nothing(address: str) -> None:
    place = embed_code.place_of(address, BASE)
    assert place is None or re.fullmatch(r"[a-z0-9-]+", place.toolkit)

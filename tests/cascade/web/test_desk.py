"""Coming in by a link from the machine that Cascade runs on."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from cascade.accounts import users
from tests.cascade.web.application import open_app
from tests.cascade.web.people import audited, link, person
from tests.cascade.web.scene import Scene, settings, ticking


@pytest.fixture
def path(scene: Scene, now: datetime) -> str:
    """Where a fresh link of Jo's leads."""
    who = person(scene.database, now, "administrator")
    return f"/desk/{link(scene.database, who, 'sign-in', now)}"


def test_the_link_alone_lets_nobody_in(closed: Flask, path: str) -> None:
    client = closed.test_client()

    opened = client.get(path)

    assert opened.status_code == 200
    assert "jo@example.org" in opened.text
    assert "Set-Cookie" not in opened.headers
    assert client.get("/").status_code == 303


def test_pressing_the_button_signs_in(closed: Flask, scene: Scene, path: str) -> None:
    client = closed.test_client()

    pressed = client.post(path)

    assert (pressed.status_code, pressed.headers["Location"]) == (303, "/")
    assert "Jo Bloggs" in client.get("/").text
    [entry] = audited(scene.database, "signed-in")
    assert (entry.by, entry.detail) == ("jo@example.org", "by a link")


def test_the_link_works_once(closed: Flask, path: str) -> None:
    assert closed.test_client().post(path).status_code == 303

    again = closed.test_client()
    assert again.get(path).status_code == 403
    assert again.post(path).status_code == 403
    assert again.get("/").status_code == 303


def test_the_link_runs_out(scene: Scene, path: str, now: datetime) -> None:
    late = ticking(now + timedelta(hours=1, seconds=1))
    client = open_app(settings(desk="link"), scene.database, late).test_client()

    assert client.get(path).status_code == 403
    assert "cascade desk" in client.post(path).text


def test_the_link_of_who_was_closed_meanwhile_opens_nothing(
    closed: Flask, scene: Scene, path: str, now: datetime
) -> None:
    person(scene.database, now, "administrator", email="ann@example.org")
    with scene.database.writing() as session:
        users.close(session, users.find(session, "jo@example.org").id, now)

    assert closed.test_client().post(path).status_code == 403


@pytest.mark.parametrize("token", ["x", "MTc5.x", "", "%FF"])
def test_a_made_up_link_opens_nothing(closed: Flask, token: str) -> None:
    client = closed.test_client()

    assert client.get(f"/desk/{token}").status_code in (403, 404)
    assert client.post(f"/desk/{token}").status_code in (403, 404)


def test_another_site_cannot_press_the_button(closed: Flask, path: str) -> None:
    client = closed.test_client()

    assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post(path, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303

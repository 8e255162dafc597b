"""Who may see the cell's pages."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from cascade.web.desk import LINK_FOR, STAY_FOR, desk_link
from tests.cascade.web.application import open_app
from tests.cascade.web.scene import Scene, settings, ticking

CLOSED = settings(desk="link")


def visitor(scene: Scene, at: datetime, **changed: object) -> FlaskClient:
    chosen = settings(**{"desk": "link"} | changed)
    return open_app(chosen, scene.database, ticking(at)).test_client()


def path(scene: Scene) -> str:
    return desk_link(CLOSED, scene.now).removeprefix(CLOSED.base_url)


@pytest.mark.parametrize("page", ["/", "/cascades/1", "/cascades/1/funnel"])
def test_without_a_pass_the_cells_pages_say_how_to_get_one(scene: Scene, page: str) -> None:
    answered = visitor(scene, scene.now).get(page)

    assert answered.status_code == 403
    assert "cascade desk" in answered.text
    assert "Cold weather alert" not in answered.text


def test_the_link_alone_lets_nobody_in(scene: Scene) -> None:
    client = visitor(scene, scene.now)

    opened = client.get(path(scene))

    assert opened.status_code == 200
    assert "Set-Cookie" not in opened.headers
    assert client.get("/").status_code == 403


def test_pressing_the_button_lets_in(scene: Scene) -> None:
    client = visitor(scene, scene.now)

    pressed = client.post(path(scene))

    assert (pressed.status_code, pressed.headers["Location"]) == (303, "/")
    assert client.get("/").status_code == 200
    assert client.get("/cascades/1").status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(scene: Scene) -> None:
    cookie = visitor(scene, scene.now).post(path(scene)).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_secure(scene: Scene) -> None:
    client = visitor(scene, scene.now, base_url="https://cascade.example.org")

    assert "Secure" in client.post(path(scene)).headers["Set-Cookie"]


def test_a_link_runs_out(scene: Scene) -> None:
    late = visitor(scene, scene.now + LINK_FOR + timedelta(seconds=1))

    assert late.get(path(scene)).status_code == 403
    assert late.post(path(scene)).status_code == 403


def test_a_stay_runs_out(scene: Scene) -> None:
    client = visitor(scene, scene.now)
    client.post(path(scene))
    cookie = client.get_cookie("cascade-desk")
    assert cookie is not None

    late = visitor(scene, scene.now + STAY_FOR)
    late.set_cookie("cascade-desk", cookie.value)

    assert late.get("/").status_code == 403


def test_a_link_is_not_a_cookie(scene: Scene) -> None:
    client = visitor(scene, scene.now)
    client.set_cookie("cascade-desk", path(scene).removeprefix("/desk/"))

    assert client.get("/").status_code == 403


@pytest.mark.parametrize("token", ["x", "MTc5.x", "", "%FF"])
def test_a_made_up_link_opens_nothing(scene: Scene, token: str) -> None:
    client = visitor(scene, scene.now)

    assert client.get(f"/desk/{token}").status_code in (403, 404)
    assert client.post(f"/desk/{token}").status_code in (403, 404)


def test_an_open_desk_asks_for_nothing(client: FlaskClient) -> None:
    assert client.get("/").status_code == 200

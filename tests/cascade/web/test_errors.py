"""What goes wrong is said in the same look, with what to do, and leaves a trace in the log."""

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from tests.cascade.web.scene import Scene

IN_A_FRAME = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 418, 422, 429, 500, 503])
def test_every_error_has_a_page_in_our_look(app: Flask, code: int) -> None:
    app.add_url_rule("/boom", view_func=lambda: abort(code))

    answered = app.test_client().get("/boom")

    assert answered.status_code == code
    assert "nhsuk-heading-l" in answered.text
    assert "West County communications" in answered.text


def test_a_crash_shows_a_reference_that_stands_in_the_log(app: Flask) -> None:
    def crash(token: str) -> str:
        raise RuntimeError("the database has gone away")

    app.add_url_rule("/crash/<token>", view_func=crash)
    with capture_logs() as logs:
        answered = app.test_client().get("/crash/secret-token")

    assert answered.status_code == 500
    assert "the database has gone away" not in answered.text
    [line] = logs
    assert line["reference"] in answered.text
    assert line["rule"] == "/crash/<token>"
    assert "secret-token" not in str({key: line[key] for key in line if key != "exc_info"})


def test_a_crash_in_a_frame_shows_its_reference_there(app: Flask) -> None:
    def crash() -> str:
        raise RuntimeError

    app.add_url_rule("/crash", view_func=crash)
    with capture_logs() as logs:
        answered = app.test_client().get("/crash", headers=IN_A_FRAME)

    assert answered.status_code == 500
    assert logs[0]["reference"] in answered.text
    assert "frame-ancestors 'self'" in answered.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "code", "said"),
    [
        ("/drafts/1/previews", 403, "You are signed out"),
        ("/absent", 404, "Nothing can be shown here"),
    ],
)
def test_a_frame_of_our_own_page_says_why_it_shows_nothing(
    closed: Flask, path: str, code: int, said: str
) -> None:
    answered = closed.test_client().get(path, headers=IN_A_FRAME)

    assert (answered.status_code, said in answered.text) == (code, True)
    assert "nhsuk-header" not in answered.text
    assert "frame-ancestors 'self'" in answered.headers["Content-Security-Policy"]


@pytest.mark.parametrize("header", IN_A_FRAME)
def test_a_frame_of_another_site_gets_the_page_that_it_may_not_show(
    closed: Flask, header: str
) -> None:
    answered = closed.test_client().get("/absent", headers=IN_A_FRAME | {header: "cross-site"})

    assert "Page not found" in answered.text
    assert "frame-ancestors 'none'" in answered.headers["Content-Security-Policy"]


def test_a_body_that_is_too_large_is_refused(client: FlaskClient, scene: Scene) -> None:
    answered = client.post(scene.confirm_path(), data={"comment": "x" * 100_000})

    assert answered.status_code == 413
    assert "That is too much to send" in answered.text


def test_a_method_that_a_page_does_not_know_is_refused(client: FlaskClient, scene: Scene) -> None:
    answered = client.delete(scene.confirm_path())

    assert answered.status_code == 405
    assert "POST" in answered.headers["Allow"]


def test_a_page_that_does_not_exist_says_what_to_do(client: FlaskClient) -> None:
    answered = client.get("/nowhere")

    assert answered.status_code == 404
    assert "check that you copied all of it" in answered.text


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00", b"answer=%FF&name=%00", b"&&&===", b"a" * 5000, b"name=%ED%A0%80"]
)
def test_bytes_of_any_kind_get_an_answer(client: FlaskClient, scene: Scene, body: bytes) -> None:
    answered = client.post(
        scene.confirm_path(), data=body, content_type="application/x-www-form-urlencoded"
    )

    assert answered.status_code == 422

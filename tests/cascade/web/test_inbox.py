"""The demo's mail catcher, looked at in a browser."""

from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.cascade.web.application import open_app
from tests.cascade.web.forms import whole
from tests.cascade.web.mail import catch, message
from tests.cascade.web.scene import Scene, settings, ticking


def test_the_list_says_what_it_is_and_shows_the_mail(client: FlaskClient) -> None:
    page = client.get("/inbox/").text

    assert "<strong>Demo mail catcher:</strong> nothing leaves this machine." in page
    assert "[URGENT] Cold weather alert" in page
    assert "manager1@home1.example.org" in whole(page)


def test_mail_is_found_by_address_or_subject(client: FlaskClient) -> None:
    assert "[URGENT]" in client.get("/inbox/?search=home1").text
    assert "[URGENT]" in client.get("/inbox/?search=weather").text
    assert "No message has “&lt;b&gt;”" in client.get("/inbox/?search=<b>").text


def test_the_list_is_paged_and_keeps_what_was_searched_for(
    scene: Scene, tmp_path: Path, now: datetime
) -> None:
    many = catch(tmp_path / "many.db", *[message() for _ in range(30)])
    client = open_app(settings(catcher=many), scene.database, ticking(now)).test_client()

    page = client.get("/inbox/?search=cold").text

    assert "30 messages" in page
    assert 'href="/inbox/?page=2&amp;search=cold"' in page
    assert client.get("/inbox/?page=2&search=cold").text.count("[URGENT]") == 5


def test_a_message_shows_headers_and_text(client: FlaskClient) -> None:
    page = client.get("/inbox/1").text

    assert "Keep warm" in page
    assert "<dt>From</dt><dd>West County &lt;news@example.org&gt;</dd>" in page
    assert 'src="/inbox/1/html"' in page


def test_the_html_part_may_run_nothing_and_opens_links_in_the_whole_window(
    client: FlaskClient,
) -> None:
    answered = client.get("/inbox/1/html")

    policy = answered.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert '<base target="_top">' in answered.text


def test_the_message_can_be_read_as_it_came(client: FlaskClient) -> None:
    answered = client.get("/inbox/1/raw")

    assert answered.mimetype == "text/plain"
    assert answered.text.startswith("From: West County <news@example.org>")


@pytest.mark.parametrize("path", ["/inbox/2", "/inbox/2/html", "/inbox/2/raw", f"/inbox/{2**70}"])
def test_mail_that_does_not_exist_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_there_is_no_inbox_without_a_catcher(scene: Scene, now: datetime) -> None:
    client = open_app(settings(), scene.database, ticking(now)).test_client()

    assert client.get("/inbox/").status_code == 404
    assert "Demo inbox" not in client.get("/").text


def test_the_inbox_is_closed_when_the_desk_is(scene: Scene, caught: Path, now: datetime) -> None:
    chosen = settings(catcher=caught, desk="link")
    client = open_app(chosen, scene.database, ticking(now)).test_client()

    assert client.get("/inbox/1/raw").status_code == 303

"""The button to the provider of sign-in, the way back, and the link on the account page."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cascade.accounts.users import Person
from cascade.openid.provider import Attempt
from cascade.web.attempts import LASTS
from tests.cascade.accounts.people import turn_on
from tests.cascade.openid.issuer import (
    CLIENT,
    NAME,
    OTHER_KEY,
    SECRET,
    Issuer,
    asked,
    serving,
    signed,
)
from tests.cascade.web.application import open_app
from tests.cascade.web.dump import dump
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import Scene, settings, ticking

ANSWER = "/sign-in/provider/answer"


@pytest.fixture(scope="module")
def shared() -> Iterator[Issuer]:
    with serving() as opened:
        yield opened


@pytest.fixture
def issuer(shared: Issuer) -> Issuer:
    """As if it had just been started."""
    shared.__init__(shared.address)  # type: ignore[misc]
    return shared


def opened(scene: Scene, issuer: Issuer, now: datetime, **changed: object) -> Flask:
    chosen: dict[str, object] = {
        "desk": "link",
        "oidc_issuer": issuer.address,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_name": NAME,
    }
    return open_app(settings(**(chosen | changed)), scene.database, ticking(now))


@pytest.fixture
def desk(scene: Scene, issuer: Issuer, now: datetime) -> Flask:
    """An installation with a provider."""
    return opened(scene, issuer, now)


@pytest.fixture
def jo(scene: Scene, now: datetime) -> Person:
    return person(scene.database, now)


def attempted(address: str) -> Attempt:
    """The try that a browser is sent with, as far as the provider knows it."""
    query = asked(address)
    return Attempt(query["state"], query["nonce"], "")


def come(
    client: FlaskClient, issuer: Issuer, now: datetime, wanted: str = "", **claims: object
) -> TestResponse:
    """There and back."""
    attempt = attempted(client.get(f"/sign-in/provider{wanted}").headers["Location"])
    issuer.vouch(signed(issuer.claims(attempt, now, **claims)))
    return client.get(f"{ANSWER}?state={attempt.state}&code=c")


def test_without_a_provider_there_is_no_button_and_no_page(closed: Flask, jo: Person) -> None:
    client = closed.test_client()

    assert "Sign in with" not in client.get("/sign-in").text
    for path in ("/sign-in/provider", ANSWER, f"{ANSWER}?state=x&code=y"):
        assert client.get(path).status_code == 404


def test_the_button_is_a_link_that_keeps_where_somebody_wanted_to_go(desk: Flask) -> None:
    page = desk.test_client().get("/sign-in?next=/audit?page%3D2").text

    assert re.search(
        rf'href="/sign-in/provider\?next=/audit\?page%3D2"[^>]*>\s*Sign in with {NAME}', page
    )


def test_the_provider_lets_somebody_in(
    desk: Flask, issuer: Issuer, jo: Person, now: datetime
) -> None:
    client = desk.test_client()

    came = come(client, issuer, now, "?next=/roles")

    assert (came.status_code, came.headers["Location"]) == (303, "/roles")
    assert "Jo Bloggs" in client.get("/roles").text
    assert client.get_cookie("cascade-provider") is None


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_to_another_site(
    desk: Flask, issuer: Issuer, jo: Person, now: datetime, wanted: str
) -> None:
    came = come(desk.test_client(), issuer, now, f"?next={wanted}")

    assert came.headers["Location"] == "/"


def test_the_browser_remembers_its_try_out_of_reach_and_for_ten_minutes(desk: Flask) -> None:
    [line] = desk.test_client().get("/sign-in/provider").headers.getlist("Set-Cookie")

    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"} <= set(line.split("; "))


def test_the_way_back_is_under_our_own_address(scene: Scene, issuer: Issuer, now: datetime) -> None:
    app = opened(scene, issuer, now, base_url="https://cascade.example.org/cell")

    sent = app.test_client().get("/sign-in/provider", headers={"Host": "evil.example.org"})

    back = asked(sent.headers["Location"])["redirect_uri"]
    assert back == f"https://cascade.example.org/cell{ANSWER}"
    assert sent.headers["Set-Cookie"].startswith("__Host-cascade-provider=")


def test_a_second_step_is_asked_for_as_after_a_password(
    desk: Flask, issuer: Issuer, scene: Scene, jo: Person, now: datetime
) -> None:
    _, recovery = turn_on(scene.database, jo, now)
    client = desk.test_client()

    came = come(client, issuer, now, "?next=/roles")

    assert came.headers["Location"] == "/sign-in/code?next=/roles"
    assert client.get("/roles").status_code == 303
    given = client.post("/sign-in/code?next=/roles", data={"code": recovery[0]})
    assert given.headers["Location"] == "/roles"


def begun(client: FlaskClient, issuer: Issuer, now: datetime) -> Attempt:
    attempt = attempted(client.get("/sign-in/provider").headers["Location"])
    issuer.vouch(signed(issuer.claims(attempt, now)))
    return attempt


def test_only_the_browser_that_began_comes_in_and_only_once(
    desk: Flask, issuer: Issuer, scene: Scene, jo: Person, now: datetime
) -> None:
    client = desk.test_client()
    back = f"{ANSWER}?state={begun(client, issuer, now).state}&code=c"
    other = desk.test_client()
    begun(other, issuer, now)

    for stranger in (desk.test_client(), other):
        refused = stranger.get(back)
        assert refused.status_code == 400
        assert "Begin again" in refused.text
        assert stranger.get("/").status_code == 303
    assert audited(scene.database) == []


def test_a_forged_state_ends_the_try(
    desk: Flask, issuer: Issuer, jo: Person, now: datetime
) -> None:
    client = desk.test_client()
    state = begun(client, issuer, now).state

    assert client.get(f"{ANSWER}?state=forged&code=c").status_code == 400
    assert client.get(f"{ANSWER}?state={state}&code=c").status_code == 400


@pytest.mark.parametrize("cookie", ["", "x", "e30.AAAA", "é", "x" * 4000])
def test_a_made_up_memory_is_none(desk: Flask, cookie: str) -> None:
    client = desk.test_client()
    client.set_cookie("cascade-provider", cookie)

    assert client.get(f"{ANSWER}?state=x&code=y").status_code == 400


def test_who_takes_longer_than_ten_minutes_begins_again(
    desk: Flask, issuer: Issuer, scene: Scene, jo: Person, now: datetime
) -> None:
    client, late = desk.test_client(), opened(scene, issuer, now + LASTS)
    state = begun(client, issuer, now).state
    kept = client.get_cookie("cascade-provider")
    assert kept is not None
    after = late.test_client()
    after.set_cookie("cascade-provider", kept.value)

    assert after.get(f"{ANSWER}?state={state}&code=c").status_code == 400

    in_time = opened(scene, issuer, now + timedelta(minutes=4)).test_client()
    in_time.set_cookie("cascade-provider", kept.value)
    assert in_time.get(f"{ANSWER}?state={state}&code=c").status_code == 303


def test_looking_at_the_way_back_with_head_does_nothing(
    desk: Flask, issuer: Issuer, scene: Scene, jo: Person, now: datetime
) -> None:
    client = desk.test_client()
    back = f"{ANSWER}?state={begun(client, issuer, now).state}&code=c"
    before = dump(scene.database)

    assert client.head(back).status_code == 405

    assert dump(scene.database) == before
    assert client.get(back).status_code == 303


def test_a_forged_token_lets_nobody_in_and_says_where_to_look(
    desk: Flask, issuer: Issuer, scene: Scene, jo: Person, now: datetime
) -> None:
    client = desk.test_client()
    attempt = begun(client, issuer, now)
    issuer.vouch(signed(issuer.claims(attempt, now), OTHER_KEY))

    came = client.get(f"{ANSWER}?state={attempt.state}&code=c")

    assert came.status_code == 502
    assert f"The answer of {NAME} was not right" in came.text
    assert re.search(r"[0-9A-F]{8}", came.text)
    assert client.get("/").status_code == 303
    assert audited(scene.database) == []


def test_a_nonce_of_another_try_lets_nobody_in(
    desk: Flask, issuer: Issuer, jo: Person, now: datetime
) -> None:
    assert come(desk.test_client(), issuer, now, nonce="another").status_code == 502


def test_nothing_that_the_provider_says_is_echoed(
    desk: Flask, issuer: Issuer, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    client = desk.test_client()
    state = begun(client, issuer, now).state
    said = "error=%3Cscript%3E%0Ax&error_description=Call+0900+evil&error_uri=https://evil.example"

    came = client.get(f"{ANSWER}?state={state}&{said}")

    assert came.status_code == 400
    assert "evil" not in came.text
    assert "<script>\n" not in came.text
    assert "%3Cscript%3E%0Ax" in capsys.readouterr().out


def test_an_address_with_markup_in_it_is_shown_as_text(
    desk: Flask, issuer: Issuer, jo: Person, now: datetime
) -> None:
    came = come(desk.test_client(), issuer, now, email="<b>x</b>@example.org")

    assert came.status_code == 403
    assert "&lt;b&gt;x&lt;/b&gt;@example.org" in came.text
    assert "<b>x</b>" not in came.text


def test_a_provider_that_is_down_has_a_page_that_says_so(
    desk: Flask, issuer: Issuer, jo: Person, now: datetime
) -> None:
    issuer.say("/.well-known/openid-configuration", b"", 503)
    client = desk.test_client()

    sent = client.get("/sign-in/provider")

    assert sent.status_code == 503
    assert f"{NAME} does not answer" in sent.text
    assert 'href="/sign-in"' in sent.text
    assert client.get("/sign-in").status_code == 200


def test_who_is_signed_in_needs_no_provider(
    desk: Flask, scene: Scene, jo: Person, now: datetime
) -> None:
    client = browser(desk, scene.database, jo, now)

    assert client.get("/sign-in/provider?next=/roles").headers["Location"] == "/roles"


def linking(client: FlaskClient) -> TestResponse:
    return client.post("/account/provider/link", data={"stamp": stamp(client)})


def way(page: str) -> str:
    [address] = re.findall(r'href="(http://127\.0\.0\.1:\d+/auth\?[^"]+)"', page)
    return address.replace("&amp;", "&")


def test_an_account_is_linked_and_unlinked_on_its_page(
    desk: Flask, issuer: Issuer, scene: Scene, jo: Person, now: datetime
) -> None:
    client = browser(desk, scene.database, jo, now)
    attempt = attempted(way(linking(client).text))
    issuer.vouch(signed(issuer.claims(attempt, now, email="other@example.org")))

    came = client.get(f"{ANSWER}?state={attempt.state}&code=c")

    assert came.headers["Location"] == "/account"
    assert f"Linked with {NAME}" in client.get("/account").text
    gone = client.post("/account/provider/unlink", data={"stamp": stamp(client)})
    assert gone.headers["Location"] == "/account"
    assert "Not linked" in client.get("/account").text
    acts = [one.act for one in audited(scene.database)]
    assert acts == ["provider-linked", "provider-unlinked"]


def test_somebody_else_s_visit_is_not_linked_by_a_try_that_was_begun_before(
    desk: Flask, issuer: Issuer, scene: Scene, jo: Person, now: datetime
) -> None:
    client = browser(desk, scene.database, jo, now)
    attempt = attempted(way(linking(client).text))
    issuer.vouch(signed(issuer.claims(attempt, now)))
    other = person(scene.database, now, email="other@example.org")
    kept = client.get_cookie("cascade-provider")
    assert kept is not None
    theirs = browser(desk, scene.database, other, now)
    theirs.set_cookie("cascade-provider", kept.value)

    assert theirs.get(f"{ANSWER}?state={attempt.state}&code=c").status_code == 400

    assert audited(scene.database) == []


def test_what_is_linked_already_is_not_linked_twice(
    desk: Flask, issuer: Issuer, scene: Scene, jo: Person, now: datetime
) -> None:
    come(desk.test_client(), issuer, now)
    other = person(scene.database, now, email="other@example.org")
    client = browser(desk, scene.database, other, now)
    attempt = attempted(way(linking(client).text))
    issuer.vouch(signed(issuer.claims(attempt, now)))

    came = client.get(f"{ANSWER}?state={attempt.state}&code=c")

    assert came.status_code == 409
    assert "linked already" in came.text


def test_without_a_password_the_link_stays(
    desk: Flask, issuer: Issuer, scene: Scene, now: datetime
) -> None:
    person(scene.database, now, password=None)
    client = desk.test_client()
    come(client, issuer, now)

    assert "choose a password first" in client.get("/account").text
    answered = client.post("/account/provider/unlink", data={"stamp": stamp(client)})

    assert answered.status_code == 409
    assert f"Linked with {NAME}" in client.get("/account").text


def test_an_administrator_sees_who_comes_by_the_provider(
    desk: Flask, issuer: Issuer, scene: Scene, now: datetime
) -> None:
    who = person(scene.database, now, password=None)
    come(desk.test_client(), issuer, now)
    boss = person(scene.database, now, "administrator", email="boss@example.org")
    client = browser(desk, scene.database, boss, now)

    assert f"By {NAME} only" in client.get("/users").text
    assert re.search(rf"{NAME}\s*</dt>\s*<dd[^>]*>\s*Linked\s", client.get(f"/users/{who.id}").text)

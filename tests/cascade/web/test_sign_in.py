"""Signing in and out, the second step, forgotten passwords, and invitations."""

import re
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import quote

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from cascade.accounts import passwords, throttling
from cascade.accounts.records import AuditEntry
from cascade.accounts.users import Person
from cascade.letters.records import Letter
from tests.cascade.accounts.people import PASSWORD, code, turn_on
from tests.cascade.web.application import open_app
from tests.cascade.web.people import audited, browser, link, person, stamp
from tests.cascade.web.scene import Scene, settings, ticking

NEW = "copper lantern drizzle"
ME = {"email": "jo@example.org", "password": PASSWORD}


@pytest.fixture
def jo(scene: Scene, now: datetime) -> Person:
    return person(scene.database, now)


@pytest.fixture
def browsing(closed: Flask) -> FlaskClient:
    """A browser that nobody is signed in with."""
    return closed.test_client()


def cookie_line(answered: TestResponse, name: str = "cascade=") -> str:
    [line] = [one for one in answered.headers.getlist("Set-Cookie") if one.startswith(name)]
    return line


def letters(scene: Scene) -> list[str]:
    with scene.database.reading() as session:
        return [one.text for one in session.scalars(select(Letter))]


def test_the_right_password_signs_in(browsing: FlaskClient, jo: Person) -> None:
    answered = browsing.post("/sign-in", data=ME)

    assert (answered.status_code, answered.headers["Location"]) == (303, "/")
    assert "Jo Bloggs" in browsing.get("/").text


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(
    browsing: FlaskClient, jo: Person
) -> None:
    line = cookie_line(browsing.post("/sign-in", data=ME))

    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"} <= set(line.split("; "))
    assert "Secure" not in line
    assert "Domain" not in line


def test_over_https_the_cookie_is_of_this_host_alone(
    scene: Scene, jo: Person, now: datetime
) -> None:
    chosen = settings(desk="link", base_url="https://cascade.example.org")
    client = open_app(chosen, scene.database, ticking(now)).test_client()

    line = cookie_line(client.post("/sign-in", data=ME), "__Host-cascade=")

    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(line.split("; "))
    assert "Domain" not in line
    assert client.get("/", base_url="https://localhost").status_code == 200


def test_a_cookie_that_was_there_before_is_never_taken_over(
    browsing: FlaskClient, jo: Person
) -> None:
    browsing.set_cookie("cascade", "planted")
    first = cookie_line(browsing.post("/sign-in", data=ME))
    second = cookie_line(browsing.post("/sign-in", data=ME))

    assert "planted" not in first
    assert first != second


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "jo@example.org", "password": "plum orbit saucer"},
        {"email": "nobody@example.org", "password": PASSWORD},
        {"email": "not an address", "password": PASSWORD},
    ],
)
def test_nobody_is_told_what_was_wrong(
    browsing: FlaskClient, jo: Person, typed: dict[str, str]
) -> None:
    answered = browsing.post("/sign-in", data=typed)

    assert answered.status_code == 422
    assert "The email address or the password is not right" in answered.text
    assert "<title>Error: Sign in" in answered.text
    assert f'value="{typed["email"]}"' in answered.text
    assert typed["password"] not in answered.text
    assert "Set-Cookie" not in answered.headers


def test_what_is_missing_is_said(browsing: FlaskClient) -> None:
    answered = browsing.post("/sign-in", data={"email": " "})

    assert answered.status_code == 422
    for place, words in (("email", "Enter an email address"), ("password", "Enter your password")):
        assert re.search(rf'href="#{place}">\s*{words}', answered.text)


def test_who_fails_too_often_has_to_wait(browsing: FlaskClient, jo: Person, scene: Scene) -> None:
    for _ in range(throttling.LIMITS["account"]):
        assert browsing.post("/sign-in", data=ME | {"password": "wrong"}).status_code == 422

    answered = browsing.post("/sign-in", data=ME)

    assert answered.status_code == 429
    assert answered.headers["Retry-After"] == "900"
    assert "Too many tries" in answered.text
    assert "Set-Cookie" not in answered.headers
    assert len(audited(scene.database, "sign-in-failed")) == throttling.LIMITS["account"]


class WritingHasher(PasswordHasher):
    """Writes to a SQLite file while it hashes, and waits for nobody."""

    def __init__(self, file: str) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.file, self.written = file, 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        with closing(sqlite3.connect(self.file, timeout=0)) as other:
            other.execute("BEGIN IMMEDIATE")
            self.written += 1
        return super().verify(hash, password)


def test_nobody_who_writes_waits_for_a_password_to_be_hashed(
    browsing: FlaskClient, jo: Person, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasher = WritingHasher(str(scene.database.engine.url.database))
    monkeypatch.setattr(passwords, "hasher", hasher)

    assert browsing.post("/sign-in", data=ME).status_code == 303
    change = {"stamp": stamp(browsing), "old": PASSWORD, "password": NEW}
    assert browsing.post("/account/password", data=change).status_code == 303
    assert hasher.written == 2


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ("/cascades/1?page=2", "/cascades/1?page=2"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
    ],
)
def test_after_signing_in_only_addresses_of_this_site_are_followed(
    browsing: FlaskClient, jo: Person, wanted: str, there: str
) -> None:
    address = f"/sign-in?next={quote(wanted)}"

    assert browsing.post(address, data=ME).headers["Location"] == there
    assert browsing.get(address).headers["Location"] == there


def test_another_site_cannot_sign_somebody_in(browsing: FlaskClient, jo: Person) -> None:
    for site in ("cross-site", "same-site"):
        answered = browsing.post("/sign-in", data=ME, headers={"Sec-Fetch-Site": site})
        assert answered.status_code == 403
        assert "Set-Cookie" not in answered.headers


def test_signing_out_ends_the_visit_at_the_server_too(
    closed: Flask, scene: Scene, jo: Person, now: datetime
) -> None:
    client = browser(closed, scene.database, jo, now)
    kept = client.get_cookie("cascade")
    assert kept is not None

    answered = client.post("/sign-out", data={"stamp": stamp(client)})

    assert answered.headers["Location"] == "/sign-in"
    assert "Max-Age=0" in cookie_line(answered)
    client.set_cookie("cascade", kept.value)
    assert client.get("/").status_code == 303
    assert [one.by for one in audited(scene.database, "signed-out")] == ["jo@example.org"]


def test_signing_out_needs_the_stamp(
    closed: Flask, scene: Scene, jo: Person, now: datetime
) -> None:
    client = browser(closed, scene.database, jo, now)

    assert client.post("/sign-out").status_code == 403
    assert client.get("/").status_code == 200


def test_who_has_a_second_step_is_asked_for_a_code(
    browsing: FlaskClient, scene: Scene, jo: Person, now: datetime
) -> None:
    _, recovery = turn_on(scene.database, jo, now)

    answered = browsing.post("/sign-in?next=/roles", data=ME)

    assert answered.headers["Location"] == "/sign-in/code?next=/roles"
    pending = cookie_line(answered, "cascade-code=")
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=600"} <= set(pending.split("; "))
    assert browsing.get("/").status_code == 303
    assert browsing.get("/sign-in/code").status_code == 200
    done = browsing.post("/sign-in/code?next=/roles", data={"code": recovery[0]})
    assert done.headers["Location"] == "/roles"
    assert "Max-Age=0" in cookie_line(done, "cascade-code=")
    assert browsing.get("/roles").status_code == 200


def test_a_code_of_the_app_signs_in_later(scene: Scene, jo: Person, now: datetime) -> None:
    secret, _ = turn_on(scene.database, jo, now)
    later = now + timedelta(minutes=1)
    client = open_app(settings(desk="link"), scene.database, ticking(later)).test_client()
    client.post("/sign-in", data=ME)

    assert client.post("/sign-in/code", data={"code": code(secret, later)}).status_code == 303
    assert client.get("/").status_code == 200


def test_a_wrong_code_is_said_and_can_be_tried_again(
    browsing: FlaskClient, scene: Scene, jo: Person, now: datetime
) -> None:
    _, recovery = turn_on(scene.database, jo, now)
    browsing.post("/sign-in", data=ME)

    answered = browsing.post("/sign-in/code", data={"code": "000000"})

    assert answered.status_code == 422
    assert "This code is not right" in answered.text
    assert browsing.get("/").status_code == 303
    assert browsing.post("/sign-in/code", data={"code": recovery[0]}).status_code == 303


@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "192.0.2.7")])
def test_an_address_is_taken_from_as_many_proxies_as_there_are(
    scene: Scene, jo: Person, now: datetime, proxies: int, seen: str
) -> None:
    app = open_app(settings(desk="link", proxies=proxies), scene.database, ticking(now))
    forwarded = {"X-Forwarded-For": "198.51.100.1, 192.0.2.7"}

    app.test_client().post("/sign-in", data=ME | {"password": "wrong"}, headers=forwarded)

    with scene.database.reading() as session:
        assert session.scalars(select(AuditEntry.address)).all() == [seen]


def test_too_many_codes_have_to_wait(
    browsing: FlaskClient, scene: Scene, jo: Person, now: datetime
) -> None:
    _, recovery = turn_on(scene.database, jo, now)
    browsing.post("/sign-in", data=ME)
    for _ in range(throttling.LIMITS["account"]):
        assert browsing.post("/sign-in/code", data={"code": "000000"}).status_code == 422

    assert browsing.post("/sign-in/code", data={"code": recovery[0]}).status_code == 429


def test_a_code_without_a_password_before_it_leads_to_the_beginning(browsing: FlaskClient) -> None:
    assert browsing.get("/sign-in/code").headers["Location"] == "/sign-in"
    answered = browsing.post("/sign-in/code", data={"code": "000000"})
    assert answered.headers["Location"] == "/sign-in"


def test_the_answer_to_a_forgotten_password_tells_nobody_who_has_an_account(
    browsing: FlaskClient, scene: Scene, jo: Person
) -> None:
    known = browsing.post("/forgotten", data={"email": "jo@example.org"})
    unknown = browsing.post("/forgotten", data={"email": "no@example.org"})

    # Only the address that was typed, and the nonce of the scripts, may differ.
    plain = [one.text[one.text.index("<main") :] for one in (known, unknown)]
    assert plain[0].replace("jo@", "no@") == plain[1]
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert len(letters(scene)) == 1


def test_the_link_in_the_letter_sets_a_password_and_signs_in(
    browsing: FlaskClient, scene: Scene, jo: Person
) -> None:
    browsing.post("/forgotten", data={"email": "jo@example.org"})
    [text] = letters(scene)
    [address] = [line for line in text.splitlines() if line.startswith("http://")]
    path = address.removeprefix("http://127.0.0.1:8000")

    assert "jo@example.org" in browsing.get(path).text
    assert browsing.post(path, data={"password": NEW}).headers["Location"] == "/"
    assert browsing.get("/").status_code == 200
    assert browsing.post("/sign-in", data=ME | {"password": NEW}).status_code == 303
    assert browsing.get(path).status_code == 403


def test_a_new_password_ends_every_visit(
    closed: Flask, scene: Scene, jo: Person, now: datetime
) -> None:
    elsewhere = browser(closed, scene.database, jo, now)
    token = link(scene.database, jo, "reset", now)

    closed.test_client().post(f"/reset/{token}", data={"password": NEW})

    assert elsewhere.get("/").status_code == 303


def test_a_mailbox_alone_does_not_get_past_the_second_step(
    browsing: FlaskClient, scene: Scene, jo: Person, now: datetime
) -> None:
    _, recovery = turn_on(scene.database, jo, now)
    token = link(scene.database, jo, "reset", now)

    answered = browsing.post(f"/reset/{token}", data={"password": NEW})

    assert answered.headers["Location"] == "/sign-in/code"
    assert browsing.get("/").status_code == 303
    assert browsing.post("/sign-in/code", data={"code": recovery[0]}).status_code == 303
    assert browsing.get("/").status_code == 200


@pytest.mark.parametrize("password", ["short", "passwordpassword", "", "jo@example.org", "x" * 201])
def test_a_poor_password_is_refused_and_the_link_still_works(
    browsing: FlaskClient, scene: Scene, jo: Person, now: datetime, password: str
) -> None:
    path = f"/reset/{link(scene.database, jo, 'reset', now)}"

    answered = browsing.post(path, data={"password": password})

    assert answered.status_code == 422
    assert "<title>Error: " in answered.text
    assert 'href="#password"' in answered.text
    [field] = re.findall(r'<input[^>]*type="password"[^>]*>', answered.text)
    assert "value=" not in field
    assert browsing.post(path, data={"password": NEW}).status_code == 303


def test_an_invitation_leads_in_once(browsing: FlaskClient, scene: Scene, now: datetime) -> None:
    who = person(scene.database, now, password=None)
    path = f"/welcome/{link(scene.database, who, 'invitation', now)}"

    assert "Welcome to Cascade" in browsing.get(path).text
    assert browsing.post(path, data={"password": NEW}).status_code == 303
    assert "Jo Bloggs" in browsing.get("/").text
    assert browsing.post(path, data={"password": PASSWORD}).status_code == 403
    assert [one.by for one in audited(scene.database, "password-chosen")] == ["jo@example.org"]


def test_no_password_or_token_stands_in_the_audit_trail(
    browsing: FlaskClient, scene: Scene, jo: Person, now: datetime
) -> None:
    secret, recovery = turn_on(scene.database, jo, now)
    token = link(scene.database, jo, "reset", now)
    browsing.post("/sign-in", data=ME | {"password": "a wrong one"})
    browsing.post(f"/reset/{token}", data={"password": NEW})
    browsing.post("/sign-in/code", data={"code": recovery[0]})

    said = repr([vars(one) for one in audited(scene.database)])
    assert "code" in said or "signed-in" in said
    for hidden in (PASSWORD, NEW, "a wrong one", secret, recovery[0], token):
        assert hidden not in said

"""One's own account: visits, the password, the second step."""

import re
from datetime import datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cascade.accounts import second_step, throttling, users
from cascade.accounts.users import Person
from tests.cascade.accounts.people import PASSWORD, code, turn_on
from tests.cascade.web.forms import untouched, whole
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import Scene

NEW = "copper lantern drizzle"


@pytest.fixture
def jo(scene: Scene, now: datetime) -> Person:
    return person(scene.database, now, "releaser", "author")


@pytest.fixture
def mine(closed: Flask, scene: Scene, jo: Person, now: datetime) -> FlaskClient:
    """Jo's browser."""
    return browser(closed, scene.database, jo, now)


def visits(client: FlaskClient) -> list[str]:
    """The addresses of the buttons that end a visit."""
    return re.findall(r'action="(/account/visits/\d+/end)"', client.get("/account").text)


def has_second_step(scene: Scene, who: Person) -> bool:
    with scene.database.reading() as session:
        return users.get(session, who.id).has_second_step


def test_the_account_says_who_one_is(mine: FlaskClient) -> None:
    page = mine.get("/account").text

    assert "jo@example.org" in whole(page)
    assert "Author, Releaser" in page
    assert "this browser" in page


def test_a_visit_elsewhere_can_be_ended(
    closed: Flask, scene: Scene, jo: Person, mine: FlaskClient, now: datetime
) -> None:
    other = browser(closed, scene.database, jo, now)
    [button] = visits(mine)

    assert mine.post(button, data={"stamp": stamp(mine)}).status_code == 303

    assert other.get("/").status_code == 303
    assert mine.get("/").status_code == 200
    assert [one.act for one in audited(scene.database)] == ["visit-ended"]


def test_nobody_ends_somebody_else_s_visit(
    closed: Flask, scene: Scene, mine: FlaskClient, now: datetime
) -> None:
    other = person(scene.database, now, email="ann@example.org")
    theirs = [browser(closed, scene.database, other, now) for _ in range(2)]
    [button] = visits(theirs[1])

    assert mine.post(button, data={"stamp": stamp(mine)}).status_code == 404
    assert theirs[0].get("/").status_code == 200


def test_all_other_visits_end_together(
    closed: Flask, scene: Scene, jo: Person, mine: FlaskClient, now: datetime
) -> None:
    others = [browser(closed, scene.database, jo, now) for _ in range(2)]

    mine.post("/account/visits/end-others", data={"stamp": stamp(mine)})

    assert [one.get("/").status_code for one in others] == [303, 303]
    assert mine.get("/").status_code == 200
    [entry] = audited(scene.database, "visits-ended")
    assert entry.detail == "2 other visits"


def test_the_password_is_changed_by_who_knows_the_old_one(
    closed: Flask, scene: Scene, jo: Person, mine: FlaskClient, now: datetime
) -> None:
    other = browser(closed, scene.database, jo, now)
    before = mine.get_cookie("cascade")
    data = {"old": PASSWORD, "password": NEW, "stamp": stamp(mine)}

    assert mine.post("/account/password", data=data).status_code == 303

    after = mine.get_cookie("cascade")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert mine.get("/").status_code == 200
    assert other.get("/").status_code == 303
    typed = {"email": "jo@example.org", "password": NEW}
    assert closed.test_client().post("/sign-in", data=typed).status_code == 303
    assert [one.by for one in audited(scene.database, "password-chosen")] == ["jo@example.org"]


@pytest.mark.parametrize(
    ("old", "password", "place"),
    [("wrong", NEW, "#old"), (PASSWORD, "short", "#password"), ("", "", "#old")],
)
def test_a_password_that_cannot_be_changed_says_why(
    mine: FlaskClient, old: str, password: str, place: str
) -> None:
    data = {"old": old, "password": password, "stamp": stamp(mine)}

    answered = mine.post("/account/password", data=data)

    assert answered.status_code == 422
    assert f'href="{place}"' in answered.text
    assert "<title>Error: Change your password" in answered.text
    for field in re.findall(r'<input[^>]*type="password"[^>]*>', answered.text):
        assert "value=" not in field


def test_a_browser_that_was_left_open_is_no_place_to_guess_the_password(
    mine: FlaskClient,
) -> None:
    data = {"old": "wrong", "password": NEW, "stamp": stamp(mine)}
    for _ in range(throttling.LIMITS["account"]):
        assert mine.post("/account/password", data=data).status_code == 422

    answered = mine.post("/account/password", data=data | {"old": PASSWORD})

    assert answered.status_code == 429
    assert answered.headers["Retry-After"] == "900"


def test_the_second_step_is_set_up_with_a_picture_or_a_key(
    scene: Scene, jo: Person, mine: FlaskClient, now: datetime
) -> None:
    page = mine.get("/account/second-step").text
    fields = untouched(page)
    secret = fields["secret"]
    shown = re.search(r'class="app-key">([A-Z2-7 ]+)<', page)
    assert shown is not None
    assert shown[1].replace(" ", "") == secret
    assert '<img class="app-qr" src="data:image/svg+xml' in page
    assert 'alt="QR code that holds the key below"' in page

    done = mine.post("/account/second-step", data=fields | {"code": code(secret, now)})

    codes = re.findall(r"<li>((?:[a-z2-7]{4}-){3}[a-z2-7]{4})</li>", done.text)
    assert len(codes) == second_step.RECOVERY_CODES
    assert has_second_step(scene, jo)
    [entry] = audited(scene.database, "second-step-on")
    assert (entry.before, entry.after) == ({"second step": "off"}, {"second step": "on"})
    assert secret not in repr(vars(entry))


def test_a_wrong_code_shows_the_same_key_again(scene: Scene, jo: Person, mine: FlaskClient) -> None:
    fields = untouched(mine.get("/account/second-step").text)

    answered = mine.post("/account/second-step", data=fields | {"code": "000000"})

    assert answered.status_code == 422
    assert 'href="#code"' in answered.text
    assert untouched(answered.text)["secret"] == fields["secret"]
    assert not has_second_step(scene, jo)
    assert audited(scene.database) == []


@pytest.mark.parametrize("secret", ["", "A", "é" * 32, "<script>", "a" * 32, "A" * 33])
def test_a_key_that_is_none_is_not_taken(
    scene: Scene, jo: Person, mine: FlaskClient, secret: str
) -> None:
    data = {"stamp": stamp(mine), "secret": secret, "code": "000000"}

    assert mine.post("/account/second-step", data=data).status_code == 303
    assert not has_second_step(scene, jo)


def test_a_second_step_that_is_on_is_not_replaced(
    scene: Scene, jo: Person, mine: FlaskClient, now: datetime
) -> None:
    turn_on(scene.database, jo, now)
    secret = second_step.new_secret()
    data = {"stamp": stamp(mine), "secret": secret, "code": code(secret, now)}

    assert mine.post("/account/second-step", data=data).status_code == 409


@pytest.mark.parametrize(
    ("address", "gone"),
    [("/account/second-step/off", True), ("/account/recovery-codes", False)],
)
def test_the_second_step_is_touched_only_with_the_password(
    scene: Scene, jo: Person, mine: FlaskClient, now: datetime, address: str, gone: bool
) -> None:
    turn_on(scene.database, jo, now)
    data = {"stamp": stamp(mine)}

    refused = mine.post(address, data=data | {"old": "wrong"})
    assert refused.status_code == 422
    assert "This is not your password" in refused.text
    assert has_second_step(scene, jo)
    done = mine.post(address, data=data | {"old": PASSWORD})

    assert done.status_code == (303 if gone else 200)
    assert has_second_step(scene, jo) is not gone
    assert len(audited(scene.database)) == 1


def test_new_recovery_codes_end_the_old_ones(
    scene: Scene, jo: Person, mine: FlaskClient, now: datetime
) -> None:
    _, old = turn_on(scene.database, jo, now)
    data = {"stamp": stamp(mine), "old": PASSWORD}

    page = unescape(mine.post("/account/recovery-codes", data=data).text)

    assert not [one for one in old if one in page]
    with scene.database.writing() as session:
        assert not second_step.check(session, jo.id, old[0], now)
        assert second_step.codes_left(session, jo.id) == second_step.RECOVERY_CODES

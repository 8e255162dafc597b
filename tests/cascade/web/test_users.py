"""Administrators invite, change, close and reopen."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cascade.accounts import users
from cascade.accounts.permissions import ALLOWED, PERMISSION_WORDS, ROLE_WORDS
from cascade.accounts.users import Person
from cascade.letters.records import Letter
from tests.cascade.web.forms import whole
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import Scene

ANN = {
    "email": "Ann@Example.org",
    "name": "Ann Other",
    "organisation": "West Trust",
    "roles": ["author", "approver"],
}


@pytest.fixture
def jo(scene: Scene, now: datetime) -> Person:
    return person(scene.database, now, "administrator")


@pytest.fixture
def admin(closed: Flask, scene: Scene, jo: Person, now: datetime) -> FlaskClient:
    """The browser of an administrator."""
    return browser(closed, scene.database, jo, now)


def found(scene: Scene, email: str) -> Person:
    with scene.database.reading() as session:
        return users.find(session, email)


def letters(scene: Scene) -> list[Letter]:
    with scene.database.reading() as session:
        return list(session.scalars(select(Letter)))


def test_inviting_adds_somebody_and_writes_to_them(admin: FlaskClient, scene: Scene) -> None:
    answered = admin.post("/users/invite", data=ANN | {"stamp": stamp(admin)})

    ann = found(scene, "ann@example.org")
    assert answered.headers["Location"] == f"/users/{ann.id}"
    assert (ann.name, ann.organisation, ann.roles) == (
        "Ann Other",
        "West Trust",
        ("author", "approver"),
    )
    [letter] = letters(scene)
    assert "/welcome/" in letter.text
    added, invited = audited(scene.database)
    assert (added.by, added.act, added.subject) == (
        "jo@example.org",
        "user-added",
        "user ann@example.org",
    )
    assert added.before is None
    assert added.after == {
        "name": "Ann Other",
        "organisation": "West Trust",
        "roles": ["author", "approver"],
        "closed": False,
    }
    assert invited.act == "invited"


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"email": "no address"}, "#email"),
        ({"email": "jo@example.org"}, "#email"),
        ({"name": " "}, "#name"),
        ({"roles": []}, "#roles"),
        ({"roles": ["king"]}, "#roles"),
        ({"name": "x" * 201}, "#name"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    admin: FlaskClient, scene: Scene, changed: dict[str, object], place: str
) -> None:
    answered = admin.post("/users/invite", data={**ANN, **changed, "stamp": stamp(admin)})

    assert answered.status_code == 422
    assert "<title>Error: Invite somebody" in answered.text
    assert f'href="{place}"' in answered.text
    assert 'value="West Trust"' in answered.text
    assert letters(scene) == []
    assert audited(scene.database) == []


def test_names_are_data(admin: FlaskClient, scene: Scene) -> None:
    hostile = "<script>alert(1)</script>{{ settings.secret }}"
    admin.post("/users/invite", data=ANN | {"name": hostile, "stamp": stamp(admin)})

    ann = found(scene, "ann@example.org")
    for address in ("/users", f"/users/{ann.id}", "/audit"):
        page = admin.get(address).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ settings.secret }}" in page


def test_a_change_keeps_what_differs(admin: FlaskClient, scene: Scene, now: datetime) -> None:
    ann = person(scene.database, now, email="ann@example.org", name="Ann")
    data = {"name": "Ann B", "organisation": "", "roles": ["releaser"], "stamp": stamp(admin)}

    assert admin.post(f"/users/{ann.id}", data=data).status_code == 303

    assert found(scene, "ann@example.org").roles == ("releaser",)
    [entry] = audited(scene.database)
    assert entry.act == "user-changed"
    assert entry.before == {"name": "Ann", "roles": ["viewer"]}
    assert entry.after == {"name": "Ann B", "roles": ["releaser"]}


def test_the_page_shows_the_roles_that_are_given(
    admin: FlaskClient, scene: Scene, now: datetime
) -> None:
    ann = person(scene.database, now, "author", "releaser", email="ann@example.org")

    page = admin.get(f"/users/{ann.id}").text

    assert page.count(' type="checkbox" value=') == len(ROLE_WORDS)
    assert page.count(" checked") == 2


def test_closing_and_reopening(
    closed: Flask, admin: FlaskClient, scene: Scene, now: datetime
) -> None:
    ann = person(scene.database, now, email="ann@example.org", name="Ann")
    theirs = browser(closed, scene.database, ann, now)

    admin.post(f"/users/{ann.id}/close", data={"stamp": stamp(admin)})
    assert theirs.get("/").status_code == 303
    assert "ann@example.org" not in whole(admin.get("/users").text)
    assert "ann@example.org" in whole(admin.get("/users?closed=yes").text)
    admin.post(f"/users/{ann.id}/reopen", data={"stamp": stamp(admin)})

    assert found(scene, "ann@example.org").closed_at is None
    closing, reopening = audited(scene.database)
    assert (closing.act, reopening.act) == ("user-closed", "user-reopened")
    assert closing.after is not None
    assert reopening.after is not None
    assert (closing.after["closed"], reopening.after["closed"]) == (True, False)


@pytest.mark.parametrize("act", ["close", "change"])
def test_the_last_administrator_stays(
    admin: FlaskClient, scene: Scene, jo: Person, act: str
) -> None:
    path = f"/users/{jo.id}" + ("/close" if act == "close" else "")
    data = {"name": "Jo", "roles": ["viewer"], "stamp": stamp(admin)}

    answered = admin.post(path, data=data)

    assert answered.status_code == 422
    assert "This is the last administrator" in answered.text
    assert found(scene, "jo@example.org") == jo
    assert audited(scene.database) == []


def test_an_invitation_can_be_repeated(admin: FlaskClient, scene: Scene, now: datetime) -> None:
    ann = person(scene.database, now, email="ann@example.org", password=None)

    assert "Invite again" in admin.get(f"/users/{ann.id}").text
    assert admin.post(f"/users/{ann.id}/invite", data={"stamp": stamp(admin)}).status_code == 303

    assert len(letters(scene)) == 1
    assert [one.act for one in audited(scene.database)] == ["invited"]


def test_who_is_closed_is_not_invited(admin: FlaskClient, scene: Scene, now: datetime) -> None:
    ann = person(scene.database, now, email="ann@example.org", password=None)
    with scene.database.writing() as session:
        users.close(session, ann.id, now)

    answered = admin.post(f"/users/{ann.id}/invite", data={"stamp": stamp(admin)})

    assert answered.status_code == 422
    assert "Reopen it first" in answered.text
    assert letters(scene) == []


@pytest.mark.parametrize("act", ["", "/close", "/reopen", "/invite"])
def test_an_account_that_does_not_exist_is_not_found(admin: FlaskClient, act: str) -> None:
    data = {"name": "x", "roles": ["viewer"], "stamp": stamp(admin)}

    assert admin.get("/users/99").status_code == 404
    assert admin.post(f"/users/99{act}", data=data).status_code == 404


def test_people_are_found_and_paged(admin: FlaskClient, scene: Scene, now: datetime) -> None:
    for number in range(55):
        email = f"p{number:02}@example.org"
        person(scene.database, now, email=email, name=f"Person {number:02}", password=None)

    first = admin.get("/users?search=person").text

    assert "55 users" in first
    assert 'href="/users?page=2&amp;search=person"' in first
    assert "Person 54" not in first
    assert "Person 54" in admin.get("/users?search=person&page=2").text
    assert "Nobody found" in admin.get("/users?search=nobody").text


def test_the_table_of_permissions_is_a_page(closed: Flask, scene: Scene, now: datetime) -> None:
    client = browser(closed, scene.database, person(scene.database, now), now)

    page = client.get("/roles").text

    for words in PERMISSION_WORDS.values():
        assert words in page
    assert len(re.findall(r"Yes\s*</td>", page)) == sum(map(len, ALLOWED.values()))

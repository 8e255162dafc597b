"""Organisations and their contacts in the browser: found, added, changed, made one of two."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from cascade.audience import contact_editing, editing
from cascade.audience.records import Contact, Organisation
from cascade.audience.search_words import learn_everything
from cascade.audience.suppression import suppress
from cascade.evidence.confirm import Answer, confirm
from tests.cascade.web.application import open_app
from tests.cascade.web.forms import untouched
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import Scene, settings, ticking

ELM = {"name": "Elm Lodge", "kind": "care-homes", "code": "h9", "postcode": "le11aa"}


@pytest.fixture
def author(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """The browser of somebody who may change people."""
    return browser(closed, scene.database, person(scene.database, now, "author"), now)


def organisation(scene: Scene, number: int) -> Organisation:
    with scene.database.reading() as session:
        return editing.get(session, number)


def contact(scene: Scene, number: int) -> Contact:
    with scene.database.reading() as session:
        return contact_editing.get(session, number)


def test_organisations_are_listed_searched_and_filtered(author: FlaskClient) -> None:
    every = author.get("/organisations").text
    assert "4 organisations" in every
    assert 'href="/organisations/4"' in every
    some = author.get("/organisations?search=pharmacy&kind=pharmacies&place=westport").text
    assert re.search(r"\b1 organisation\s*<", some)
    assert "Oak House" not in some
    assert "No organisation found" in author.get("/organisations?search=zebra").text
    assert "No organisation found" in author.get("/organisations?only=closed").text
    assert "No organisation found" in author.get("/organisations?only=no-address").text


def test_pages_keep_what_was_searched_for(author: FlaskClient, scene: Scene, now: datetime) -> None:
    with scene.database.writing() as session:
        session.add_all(
            Organisation(key=f"Z{n:02}", name=f"Zoo {n:02}", kind="care-homes", updated_at=now)
            for n in range(60)
        )
        learn_everything(session)
    first = author.get("/organisations?search=zoo&kind=care-homes").text
    onwards = re.search(r'href="(/organisations\?after=[^"]+)"', first)
    assert onwards is not None
    address = onwards[1].replace("&amp;", "&")
    assert "search=zoo" in address
    second = author.get(address).text
    assert "Zoo 59" in second
    assert "Zoo 49" not in second
    assert "before=" in second


@pytest.mark.parametrize("query", ["after=x", "after=-1", "before=99999999999999999999", "page=2"])
def test_a_bent_address_shows_the_beginning(author: FlaskClient, query: str) -> None:
    assert "Oak House 1" in author.get(f"/organisations?{query}").text


def test_one_organisation_shows_what_it_received_and_confirmed(
    author: FlaskClient, scene: Scene, now: datetime
) -> None:
    with scene.database.writing() as session:
        given = Answer("acting", "Sam <b>", "Manager", comment="Boiler checked")
        confirm(session, scene.deliveries[0], given, now=now)
        suppress(session, "manager1@home1.example.org", "bounced", now)

    page = author.get("/organisations/1").text

    assert "Cold weather alert" in page
    assert "We are acting on it" in page
    assert "Sam &lt;b&gt;" in page
    assert "Boiler checked" in page
    assert "Bounced" in page
    other = author.get("/organisations/2").text
    assert "Not confirmed" in other
    assert "Boiler checked" not in other


def test_adding_an_organisation(author: FlaskClient, scene: Scene) -> None:
    answered = author.post("/organisations/new", data=ELM | {"stamp": stamp(author)})

    assert answered.headers["Location"] == "/organisations/5"
    added = organisation(scene, 5)
    assert (added.key, added.postcode) == ("H9", "LE1 1AA")
    [entry] = audited(scene.database)
    assert (entry.act, entry.subject) == ("organisation-added", "organisation 5")
    assert entry.after is not None
    assert entry.after["name"] == "Elm Lodge"
    assert "Nobody is known here" in author.get("/organisations/5").text


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"name": ""}, "#name"),
        ({"kind": ""}, "#kind"),
        ({"postcode": "LE"}, "#postcode"),
        ({"attributes": "beds"}, "#attributes"),
        ({"name": "x" * 2_000}, "#name"),
        ({"code": "O1"}, "#code"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    author: FlaskClient, scene: Scene, changed: dict[str, str], place: str
) -> None:
    data = ELM | {"place": "Ambleby"} | changed | {"stamp": stamp(author)}
    answered = author.post("/organisations/new", data=data)

    assert answered.status_code == 422
    assert "<title>Error: Add an organisation" in answered.text
    assert f'href="{place}"' in answered.text
    assert 'value="Ambleby"' in answered.text
    assert audited(scene.database) == []


def test_one_that_is_there_already_is_shown(author: FlaskClient) -> None:
    data = ELM | {"code": "O1", "stamp": stamp(author)}
    assert 'href="/organisations/1"' in author.post("/organisations/new", data=data).text


def form(author: FlaskClient, path: str, **changed: str) -> dict[str, str]:
    """A form as the page gives it, with what somebody changes."""
    return untouched(author.get(path).text) | {"kind": "care-homes"} | changed


def test_a_change_keeps_what_was_before(author: FlaskClient, scene: Scene) -> None:
    path = "/organisations/1/change"
    data = form(author, path, name="Oak Lodge", code="O1", attributes="beds: 40")
    assert author.post(path, data=data).status_code == 303

    assert organisation(scene, 1).attributes == {"beds": 40}
    [entry] = audited(scene.database)
    assert entry.before == {"name": "Oak House 1", "code": "", "beds": ""}
    assert entry.after == {"name": "Oak Lodge", "code": "O1", "beds": 40}


@pytest.fixture
def ann(scene: Scene, now: datetime) -> FlaskClient:
    """Another author's browser, five minutes later."""
    who = person(scene.database, now, "author", email="ann@example.org", name="Ann")
    later = now + timedelta(minutes=5)
    app = open_app(settings(desk="link"), scene.database, ticking(later))
    return browser(app, scene.database, who, now)


@pytest.mark.parametrize(
    ("path", "field", "theirs"),
    [
        ("/organisations/1/change", "name", "Oak Lodge"),
        ("/organisations/1/contacts/1", "role", "Cook"),
    ],
)
def test_somebody_else_s_change_is_shown_and_not_overwritten(
    author: FlaskClient, ann: FlaskClient, scene: Scene, path: str, field: str, theirs: str
) -> None:
    mine = form(author, path) | {field: "Mine"}
    assert ann.post(path, data=form(ann, path) | {field: theirs}).status_code == 303

    answered = author.post(path, data=mine)

    assert answered.status_code == 422
    assert "<title>Error: " in answered.text
    assert "ann@example.org changed this" in answered.text
    assert theirs in answered.text
    assert 'value="Mine"' in answered.text
    assert len(audited(scene.database)) == 1
    # Sent again from the page that shows both, it is meant.
    again = untouched(answered.text) | {"kind": "care-homes", "deputy": "0"}
    assert author.post(path, data=again).status_code == 303


@pytest.mark.parametrize("seen", ["", "x", "2026-01-01", "9999-12-31T23:59:59"])
def test_a_form_that_does_not_say_what_it_saw_changes_nothing(
    author: FlaskClient, scene: Scene, seen: str
) -> None:
    data = ELM | {"seen": seen, "stamp": stamp(author)}
    assert author.post("/organisations/1/change", data=data).status_code == 422
    assert organisation(scene, 1).name == "Oak House 1"


def test_closing_and_opening_again(author: FlaskClient, scene: Scene) -> None:
    data = {"stamp": stamp(author)}
    for _ in range(2):
        assert author.post("/organisations/1/close", data=data).status_code == 303
    assert organisation(scene, 1).closed_at is not None
    assert "Oak House 1" not in author.get("/organisations").text
    author.post("/organisations/1/reopen", data=data)
    assert organisation(scene, 1).closed_at is None
    acts = [one.act for one in audited(scene.database)]
    assert acts == ["organisation-closed", "organisation-reopened"]


def test_names_are_data(author: FlaskClient, scene: Scene) -> None:
    hostile = "<script>alert(1)</script>{{ settings.secret }}"
    with scene.database.writing() as session:
        session.execute(update(Organisation).values(name=hostile, postcode="LE1 1AA"))
        session.execute(update(Contact).values(name=hostile, role=hostile, phone="+441632960101"))
    for path in (
        *("/organisations", "/organisations/1", "/organisations/1/change"),
        *("/organisations/1/contacts/1", "/organisations/1/contacts/new"),
        *("/organisations/1/order", "/organisations/1/merge/2", "/organisations/duplicates"),
        *("/organisations/duplicates?by=phone", "/segments/care-homes"),
    ):
        page = author.get(path).text
        assert "<script>alert" not in page, path
        assert "{{ settings.secret }}" in page, path


def test_a_contact_is_added_changed_closed_and_opened_again(
    author: FlaskClient, scene: Scene
) -> None:
    given = {"name": "Bob Ray", "email": "Bob@Oak.example.org", "deputy": "1"}
    author.post("/organisations/1/contacts/new", data=given | {"stamp": stamp(author)})
    assert contact(scene, 5).key == "bob@oak.example.org"
    path = "/organisations/1/contacts/5"
    data = form(author, path, phone="01632 960101", deputy="2")
    assert author.post(path, data=data).headers["Location"] == "/organisations/1"
    assert (contact(scene, 5).phone, contact(scene, 5).deputy) == ("+441632960101", 2)
    author.post(f"{path}/close", data={"stamp": stamp(author)})
    assert contact(scene, 5).closed_at is not None
    author.post(f"{path}/reopen", data={"stamp": stamp(author)})
    assert contact(scene, 5).closed_at is None
    acts = [one.act for one in audited(scene.database)]
    assert acts == ["contact-added", "contact-changed", "contact-closed", "contact-reopened"]


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [("nobody", "is not an email address"), ("bob@example.org", "There is a contact")],
)
def test_what_a_contact_cannot_be_is_said_and_what_was_typed_is_kept(
    author: FlaskClient, typed: str, remedy: str
) -> None:
    other = {"email": "bob@example.org", "stamp": stamp(author)}
    author.post("/organisations/1/contacts/new", data=other)
    path = "/organisations/1/contacts/1"

    refused = author.post(path, data=form(author, path, email=typed))

    assert refused.status_code == 422
    assert remedy in refused.text
    assert f'value="{typed}"' in refused.text
    assert "Close the contact" in refused.text


def test_a_contact_of_another_organisation_is_not_found(author: FlaskClient, scene: Scene) -> None:
    data = {"name": "x", "stamp": stamp(author)}
    assert author.get("/organisations/1/contacts/2").status_code == 404
    for act in ("", "/close", "/reopen"):
        assert author.post(f"/organisations/1/contacts/2{act}", data=data).status_code == 404
    assert contact(scene, 2).closed_at is None


@pytest.mark.parametrize(
    "path",
    [
        *("", "/change", "/contacts/new", "/contacts/1", "/order", "/merge/1", "/close"),
        *("/reopen", "/contacts/1/close"),
    ],
)
def test_an_organisation_that_does_not_exist_is_not_found(author: FlaskClient, path: str) -> None:
    data = ELM | {"keep": "1", "email": "a@example.org", "stamp": stamp(author)}
    gets, posts = author.get(f"/organisations/99{path}"), None
    if path:
        posts = author.post(f"/organisations/99{path}", data=data).status_code
    assert gets.status_code in (404, 405)
    assert posts in (None, 404)


def test_deputies_are_put_in_order(author: FlaskClient, scene: Scene) -> None:
    given = {"name": "Bob Ray", "deputy": "1", "stamp": stamp(author)}
    author.post("/organisations/1/contacts/new", data=given)
    seen = {"seen-1": "0", "seen-5": "1", "stamp": stamp(author)}

    wrong = author.post("/organisations/1/order", data=seen | {"place-1": "2", "place-5": "1"})
    assert wrong.status_code == 422
    assert "Somebody has to be written to at once" in wrong.text
    author.post("/organisations/1/order", data=seen | {"place-1": "1", "place-5": "0"})

    assert (contact(scene, 1).deputy, contact(scene, 5).deputy) == (1, 0)
    entry = audited(scene.database, "deputies-ordered")[0]
    assert entry.before == {"Sam Manager 1": 0, "Bob Ray": 1}
    again = author.post("/organisations/1/order", data=seen | {"place-1": "0", "place-5": "1"})
    assert "was changed while this page was open" in again.text


def test_two_are_made_one(author: FlaskClient, scene: Scene) -> None:
    path = "/organisations/1/merge/2"
    nothing_chosen = author.post(path, data=untouched(author.get(path).text))
    assert nothing_chosen.status_code == 422
    assert "Choose which organisation stays" in nothing_chosen.text

    answered = author.post(path, data=untouched(author.get(path).text) | {"keep": "2"})

    assert answered.headers["Location"] == "/organisations/2"
    assert organisation(scene, 1).closed_at is not None
    assert contact(scene, 1).organisation_id == 2
    kept, closed = audited(scene.database)
    assert (kept.act, kept.subject) == ("organisations-merged", "organisation 2")
    assert "manager1@home1.example.org" in kept.detail
    assert (closed.act, closed.subject) == ("organisation-closed", "organisation 1")
    # What deliveries name is still there, with its story.
    assert "Cold weather alert" in author.get("/organisations/1").text


def test_a_merge_of_what_has_changed_meanwhile_is_refused(
    author: FlaskClient, scene: Scene
) -> None:
    path = "/organisations/1/merge/2"
    shown = untouched(author.get(path).text)
    author.post("/organisations/2/change", data=form(author, "/organisations/2/change", name="Elm"))

    answered = author.post(path, data=shown | {"keep": "1"})

    assert answered.status_code == 422
    assert organisation(scene, 2).closed_at is None


def test_viewers_see_segments_and_nobody_s_name(closed: Flask, scene: Scene, now: datetime) -> None:
    viewer = browser(closed, scene.database, person(scene.database, now), now)
    assert "Care homes" in viewer.get("/segments").text
    for path in ("/organisations", "/organisations/1", "/segments/care-homes", "/suppressions"):
        assert viewer.get(path).status_code == 403


def test_approvers_see_people_and_no_buttons(closed: Flask, scene: Scene, now: datetime) -> None:
    approver = browser(closed, scene.database, person(scene.database, now, "approver"), now)
    for path in ("/organisations", "/organisations/1", "/segments", "/suppressions"):
        page = approver.get(path).text
        assert "Add a" not in page
        assert 'action="/organisations/1' not in page
    assert approver.get("/organisations/1/change").status_code == 403

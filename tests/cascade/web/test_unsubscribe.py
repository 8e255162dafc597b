"""Stopping what can be stopped: by one click of a mail program, or on the page."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cascade.audience.records import Suppression
from cascade.audience.suppression import suppress
from cascade.database import Database
from cascade.sending.states import Tier
from tests.cascade.web.application import open_app
from tests.cascade.web.forms import choices, untouched
from tests.cascade.web.scene import Scene, build, settings, ticking

ADDRESS = "manager1@home1.example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def scene(sqlite_database: Database, now: datetime) -> Scene:
    """A routine cascade: the only tier that can be unsubscribed."""
    return build(sqlite_database, now, tier=Tier.ROUTINE)


def suppressions(scene: Scene) -> dict[str, str]:
    with scene.database.reading() as session:
        return {one.email: one.reason for one in session.scalars(select(Suppression))}


def choose(client: FlaskClient, scene: Scene, choice: str) -> int:
    page = client.get(scene.unsubscribe_path()).text
    answer = untouched(page) | {"choice": choice}
    return client.post(scene.unsubscribe_path(), data=answer).status_code


def test_one_click_stops_routine_messages(client: FlaskClient, scene: Scene) -> None:
    answered = client.post(scene.unsubscribe_path(), data=ONE_CLICK)

    assert answered.status_code == 200
    assert suppressions(scene) == {ADDRESS: "unsubscribed"}


def test_one_click_may_come_as_multipart(client: FlaskClient, scene: Scene) -> None:
    client.post(scene.unsubscribe_path(), data=ONE_CLICK, content_type="multipart/form-data")

    assert suppressions(scene) == {ADDRESS: "unsubscribed"}


def test_one_click_twice_is_the_same_as_once(client: FlaskClient, scene: Scene) -> None:
    for _ in range(2):
        assert client.post(scene.unsubscribe_path(), data=ONE_CLICK).status_code == 200

    assert suppressions(scene) == {ADDRESS: "unsubscribed"}


def test_the_page_has_a_choice_without_a_default(client: FlaskClient, scene: Scene) -> None:
    page = client.get(scene.unsubscribe_path()).text

    assert ADDRESS in page
    assert [value for _, value in choices(page)] == ["keep", "stop"]
    assert "choice" not in untouched(page)


def test_choosing_to_stop_stops(client: FlaskClient, scene: Scene) -> None:
    assert choose(client, scene, "stop") == 303
    assert suppressions(scene) == {ADDRESS: "unsubscribed"}
    assert "You get no routine messages" in client.get(scene.unsubscribe_path()).text


def test_it_can_be_undone(client: FlaskClient, scene: Scene) -> None:
    choose(client, scene, "stop")

    assert choose(client, scene, "keep") == 303
    assert suppressions(scene) == {}


def test_pressing_without_choosing_changes_nothing(client: FlaskClient, scene: Scene) -> None:
    page = client.get(scene.unsubscribe_path()).text

    answered = client.post(scene.unsubscribe_path(), data=untouched(page))

    assert answered.status_code == 422
    assert "Choose what we should do" in answered.text
    assert suppressions(scene) == {}


def test_a_form_without_our_stamp_changes_nothing(client: FlaskClient, scene: Scene) -> None:
    assert client.post(scene.unsubscribe_path(), data={"choice": "stop"}).status_code == 422
    assert suppressions(scene) == {}


def test_an_address_that_bounced_is_not_written_to_again_by_a_press(
    client: FlaskClient, scene: Scene
) -> None:
    before = untouched(client.get(scene.unsubscribe_path()).text)
    with scene.database.writing() as session:
        suppress(session, ADDRESS, "bounced", scene.now)

    assert "We do not write to this address" in client.get(scene.unsubscribe_path()).text
    client.post(scene.unsubscribe_path(), data=before | {"choice": "keep"})
    assert suppressions(scene) == {ADDRESS: "bounced"}


@pytest.mark.parametrize("tier", [Tier.IMMEDIATE, Tier.URGENT, Tier.IMPORTANT])
def test_what_must_not_be_missed_can_not_be_unsubscribed(
    sqlite_database: Database, now: datetime, tier: Tier
) -> None:
    scene = build(sqlite_database, now, tier=tier)
    client = open_app(settings(), scene.database, ticking(now)).test_client()

    assert "This message can't be unsubscribed" in client.get(scene.unsubscribe_path()).text
    assert client.post(scene.unsubscribe_path(), data=ONE_CLICK).status_code == 409
    assert suppressions(scene) == {}


def test_a_confirmation_token_does_not_unsubscribe(client: FlaskClient, scene: Scene) -> None:
    token = scene.links.token("confirm", scene.deliveries[0])

    assert client.post(f"/u/{token}", data=ONE_CLICK).status_code == 404
    assert suppressions(scene) == {}

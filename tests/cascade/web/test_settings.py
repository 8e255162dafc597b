"""The settings page leads everywhere, and its menu stays above the pages it leads to."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cascade.web.settings import PLACES
from tests.cascade.web.people import browser, person
from tests.cascade.web.scene import Scene


@pytest.fixture
def admin(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """The browser of an administrator."""
    return browser(closed, scene.database, person(scene.database, now, "administrator"), now)


def test_settings_lead_to_every_place_that_an_administrator_may_open(
    admin: FlaskClient, closed: Flask
) -> None:
    page = admin.get("/settings").text

    with closed.test_request_context():
        ways = [closed.url_for(endpoint, _external=False) for endpoint, *_ in PLACES]
    for way in ways:
        assert f'<a href="{way}">' in page
        assert admin.get(way).status_code == 200


def test_the_menu_of_settings_says_where_one_is(admin: FlaskClient) -> None:
    page = admin.get("/users").text

    assert 'aria-label="Settings"' in page
    assert '<a href="/users" aria-current="page">Users</a>' in page
    assert '<a href="/audit">Audit trail</a>' in page


def test_who_is_no_administrator_sees_roles_without_the_menu_of_settings(
    closed: Flask, scene: Scene, now: datetime
) -> None:
    viewer = browser(closed, scene.database, person(scene.database, now), now)

    page = viewer.get("/roles").text

    assert 'aria-label="Settings"' not in page
    assert 'href="/settings"' not in page

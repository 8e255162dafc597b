"""Administrators set the send windows."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import Scene

PATH = "/settings/windows"


@pytest.fixture
def admin(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """The browser of an administrator."""
    return browser(closed, scene.database, person(scene.database, now, "administrator"), now)


def test_windows_are_set_shown_audited_and_put_back(admin: FlaskClient, scene: Scene) -> None:
    token = stamp(admin)
    assert "Put back to the default" not in admin.get(PATH).text

    set_ = admin.post(PATH, data={"stamp": token, "windows": "Thursday 14:00\r\nMonday 10:00"})
    page = admin.get(PATH).text
    admin.post(f"{PATH}/reset", data={"stamp": token})
    admin.post(f"{PATH}/reset", data={"stamp": token})

    assert set_.status_code == 303
    assert "Monday 10:00\nThursday 14:00</textarea>" in page
    assert "Monday 23 November 2026, 10:00am" in page
    first, second = audited(scene.database, "send-windows-changed")
    assert first.after == second.before == {"windows": ["Monday 10:00", "Thursday 14:00"]}
    assert second.after["windows"][1] == "Tuesday 09:00"


@pytest.mark.parametrize("given", ["", "Sunday 10:00", "<script>", "x" * 3_000])
def test_what_is_wrong_is_said_and_stays_typed(
    admin: FlaskClient, scene: Scene, given: str
) -> None:
    answered = admin.post(PATH, data={"stamp": stamp(admin), "windows": given})

    assert answered.status_code == 422
    assert 'href="#windows"' in answered.text
    assert "Error: Send windows" in answered.text
    assert given.replace("<", "&lt;").replace(">", "&gt;") in answered.text
    assert "<script>" not in answered.text
    assert audited(scene.database, "send-windows-changed") == []

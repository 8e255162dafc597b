"""The audit trail, on pages and as a table."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from cascade.accounts import audit
from cascade.accounts.acts import Act
from tests.cascade.web.forms import whole
from tests.cascade.web.people import browser, person
from tests.cascade.web.scene import Scene


@pytest.fixture
def reader(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """The browser of an administrator, and sixty entries to read."""
    who = person(scene.database, now, "administrator")
    with scene.database.writing() as session:
        for number in range(60):
            audit.note(
                session,
                by="ann@example.org" if number % 2 else "terminal: root",
                act=Act.USER_CHANGED,
                subject=f"user p{number:02}@example.org",
                now=now + timedelta(minutes=number),
                before={"roles": ["viewer"]},
                after={"roles": ["viewer", "author"]},
                address="192.0.2.7",
            )
    return browser(closed, scene.database, who, now)


def cells(answer: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer)))


def test_the_newest_entries_come_first(reader: FlaskClient) -> None:
    page = whole(reader.get("/audit").text)

    assert "60 entries, newest first" in page
    assert page.index("p59@example.org") < page.index("p58@example.org")
    assert "p09@example.org" not in page
    assert "p09@example.org" in whole(reader.get("/audit?page=2").text)


def test_an_entry_says_who_and_what_and_how_it_was(reader: FlaskClient) -> None:
    page = reader.get("/audit").text

    assert "Before: roles: viewer</span>" in page
    assert "After: roles: viewer, author</span>" in page
    assert "from 192.0.2.7" in page
    assert "terminal: root" in page


def test_entries_are_found_by_words_and_by_person(reader: FlaskClient) -> None:
    assert "1 entry" in reader.get("/audit?search=p07").text
    found = reader.get("/audit?by=ann@example.org").text
    assert "30 entries" in found
    assert 'href="/audit.csv?by=ann@example.org"' in found
    assert "No entry found" in reader.get("/audit?search=p07&by=terminal: root").text


def test_an_act_is_shown_found_and_chosen_by_its_words(reader: FlaskClient) -> None:
    page = reader.get("/audit?search=user+changed&act=user-changed").text

    assert ">User changed</strong>" in page
    assert "60 entries" in page
    assert '<option value="user-changed" selected>User changed</option>' in page
    assert 'href="/audit?page=2&amp;search=user+changed&amp;act=user-changed"' in page
    assert 'href="/audit.csv?search=user+changed&amp;act=user-changed"' in page
    assert "No entry found" in reader.get("/audit?act=signed-out").text
    assert len(cells(reader.get("/audit.csv?act=user-changed").text)) == 61


def test_an_act_that_is_none_does_no_harm(reader: FlaskClient) -> None:
    assert "60 entries" in reader.get("/audit?act=%22%3E%3Cscript%3E").text


SUBJECTS = {
    "cascade 1": "/cascades/1",
    "cascade 1: Cold weather": "/cascades/1",
    "draft 1": "/drafts/1",
    "organisation 1": "/organisations/1",
    "version 1": "/versions/1",
    "segment care-homes": "/segments/care-homes",
    "segment gone": None,
    "user jo@example.org": "/users/1",
    "user nobody@example.org": None,
    "toolkit cold-snap, version 1 (en)": "/versions/1",
    "toolkit cold-snap, version 9 (en)": None,
    "tier urgent": "/settings/tiers/urgent",
    "send windows": "/settings/windows",
    "look of the cell": "/settings/look",
    "file javascript:alert(1)": None,
    "cascade 1<script>": None,
}


def test_what_has_a_page_leads_there(closed: Flask, scene: Scene, now: datetime) -> None:
    client = browser(closed, scene.database, person(scene.database, now, "administrator"), now)
    with scene.database.writing() as session:
        for one in SUBJECTS:
            audit.note(session, by="ann@example.org", act=Act.RELEASED, subject=one, now=now)
        contact = {"subject": "contact 1", "detail": "organisation 1"}
        audit.note(session, by="ann@example.org", act=Act.CONTACT_ADDED, now=now, **contact)

    page = whole(client.get("/audit").text)

    for subject, address in SUBJECTS.items():
        shown = f'href="{address}">{escape(subject)}</a>'
        assert shown in page if address else f">{escape(subject)}</span>" in page, subject
        assert address is None or client.get(address).status_code == 200, address
    assert 'href="/organisations/1/contacts/1">contact 1</a>' in page


def test_pages_keep_what_was_searched_for(reader: FlaskClient) -> None:
    page = reader.get("/audit?search=user-changed").text

    assert 'href="/audit?page=2&amp;search=user-changed"' in page


def test_the_table_holds_all_that_was_searched_for(reader: FlaskClient) -> None:
    answered = reader.get("/audit.csv?by=ann@example.org")

    header, *rows = cells(answered.text)
    assert answered.mimetype == "text/csv"
    assert answered.headers["Content-Disposition"] == "attachment; filename=audit.csv"
    assert header == ["at", "by", "act", "subject", "before", "after", "address", "detail"]
    assert len(rows) == 30
    assert rows[0][1:4] == ["ann@example.org", "user-changed", "user p59@example.org"]
    assert rows[0][5] == '{"roles": ["viewer", "author"]}'


@pytest.mark.parametrize("hostile", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_cell_can_become_a_formula(
    closed: Flask, scene: Scene, now: datetime, hostile: str
) -> None:
    who = person(scene.database, now, "administrator")
    with scene.database.writing() as session:
        audit.note(session, by=hostile, act="x", subject=hostile, now=now, detail=hostile)

    client = browser(closed, scene.database, who, now)
    [row] = cells(client.get("/audit.csv").text)[1:]

    assert (row[1], row[3], row[7]) == (f"'{hostile}",) * 3


def test_what_stands_in_an_entry_is_data(closed: Flask, scene: Scene, now: datetime) -> None:
    who = person(scene.database, now, "administrator")
    hostile = "<img src=x onerror=alert(1)>"
    with scene.database.writing() as session:
        audit.note(
            session,
            by=hostile,
            act=hostile,
            subject=hostile,
            now=now,
            before={hostile: hostile},
            after={hostile: [hostile]},
            address=hostile,
            detail=hostile,
        )

    page = browser(closed, scene.database, who, now).get("/audit").text

    assert "<img" not in page
    assert "&lt;img" in page

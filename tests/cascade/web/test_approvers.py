"""Administrators name approvers for campaigns and lead organisations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cascade.accounts import users
from cascade.accounts.users import Person
from cascade.sign_off import approvers
from cascade.sign_off.approvers import Named
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import Scene

PATH = "/settings/approvers"


@dataclass(frozen=True, slots=True)
class Office:
    """An administrator's browser, and an approver."""

    scene: Scene
    client: FlaskClient
    cy: Person

    def post(self, path: str = PATH, **data: object) -> TestResponse:
        return self.client.post(path, data={"stamp": stamp(self.client), **data})

    def name(self, name: str = "Winter 2026", who: Person | None = None) -> TestResponse:
        return self.post(scope="campaign", name=name, person=(who or self.cy).id)

    def named(self) -> Sequence[Named]:
        with self.scene.database.reading() as session:
            return approvers.named_approvers(session).lines


@pytest.fixture
def office(closed: Flask, scene: Scene, now: datetime) -> Office:
    jo = person(scene.database, now, "administrator")
    cy = person(scene.database, now, "approver", email="cy@example.org", name="Cy")
    return Office(scene, browser(closed, scene.database, jo, now), cy)


def test_without_anybody_named_the_page_says_what_that_means(office: Office) -> None:
    page = office.client.get(PATH).text

    assert "every approver may approve every toolkit but their own" in page
    assert f'<option value="{office.cy.id}"' in page


def test_somebody_is_named_once_and_it_is_audited(office: Office) -> None:
    first, second = office.name(), office.name("WINTER 2026")

    [one] = office.named()
    [entry] = audited(office.scene.database, "approver-named")
    assert (first.status_code, second.status_code) == (303, 303)
    assert (one.row.name, one.person.name) == ("Winter 2026", "Cy")
    assert entry.subject == "user cy@example.org"
    assert entry.after == {"scope": "campaign", "name": "Winter 2026"}


def test_somebody_is_removed_and_it_is_audited(office: Office) -> None:
    office.name()
    [one] = office.named()

    removed = office.post(f"{PATH}/{one.row.id}/remove")
    again = office.post(f"{PATH}/{one.row.id}/remove")

    assert (removed.status_code, again.status_code) == (303, 404)
    assert office.named() == ()
    [entry] = audited(office.scene.database, "approver-removed")
    assert entry.before == {"scope": "campaign", "name": "Winter 2026"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"scope": ""}, "scope"),
        ({"scope": "toolkit"}, "scope"),
        ({"name": " "}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"person": ""}, "person"),
        ({"person": "999"}, "person"),
        ({"person": "9" * 30}, "person"),
        ({"person": "-1"}, "person"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_everything_typed_stays(
    office: Office, given: dict[str, str], field: str
) -> None:
    data = {"scope": "lead", "name": "West ICB", "person": f"{office.cy.id}"} | given

    answered = office.post(**data)

    assert answered.status_code == 422
    assert f'href="#{field}"' in answered.text
    assert "<title>" in answered.text
    assert "Error: Approvers" in answered.text
    if "name" not in given:
        assert 'value="West ICB"' in answered.text
    assert office.named() == ()


def test_who_is_no_approver_cannot_be_named(office: Office, now: datetime) -> None:
    ann = person(office.scene.database, now, "author", email="ann@example.org", name="Ann")

    answered = office.name(who=ann)

    assert answered.status_code == 422
    assert "Ann is not an approver" in answered.text


def test_who_has_lost_the_role_is_marked(office: Office) -> None:
    office.name("<b>Winter</b>")
    with office.scene.database.writing() as session:
        users.change(session, office.cy.id, name="Cy", organisation="", roles=["viewer"])

    page = office.client.get(PATH).text

    assert "Not an approver now" in page
    assert "&lt;b&gt;Winter&lt;/b&gt;" in page


def test_the_list_goes_on_on_further_pages(office: Office) -> None:
    with office.scene.database.writing() as session:
        for number in range(51):
            approvers.name_approver(session, "campaign", f"Campaign {number:02}", office.cy)

    first, second = office.client.get(PATH).text, office.client.get(f"{PATH}?page=2").text

    assert "Campaign 49" in first
    assert "Campaign 50" not in first
    assert "Campaign 50" in second

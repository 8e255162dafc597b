"""Administrators set the times of tiers."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cascade.sending import tiers
from cascade.sending.states import POLICIES, Policy, Tier
from tests.cascade.web.cell import gathered
from tests.cascade.web.forms import untouched
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import Scene

URGENT = "/settings/tiers/urgent"
TIMES = {
    "confirm_within": "90",
    "confirm_within_unit": "minutes",
    "give_up_after": "3",
    "give_up_after_unit": "days",
    "tolerance": "2",
    "tolerance_unit": "hours",
}


@dataclass(frozen=True, slots=True)
class Office:
    """An administrator's browser."""

    scene: Scene
    client: FlaskClient

    def post(self, path: str = URGENT, **data: str) -> TestResponse:
        return self.client.post(path, data={"stamp": stamp(self.client), **data})

    def policy(self, tier: Tier = Tier.URGENT) -> Policy:
        with self.scene.database.reading() as session:
            return tiers.policy(session, tier)


@pytest.fixture
def office(closed: Flask, scene: Scene, now: datetime) -> Office:
    jo = person(scene.database, now, "administrator")
    return Office(scene, browser(closed, scene.database, jo, now))


def test_the_page_says_what_each_tier_means(office: Office) -> None:
    page = office.client.get("/settings/tiers").text

    assert "4 hours of working time" in page
    assert "24 hours" in page
    assert "Not asked" in page
    assert "Changed" not in page


def test_a_tier_is_changed_and_it_is_audited(office: Office) -> None:
    answered = office.post(**TIMES)

    assert answered.status_code == 303
    assert office.policy().confirm_within == timedelta(minutes=90)
    assert office.policy().working_time is False
    assert office.policy().give_up_after == timedelta(days=3)
    [entry] = audited(office.scene.database, "tier-changed")
    assert entry.subject == "tier urgent"
    assert entry.before["confirm within"] == "4 hours of working time"
    assert entry.after["confirm within"] == "1 hour 30 minutes"
    page = office.client.get("/settings/tiers").text
    assert "1 hour 30 minutes" in page
    assert "Changed" in page


def test_working_hours_are_a_unit_of_their_own(office: Office) -> None:
    office.post(**TIMES | {"confirm_within": "8", "confirm_within_unit": "working"})

    assert office.policy().confirm_within == timedelta(hours=8)
    assert office.policy().working_time is True


@pytest.mark.parametrize("tier", Tier)
def test_a_form_that_is_sent_as_it_stands_changes_nothing(office: Office, tier: Tier) -> None:
    path = f"/settings/tiers/{tier}"
    page = office.client.get(path).text
    selected = r'<select[^>]* name="(\w+)"[^<]*(?:<option value="\w+">[^<]*</option>\s*)*'
    chosen = dict(re.findall(selected + r'<option value="(\w+)" selected', page))

    answered = office.post(path, **untouched(page) | chosen)

    assert answered.status_code == 303
    assert office.policy(tier) == POLICIES[tier]
    assert audited(office.scene.database, "tier-changed") == []


def test_a_tier_is_put_back_to_its_default(office: Office) -> None:
    assert "Put back to the default" not in office.client.get(URGENT).text
    office.post(**TIMES)
    assert "Put back to the default" in office.client.get(URGENT).text

    office.post(f"{URGENT}/reset")
    office.post(f"{URGENT}/reset")

    assert office.policy() == POLICIES[Tier.URGENT]
    assert len(audited(office.scene.database, "tier-changed")) == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"confirm_within": ""}, "confirm_within"),
        ({"confirm_within": "-1"}, "confirm_within"),
        ({"confirm_within": "1.5"}, "confirm_within"),
        ({"confirm_within": "²"}, "confirm_within"),
        ({"confirm_within": "9" * 40}, "confirm_within"),
        ({"confirm_within": "1"}, "confirm_within"),
        ({"give_up_after": "0"}, "give_up_after"),
        ({"give_up_after_unit": "years"}, "give_up_after"),
        ({"give_up_after_unit": "working"}, "give_up_after"),
        ({"tolerance": "999999", "tolerance_unit": "days"}, "tolerance"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_everything_typed_stays(
    office: Office, given: dict[str, str], field: str
) -> None:
    answered = office.post(**TIMES | given)

    assert answered.status_code == 422
    assert "Error: Tier: urgent" in answered.text
    assert f'href="#{field}"' in answered.text
    for name in tiers.SPANS:
        assert f'value="{(TIMES | given)[name]}"' in answered.text
    assert office.policy() == POLICIES[Tier.URGENT]


def test_a_tier_that_is_none_is_not_found(office: Office) -> None:
    assert office.client.get("/settings/tiers/slow").status_code == 404
    assert office.post("/settings/tiers/slow", **TIMES).status_code == 404


def test_who_releases_reads_the_times_that_hold(
    office: Office, closed: Flask, scene: Scene, now: datetime
) -> None:
    office.post(**TIMES)
    releaser = gathered(closed, scene, now).first

    page = releaser.get("/release/cold-snap/tier?segment=care-homes")

    assert "To be confirmed within 1 hour 30 minutes." in page
    assert "To be confirmed within 24 hours." in page

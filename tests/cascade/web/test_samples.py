"""What one real recipient would get, as a page of the release: who, subject, email and text."""

import html
import re
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from cascade.accounts.permissions import Permission
from cascade.audience.records import Contact, Organisation
from cascade.identity import identity
from cascade.sending.compositor import Compositor
from cascade.sending.records import Delivery
from cascade.web import access, samples
from tests.cascade.sending.mail import html as html_of
from tests.cascade.sending.mail import read
from tests.cascade.web.cell import Cell, gathered
from tests.cascade.web.scene import Scene, settings
from tests.cascade.web.test_access import statements

CHOSEN = "?segment=care-homes&segment=pharmacies&tier=urgent"
AS_FIRST = "/release/cold-snap/as/1"
EVIL = '<script>alert("x")</script>'


@pytest.fixture
def cell(closed: Flask, scene: Scene, now: datetime) -> Cell:
    found = gathered(closed, scene, now)
    found.approve()
    return found


def test_the_last_look_leads_to_what_each_of_its_examples_gets(cell: Cell) -> None:
    page = cell.first.get(f"/release/cold-snap/check{CHOSEN}")
    links = [html.unescape(one) for one in re.findall(r'href="([^"]*/as/[^"]*)"', page)]

    assert len(links) == 4
    second = cell.first.get(links[1])  # one of each variant comes first
    assert "manager4@home4.example.org" in second
    assert "Corner Pharmacy 4" in second
    assert "Ask people who collect medicines" in second
    assert "What to do in care homes" not in second
    assert "[URGENT" in second
    assert "<dd" in second
    assert "Oak House" not in second
    back = re.findall(r'nhsuk-back-link" href="([^"]*)"', second)
    assert html.unescape(back[0]) == f"/release/cold-snap/check{CHOSEN}"


def test_the_email_is_the_one_that_is_then_sent(cell: Cell, scene: Scene) -> None:
    page = cell.first.get(AS_FIRST + CHOSEN)
    (frame,) = re.findall(r'<iframe[^>]*src="([^"]*)"', page)
    shown = cell.first.get(html.unescape(frame)).replace('<base target="_top">', "")
    made = cell.first.post(
        "/release/cold-snap", segment=["care-homes", "pharmacies"], tier="urgent", key="k"
    )
    number = int(made.headers["Location"].rsplit("/", 1)[1])
    with cell.database.reading() as session:
        chosen = select(Delivery).where(Delivery.cascade_id == number, Delivery.contact_id == 1)
        one = session.scalars(chosen).one()
        variant = Compositor(scene.links, identity(settings())).variant(session, one.variant_id)
        mail = read(variant.outgoing(one.id, one.address, one.slots, now=cell.now).body)
    assert without_links(html_of(mail)).strip() == without_links(shown).strip()


def without_links(page: str) -> str:
    """Without what is made for a delivery."""
    return re.sub(r"/c/[0-9a-f]+-[0-9a-f]+|<strong>[0-9A-F]+-[0-9A-F]+</strong>", "…", page)


@pytest.mark.parametrize(
    "path",
    [
        f"/release/cold-snap/as/99{CHOSEN}",
        f"/release/cold-snap/as/9223372036854775807{CHOSEN}",
        "/release/cold-snap/as/4?segment=care-homes&tier=urgent",
        f"/release/nothing/as/1{CHOSEN}",
        f"{AS_FIRST}?segment=nobody&tier=urgent",
    ],
)
def test_nobody_is_shown_whom_the_release_does_not_reach(cell: Cell, path: str) -> None:
    cell.first.get(path, 404)
    cell.first.get(path.replace("?", "/email?"), 404)


@pytest.mark.parametrize(
    "chosen",
    [
        *("", "?tier=urgent", "?segment=care-homes", "?segment=care-homes&tier=soon"),
        "?segment=care-homes&tier=urgent&when=at&date=2020-01-01&time=09:30",
        "?segment=care-homes&tier=urgent&toolkit_name=x&contact=x&when=soon",
    ],
)
def test_without_a_whole_choice_the_last_look_asks_for_it(cell: Cell, chosen: str) -> None:
    for path in (AS_FIRST, f"{AS_FIRST}/email"):
        answered = cell.first.client.get(path + chosen)
        assert answered.status_code == 303
        assert answered.headers["Location"].startswith("/release/cold-snap/check")


def test_a_mailbox_of_several_organisations_is_shown_once_with_all_of_them(cell: Cell) -> None:
    with cell.database.writing() as session:
        shared = session.get_one(Contact, 1).email
        session.get_one(Contact, 4).email = shared

    page = cell.first.get(AS_FIRST + CHOSEN)

    assert "Oak House 1 and Corner Pharmacy 4" in page
    assert "Care homes, Pharmacies" in page
    cell.first.get(f"/release/cold-snap/as/4{CHOSEN}", 404)


def test_names_are_text_and_nothing_else(cell: Cell) -> None:
    with cell.database.writing() as session:
        contact = session.get_one(Contact, 1)
        contact.name = contact.role = EVIL
        session.get_one(Organisation, 1).name = EVIL
        session.get_one(Organisation, 1).place = EVIL

    for path in (AS_FIRST, f"{AS_FIRST}/email"):
        page = cell.first.get(path + CHOSEN)
        assert "alert(" in page
        assert "<script>alert" not in page


def test_the_email_runs_nothing_and_is_framed_by_us_alone(cell: Cell) -> None:
    answered = cell.first.client.get(f"{AS_FIRST}/email{CHOSEN}")

    policy = answered.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "frame-ancestors 'self'" in policy


@pytest.mark.parametrize("missing", [Permission.RELEASE, Permission.SEE_PEOPLE])
def test_it_takes_both_to_release_and_to_see_people(
    cell: Cell, monkeypatch: pytest.MonkeyPatch, missing: Permission
) -> None:
    everything = access.permissions
    monkeypatch.setattr(access, "permissions", lambda: everything() - {missing})

    assert cell.first.client.get(AS_FIRST + CHOSEN).status_code == 403
    assert cell.first.client.get(f"{AS_FIRST}/email{CHOSEN}").status_code == 403


def test_a_text_that_takes_too_long_is_not_shown(
    cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(samples, "LONGEST", 100)

    assert "too long to be shown here" in cell.first.get(AS_FIRST + CHOSEN)
    cell.first.get(f"{AS_FIRST}/email{CHOSEN}", 404)


def test_it_asks_for_one_contact_however_many_there_are(cell: Cell, scene: Scene) -> None:
    said = statements(scene)
    cell.first.get(AS_FIRST + CHOSEN)
    asked = [one for one in said if "JOIN contacts" in one]
    assert len(asked) == 1
    assert "contacts.email = " in asked[0]

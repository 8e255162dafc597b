"""The path of a release in the browser, and the second person."""

import html
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from cascade.audience.records import Contact, Organisation
from cascade.audience.suppression import suppress
from cascade.letters.records import Letter
from cascade.links import Links
from cascade.sending import windows
from cascade.sending.records import Cascade
from cascade.sending.states import CascadeState
from cascade.sign_off import signing
from tests.cascade.web.application import open_app
from tests.cascade.web.cell import Cell, Desk, gathered
from tests.cascade.web.forms import whole
from tests.cascade.web.people import audited
from tests.cascade.web.scene import SECRET, Scene, settings, ticking

CHECK = "/release/cold-snap/check?segment=care-homes&segment=pharmacies&tier="


@pytest.fixture
def cell(closed: Flask, scene: Scene, now: datetime) -> Cell:
    found = gathered(closed, scene, now)
    found.approve()
    return found


def hidden(page: str) -> dict[str, list[str]]:
    """What the button that releases would send."""
    form = page[page.index('id="refused"') :]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return found


def release(desk: Desk, tier: str, **more: object) -> str:
    """Go through with it; gives where that leads."""
    data = hidden(desk.get(CHECK + tier))
    answered = desk.client.post("/release/cold-snap", data=data | more)
    assert answered.status_code == 303, answered.text
    return answered.headers["Location"]


def cascades(cell: Cell) -> list[Cascade]:
    with cell.database.reading() as session:
        return list(session.scalars(select(Cascade).where(Cascade.id > 1).order_by(Cascade.id)))


def test_the_path_leads_from_whom_to_a_last_look(cell: Cell) -> None:
    first = cell.first.get("/release/cold-snap")
    assert "3 organisations" in first
    second = cell.first.get("/release/cold-snap/tier?segment=care-homes")
    assert "To be confirmed within 1 hour" in second
    assert '<input type="hidden" name="segment" value="care-homes">' in second
    third = cell.first.get("/release/cold-snap/when?segment=care-homes&tier=routine")
    assert "Monday 23 November 2026, 9:00am" in third
    last = cell.first.get("/release/cold-snap/check?segment=care-homes&tier=routine&when=now")
    assert "Release to 3 people" in last
    assert "care-homes</" not in last
    assert last.count("Care homes</") > 1
    assert f'<a class="app-wrap" href="/versions/{cell.version}">' in last
    assert "It goes out 30 seconds after you release it" in last
    assert 'href="/release/cold-snap/as/1?segment=care-homes&amp;tier=routine&amp;when=now"' in last


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/release/cold-snap/tier", "Choose who gets this"),
        ("/release/cold-snap/when?segment=care-homes", "Choose how urgent this is"),
        ("/release/cold-snap/when?segment=care-homes&tier=soon", "Choose how urgent this is"),
        (CHECK + "routine&when=soon", "Choose when it goes out"),
        (CHECK + "routine&when=at", "Enter a date and a time"),
        (CHECK + "routine&when=at&date=2026-13-01&time=9", "Enter a date and a time"),
        (CHECK + "routine&when=at&date=2020-01-01&time=09:30", "still to come"),
        (CHECK + "routine&when=at&date=9999-12-31&time=23:59", "within a year"),
        (CHECK + "routine&when=at&date=0001-01-01&time=00:00", "still to come"),
    ],
)
def test_what_is_missing_or_wrong_is_asked_for_again(cell: Cell, path: str, problem: str) -> None:
    page = cell.first.get(path, 422)
    assert problem in page
    assert "<title>Error: " in " ".join(page.split())


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        ({"when": "at", "date": "tomorrow", "time": "09:30"}, "Enter a date and a time"),
        ({"when": "at", "date": "2020-01-01", "time": "09:30"}, "still to come"),
        ({"when": "soon"}, "Choose when it goes out"),
    ],
)
def test_a_time_that_is_none_is_not_taken_for_now(
    cell: Cell, when: dict[str, str], problem: str
) -> None:
    answered = cell.first.post(
        "/release/cold-snap", segment=["care-homes"], tier="routine", key="k", **when
    )

    assert answered.status_code == 422
    assert problem in answered.text
    assert '<input type="hidden" name="segment" value="care-homes">' in answered.text
    assert cascades(cell) == []


def test_who_is_left_out_is_said(cell: Cell) -> None:
    with cell.database.writing() as session:
        session.get_one(Contact, 1).email = None
    page = cell.first.get(CHECK + "routine")
    assert "1: contacts without an email address" in page
    assert "Release to 3 people" in page
    link = html.unescape(re.findall(r'href="([^"]*why=no-address[^"]*)"', page)[0])
    listed = cell.first.get(link)
    assert "<h1" in listed
    assert "Oak House 1" in listed
    assert "Oak House 2" not in listed


def test_who_is_in_several_segments_is_listed_and_written_to_once(cell: Cell) -> None:
    with cell.database.writing() as session:
        shared = session.get_one(Contact, 1).email
        session.get_one(Contact, 4).email = shared
    page = cell.first.get(CHECK + "urgent")
    assert "1 person is in several segments" in page
    listed = cell.first.get(
        "/release/cold-snap/left-out?segment=care-homes&segment=pharmacies&tier=urgent&why=overlap"
    )
    assert "Care homes, Pharmacies" in listed
    assert whole(listed).count("manager1@home1.example.org") == 1


@pytest.mark.parametrize("asked", ["", "?why=overlap", "?why=x&segment=care-homes&tier=urgent"])
def test_a_list_of_nothing_leads_back_to_the_choice(cell: Cell, asked: str) -> None:
    answered = cell.first.client.get(f"/release/cold-snap/left-out{asked}")
    assert answered.headers["Location"] == "/release/cold-snap"


def test_what_is_not_urgent_can_be_undone_for_half_a_minute(cell: Cell) -> None:
    path = release(cell.first, "important")

    (made,) = cascades(cell)
    assert path == f"/cascades/{made.id}"
    assert made.state == CascadeState.SCHEDULED
    assert made.send_at == cell.now + timedelta(seconds=30)
    assert "Undo the release" in cell.first.get(path)
    assert cell.first.post(f"/cascades/{made.id}/withdraw").status_code == 303
    assert cascades(cell)[0].state == CascadeState.WITHDRAWN


def test_a_double_click_makes_one_cascade(cell: Cell) -> None:
    data = hidden(cell.first.get(CHECK + "routine&when=now")) | {"again": ["yes"]}
    first, second = (cell.first.client.post("/release/cold-snap", data=data) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert len(cascades(cell)) == 1
    assert len(audited(cell.database, "released")) == 1


def test_the_same_again_is_asked_about(cell: Cell) -> None:
    release(cell.first, "routine")
    page = cell.first.get(CHECK + "routine")
    assert "went to the same segments" in page
    assert "Send it once more all the same" in page
    data = hidden(page)
    refused = cell.first.client.post("/release/cold-snap", data=data)
    assert refused.status_code == 409

    again = cell.first.client.post("/release/cold-snap", data=data | {"again": ["yes"]})

    assert again.status_code == 303
    assert len(cascades(cell)) == 2


def test_an_urgent_release_waits_for_a_second_person(cell: Cell) -> None:
    assert "A second person has to countersign it within 30 minutes" in cell.first.get(
        CHECK + "urgent"
    )
    path = release(cell.first, "urgent")
    (made,) = cascades(cell)
    assert made.state == CascadeState.AWAITING
    assert "You released this" in cell.first.get(f"{path}/countersign")
    assert cell.first.post(f"{path}/countersign").status_code == 409
    with cell.database.reading() as session:
        letter = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
    assert letter is not None
    assert (letter.to, f"/cascades/{made.id}/countersign" in letter.text) == (
        "gus@example.org",
        True,
    )

    assert f'href="{path}/countersign"' in cell.second.get(path)
    page = cell.second.get(f"{path}/countersign")
    assert "Countersign: it goes to 4 people" in page
    assert f'<a class="app-wrap" href="/versions/{cell.version}">' in page
    assert f"/versions/{cell.version}/preview/email?segments=care-homes" in page
    assert cell.second.post(f"{path}/countersign").status_code == 303

    assert cascades(cell)[0].state == CascadeState.SENDING
    assert cell.second.post(f"{path}/countersign").status_code == 409
    assert [one.by for one in audited(cell.database, "countersigned")] == ["gus@example.org"]


def test_a_text_whose_approval_was_taken_back_is_not_countersigned(cell: Cell) -> None:
    path = release(cell.first, "urgent")
    with cell.database.writing() as session:
        signing.give_back(
            session, cell.version, by=cell.approver.who, now=cell.now, note="Which room?"
        )

    answered = cell.second.post(f"{path}/countersign")

    assert answered.status_code == 409
    assert "was returned: its author mends it" in answered.text
    assert cascades(cell)[0].state == CascadeState.AWAITING
    assert audited(cell.database, "countersigned") == []


def test_too_late_is_said(cell: Cell, scene: Scene) -> None:
    path = release(cell.first, "urgent")
    later = open_app(
        settings(desk="link"), scene.database, ticking(cell.now + timedelta(minutes=31))
    )
    late = Desk(cell.second.who, later.test_client())
    cookie = cell.second.client.get_cookie("cascade")
    assert cookie is not None
    late.client.set_cookie("cascade", cookie.value)

    answered = late.post(f"{path}/countersign")

    assert answered.status_code == 409
    assert "It is too late to countersign this" in answered.text


def test_a_text_that_nobody_approved_is_not_released(
    closed: Flask, scene: Scene, now: datetime
) -> None:
    cell = gathered(closed, scene, now)
    page = cell.first.get(CHECK + "routine")
    assert "has not been submitted for approval" in page
    assert "Release to" not in page

    answered = cell.first.post(
        "/release/cold-snap", segment=["care-homes"], tier="routine", key="k"
    )
    assert answered.status_code == 409
    assert cascades(cell) == []


def test_organisations_that_nobody_reaches_are_not_said_to_get_it(cell: Cell) -> None:
    with cell.database.writing() as session:
        session.get_one(Contact, 1).email = None
        suppress(session, session.get_one(Contact, 2).email or "", "bounced", cell.now)

    page = " ".join(re.sub(r"<[^>]*>", " ", cell.first.get(CHECK + "routine")).split())

    assert "Care homes 1 1" in page
    assert "All together, each once 2 2" in page
    assert "2 more organisations have nobody who would get it : see who is left out" in page


def test_who_is_reached_in_one_way_is_not_left_out(cell: Cell) -> None:
    with cell.database.writing() as session:
        kept = session.get_one(Contact, 1)
        session.add(
            Contact(organisation_id=1, key="x", name="Jo", role="", updated_at=kept.updated_at)
        )

    assert "nobody who would get it" not in cell.first.get(CHECK + "routine")


def test_a_test_goes_to_who_asks_and_to_nobody_else(cell: Cell) -> None:
    with cell.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Letter)) or 0
    answered = cell.first.post(
        "/release/cold-snap/test", segment=["care-homes", "pharmacies"], tier="urgent"
    )

    assert answered.status_code == 303
    told = cell.first.get(answered.headers["Location"])
    assert "It is on its way to fay@example.org" in told
    assert hidden(told)["segment"] == ["care-homes", "pharmacies"]
    with cell.database.reading() as session:
        letters = list(session.scalars(select(Letter).order_by(Letter.id)))[before:]
    homes, pharmacies = letters
    assert homes.to == pharmacies.to == "fay@example.org"
    assert homes.subject.startswith("Test to you: [URGENT")
    assert "It is what Oak House 1 would get, for Care homes: 3 people get this" in homes.text
    assert "It is one of 2 variants of the message." in homes.text
    assert "What to do in care homes" in homes.text
    assert "What to do in pharmacies" not in homes.text
    assert "What to do in pharmacies" in pharmacies.text
    assert "This is a test, sent to you alone." in (homes.html or "").partition("<table")[0]
    assert cascades(cell) == []


def test_the_links_of_a_test_lead_to_a_page_that_says_it_was_one(cell: Cell) -> None:
    with cell.database.reading() as session:
        last = session.scalar(select(func.max(Letter.id))) or 0
    cell.first.post("/release/cold-snap/test", segment=["care-homes"], tier="routine")
    with cell.database.reading() as session:
        (letter,) = session.scalars(select(Letter).where(Letter.id > last))

    links = re.findall(r"http://127.0.0.1:8000(/[cu]/[^\s\"<]+)", letter.text)
    assert {one[:3] for one in links} == {"/c/", "/u/"}
    for one in set(links):
        assert "This was a test" in cell.first.get(one)
    assert "example.org/c/" not in f"{letter.text}{letter.html}"


def test_a_test_of_what_nobody_would_get_says_why(cell: Cell) -> None:
    answered = cell.first.post("/release/cold-snap/test", segment=["moon"], tier="routine")

    assert answered.status_code == 409
    assert "There is no segment called “moon”" in answered.text


def test_a_name_in_a_test_is_text_and_no_markup(cell: Cell) -> None:
    with cell.database.writing() as session:
        session.get_one(Organisation, 4).name = "<b>Corner & Co</b>"
    cell.first.post("/release/cold-snap/test", segment=["pharmacies"], tier="routine")

    with cell.database.reading() as session:
        newest = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
    assert newest is not None
    assert "<b>Corner" not in (newest.html or "")
    assert "&lt;b&gt;Corner &amp; Co" in (newest.html or "").partition("<table")[0]


def test_only_who_a_test_was_sent_to_is_told_and_what_became_of_it(cell: Cell) -> None:
    answered = cell.first.post("/release/cold-snap/test", segment=["pharmacies"], tier="routine")
    told = answered.headers["Location"]
    letter = Links(SECRET, "").read("trial", told.split("tested=")[1].split("&")[0])
    assert "It is on its way" in cell.first.get(told)
    assert "It is on its way" not in cell.second.get(told)

    with cell.database.writing() as session:
        row = session.get_one(Letter, letter)
        row.state, row.sent_at = "sent", cell.now
    assert "A test went to fay@example.org on" in cell.first.get(told)
    with cell.database.writing() as session:
        row = session.get_one(Letter, letter)
        row.state, row.detail = "failed", "550 No <such> mailbox"
    assert "could not be sent to fay@example.org.</strong> 550 No &lt;such" in cell.first.get(told)


@pytest.mark.parametrize("token", ["yes", "1", "", "1-00", "%00", "x" * 999])
def test_an_address_alone_does_not_say_that_a_test_was_sent(cell: Cell, token: str) -> None:
    assert "It is on its way" not in cell.first.get(f"{CHECK}routine&tested={token}")


def test_a_toolkit_that_is_not_there_is_a_page_that_says_so(cell: Cell) -> None:
    for path in ("", "/tier", "/when", "/check"):
        cell.first.get(f"/release/nothing{path}", 404)


def test_a_segment_that_is_not_there_is_said(cell: Cell) -> None:
    page = cell.first.get("/release/cold-snap/check?segment=moon&tier=routine")
    assert "There is no segment called “moon”" in page


def test_a_chosen_time_is_on_the_clocks_of_england(cell: Cell) -> None:
    data = hidden(cell.first.get(CHECK + "routine&when=at&date=2027-07-01&time=09:30"))
    cell.first.client.post("/release/cold-snap", data=data)

    (made,) = cascades(cell)
    assert made.send_at.isoformat() == "2027-07-01T08:30:00+00:00"
    assert "Undo the release" not in cell.first.get(f"/cascades/{made.id}")


def test_a_routine_release_goes_out_in_the_next_window_unless_another_time_is_chosen(
    cell: Cell,
) -> None:
    with cell.database.writing() as session:
        windows.change(session, ["Tuesday 14:00"], by="jo@example.org", now=cell.now)
    when = "/release/cold-snap/when?segment=care-homes&tier="

    routine, urgent = cell.first.get(when + "routine"), cell.first.get(when + "important")
    last = cell.first.get(CHECK + "routine")

    assert re.search(r'value="window" checked', routine)
    assert re.search(r'value="now" checked', urgent)
    assert "Tuesday 24 November 2026, 2:00pm" in routine
    assert "Tuesday 24 November 2026, 2:00pm" in last
    cell.first.client.post("/release/cold-snap", data=hidden(last))
    (made,) = cascades(cell)
    assert made.send_at.isoformat() == "2026-11-24T14:00:00+00:00"


def test_the_window_that_was_shown_is_the_one_that_counts(cell: Cell) -> None:
    last = cell.first.get(CHECK + "routine")
    with cell.database.writing() as session:
        windows.change(session, ["Tuesday 14:00"], by="jo@example.org", now=cell.now)

    cell.first.client.post("/release/cold-snap", data=hidden(last))

    assert "Monday 23 November 2026, 9:00am" in last
    (made,) = cascades(cell)
    assert made.send_at.isoformat() == "2026-11-23T09:00:00+00:00"


@pytest.mark.parametrize(
    "shown",
    ["2026-11-21T09:30:00+00:00", "2028-01-03T09:00:00+00:00", "2026-11-23T09:00", "soon", ""],
)
def test_a_window_that_has_passed_or_is_none_is_refused_and_the_next_shown(
    cell: Cell, shown: str
) -> None:
    data = hidden(cell.first.get(CHECK + "routine")) | {"window": [shown]}

    answered = cell.first.client.post("/release/cold-snap", data=data)

    assert answered.status_code == 409
    assert "The send window that was shown has passed" in answered.text
    assert cascades(cell) == []
    again = hidden(answered.text)
    assert again["window"] == ["2026-11-23T09:00:00+00:00"]
    assert cell.first.client.post("/release/cold-snap", data=again).status_code == 303
    assert len(cascades(cell)) == 1

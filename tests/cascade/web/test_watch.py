"""The pages of who got a cascade, their stories, answers and failures; stopping it and going on."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from cascade.evidence.confirm import Answer, confirm
from cascade.sending.records import Delivery
from cascade.sending.reference import reference
from cascade.sending.states import CascadeState, DeliveryState
from cascade.sending.transitions import change
from tests.cascade.accounts.people import turn_on
from tests.cascade.web.forms import whole
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import Scene

LIST = "/cascades/1/recipients"
EVIL = '<script>alert("x")</script>'


@pytest.fixture
def seer(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """Who may see people."""
    return browser(closed, scene.database, person(scene.database, now, "author"), now)


@pytest.fixture
def releaser(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """Who may stop a cascade."""
    who = person(scene.database, now, "releaser", email="lee@example.org")
    turn_on(scene.database, who, now)
    return browser(closed, scene.database, who, now)


def test_the_list_shows_each_recipient_with_a_way_to_the_story(
    seer: FlaskClient, scene: Scene
) -> None:
    scene.accept(0)
    page = seer.get(LIST).text

    assert "4 messages" in page
    assert f'href="{LIST}/1">Oak House 1</a>' in page
    assert "manager1@home1.example.org" in whole(page)
    assert "Accepted by their server" in page
    assert "Care homes" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("segment=pharmacies", {"Corner Pharmacy 4"}),
        ("state=accepted", {"Oak House 1"}),
        ("search=house+2", {"Oak House 2"}),
        ("search=nobody", set()),
        ("grade=E&place=west", {"Oak House 1"}),
        ("page=7", set()),
        ("segment=x&state=x&grade=x&sort=x&from=x", {f"Oak House {n}" for n in (1, 2, 3)}),
        ("search=%00&from=99999999999999999999-1", {f"Oak House {n}" for n in (1, 2, 3)}),
    ],
)
def test_what_is_filtered_for_is_shown_and_kept(
    seer: FlaskClient, scene: Scene, query: str, names: set[str]
) -> None:
    scene.accept(0)
    page = seer.get(f"{LIST}?{query}").text
    shown = set(re.findall(r">((?:Oak House|Corner Pharmacy) \d)</a>", page))

    assert names <= shown
    assert bool(names) == bool(shown)
    assert ("Show all" in page) == (not names)


def test_a_reference_that_was_read_out_leads_to_its_story(seer: FlaskClient, scene: Scene) -> None:
    code = reference(scene.links, scene.deliveries[1])
    answered = seer.get(LIST, query_string={"search": code.lower()})

    assert answered.status_code == 303
    assert answered.headers["Location"] == f"{LIST}/2"
    assert code in seer.get(f"{LIST}/2").text


def test_the_table_for_a_spreadsheet_is_what_was_filtered_for(
    seer: FlaskClient, scene: Scene
) -> None:
    answered = seer.get(f"{LIST}.csv?segment=pharmacies")

    assert answered.mimetype == "text/csv"
    assert "attachment; filename=cascade-1" in answered.headers["Content-Disposition"]
    assert answered.text.count("\r\n") == 2
    assert "Corner Pharmacy 4" in answered.text


def test_a_story_tells_what_happened_and_what_to_do(
    seer: FlaskClient, scene: Scene, now: datetime
) -> None:
    with scene.database.writing() as session:
        for state, words in ((DeliveryState.CLAIMED, ""), (DeliveryState.BOUNCED, "550 5.1.1 no")):
            first = scene.deliveries[0]
            change(session, first, now=now, event=state, detail=words, state=state)
    page = seer.get(f"{LIST}/1").text

    assert "It bounced: it did not arrive" in page
    assert "There is no such mailbox." in page
    assert "Check the address with the organisation" in page
    assert "550 5.1.1 no" in page


@pytest.mark.parametrize(
    "address",
    [
        *(
            "/cascades/1/recipients/99",
            "/cascades/2/recipients/1",
            f"/cascades/1/recipients/{2**63}",
        ),
        *("/cascades/2/recipients", "/cascades/2/recipients.csv", "/cascades/2/answers"),
        *("/cascades/2/failures", "/cascades/1/recipients/x"),
    ],
)
def test_what_is_not_there_is_not_found(seer: FlaskClient, address: str) -> None:
    assert seer.get(address).status_code == 404


def test_answers_are_shown_with_comments_and_by_kind(
    seer: FlaskClient, scene: Scene, now: datetime
) -> None:
    assert "Nobody has answered yet" in seer.get("/cascades/1/answers").text
    with scene.database.writing() as session:
        given = Answer("call-me", "Sam", "Nurse", None, "Ring after ten")
        confirm(session, scene.deliveries[0], given, now=now)
        confirm(session, scene.deliveries[1], Answer("received", "Ann", "Chef"), now=now)

    every = seer.get("/cascades/1/answers").text
    calls = seer.get("/cascades/1/answers?only=call-me").text

    assert "2 answers, newest first" in every
    assert "Ring after ten" in calls
    assert "Sam, Nurse, on the page" in calls
    assert "Ann" not in calls
    assert "No such answer" in seer.get("/cascades/1/answers?only=acting&before=7").text


def test_failures_say_why_in_plain_words(seer: FlaskClient, scene: Scene, now: datetime) -> None:
    assert "Nothing has bounced or failed" in seer.get("/cascades/1/failures").text
    with scene.database.writing() as session:
        for state, words in ((DeliveryState.CLAIMED, ""), (DeliveryState.BOUNCED, "552 5.2.2")):
            change(session, scene.deliveries[0], now=now, event=state, detail=words, state=state)

    page = seer.get("/cascades/1/failures").text

    assert "The mailbox is full" in page
    assert f'href="{LIST}?state=bounced"' in page
    assert f'href="{LIST}/1"' in page


def test_names_and_comments_stay_text(seer: FlaskClient, scene: Scene, now: datetime) -> None:
    with scene.database.writing() as session:
        slots = {"organisation": EVIL, "contact": EVIL, "role": EVIL, "place": EVIL}
        session.execute(update(Delivery).values(slots=slots))
        confirm(session, scene.deliveries[0], Answer("call-me", EVIL, EVIL, None, EVIL), now=now)
        for state in (DeliveryState.CLAIMED, DeliveryState.FAILED):
            change(session, scene.deliveries[1], now=now, event=state, detail=EVIL, state=state)

    for path in (LIST, f"{LIST}/1", f"{LIST}/2", "/cascades/1/answers", "/cascades/1/failures"):
        page = seer.get(path, query_string={"search": EVIL, "place": ""}).text
        assert "&lt;script&gt;" in page, path
        assert EVIL not in page, path


def test_the_pages_ask_the_database_a_few_things_only(
    seer: FlaskClient, scene: Scene, now: datetime
) -> None:
    with scene.database.writing() as session:
        for one in scene.deliveries:
            confirm(session, one, Answer("received", "Ann", "Chef"), now=now)
    said: list[str] = []
    event.listen(
        scene.database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: said.append(statement),
    )
    for path in (LIST, f"{LIST}/1", "/cascades/1/answers", "/cascades/1/failures", "/cascades/1"):
        said.clear()
        assert seer.get(path).status_code == 200
        assert len(said) <= 13, path
    # The picture comes from what is counted by the minute, however many there are.
    assert not [one for one in said if "FROM cascade_organisations" in one]


def test_who_may_not_see_people_sees_no_way_to_them(
    closed: Flask, scene: Scene, now: datetime
) -> None:
    viewer = browser(closed, scene.database, person(scene.database, now), now)

    assert LIST not in viewer.get("/cascades/1").text
    assert viewer.get(LIST).status_code == 403


def test_a_cascade_is_paused_and_resumed_and_that_is_noted(
    releaser: FlaskClient, scene: Scene
) -> None:
    assert "Pause" in releaser.get("/cascades/1").text
    for act, state in (("pause", "paused"), ("resume", "sending")):
        answered = releaser.post(f"/cascades/1/{act}", data={"stamp": stamp(releaser)})
        assert answered.status_code == 303
        entry = audited(scene.database, f"cascade-{state}" if act == "pause" else None)[-1]
        assert (entry.by, entry.after) == ("lee@example.org", {"state": state})
    assert "Being sent" in releaser.get("/cascades/1").text


def test_what_cannot_be_done_is_refused_with_the_reason(
    releaser: FlaskClient, scene: Scene
) -> None:
    scene.set_state(CascadeState.SENT)
    before = len(audited(scene.database))
    answered = releaser.post("/cascades/1/withdraw", data={"stamp": stamp(releaser)})

    assert answered.status_code == 422
    assert "<title>Error: " in answered.text
    assert "Cascade 1 is sent: it can&#39;t be withdrawn now." in answered.text
    assert len(audited(scene.database)) == before
    assert "There is nothing to withdraw" in releaser.get("/cascades/1/withdraw").text
    gone = releaser.post("/cascades/2/pause", data={"stamp": stamp(releaser)})
    assert gone.status_code == 404


def test_before_it_is_withdrawn_the_page_says_what_has_gone(
    releaser: FlaskClient, scene: Scene
) -> None:
    scene.accept(0)
    asked = releaser.get("/cascades/1/withdraw").text
    answered = releaser.post("/cascades/1/withdraw", data={"stamp": stamp(releaser)})

    assert '1</span> <span class="app-number app-of">of 4</span> messages have been' in asked
    assert answered.status_code == 303
    assert "Withdrawn: nothing more goes out" in releaser.get("/cascades/1").text
    assert audited(scene.database, "cascade-withdrawn")[-1].before == {"state": "sending"}


def test_the_picture_of_confirmations_stands_on_the_page_with_its_table(
    seer: FlaskClient, scene: Scene, now: datetime
) -> None:
    with scene.database.writing() as session:
        confirm(session, scene.deliveries[0], Answer("received", "Ann", "Chef"), now=now)

    for path in ("/cascades/1", "/cascades/1/funnel"):
        page = seer.get(path).text
        assert 'class="app-plot__line" d="M0 200' in page
        assert "1 of 4 organisations have confirmed (25%)" in page
        assert "The figures of the picture" in page

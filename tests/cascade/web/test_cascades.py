"""The list of cascades and the page of one."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, insert

from cascade.database import Database
from cascade.evidence.confirm import Answer, confirm
from cascade.sending.records import Cascade
from cascade.sending.states import CascadeState
from tests.cascade.web.application import open_app
from tests.cascade.web.scene import Scene, settings, ticking

FIGURES = "/cascades/1/funnel"


def test_the_list_shows_each_cascade_with_its_figures(client: FlaskClient, scene: Scene) -> None:
    scene.accept(0, 1)

    page = client.get("/").text

    assert '<a href="/cascades/1" class="app-wrap">Cold weather alert</a>' in page
    assert "Being sent" in page
    assert '2</span> <span class="app-number app-of">of 4</span>' in page
    assert '0</span> <span class="app-number app-of">of 4</span>' in page


def test_an_empty_list_teaches_the_commands(sqlite_database: Database, now: datetime) -> None:
    page = open_app(settings(), sqlite_database, ticking(now)).test_client().get("/").text

    assert "cascade audience import" in page
    assert "cascade toolkit publish" in page
    assert "cascade release" in page


def test_the_list_is_paged(client: FlaskClient, scene: Scene) -> None:
    with scene.database.writing() as session:
        first = session.get_one(Cascade, 1)
        kept = {name: getattr(first, name) for name in Cascade.__table__.columns.keys()}  # noqa: SIM118
        session.execute(
            insert(Cascade), [kept | {"id": n, "title": f"Title {n}"} for n in range(2, 62)]
        )

    home, first = client.get("/").text, client.get("/cascades").text
    last = client.get("/cascades?page=2").text
    assert "Title 61" in home
    assert "Title 51" not in home
    assert 'href="/cascades">All cascades</a>' in home
    assert "61 cascades, newest first" in first
    assert "Cold weather alert" in last
    assert 'href="/cascades?page=1"' in last
    assert "There is no page 4" in client.get("/cascades?page=4").text


@pytest.mark.parametrize("page", ["-1", "x", "9" * 40, "0", "1.5", ""])
def test_a_page_number_that_is_none_does_no_harm(client: FlaskClient, page: str) -> None:
    assert client.get("/cascades", query_string={"page": page}).status_code == 200


def test_a_cascade_shows_its_funnel_per_segment(client: FlaskClient, scene: Scene) -> None:
    scene.accept(0, 3)

    page = client.get("/cascades/1").text

    assert "Care homes" in page
    assert "Pharmacies" in page
    assert "<strong>2</strong> of 4 messages (50%)" in page
    assert "<strong>1</strong> of 3 messages (33%)" in page
    assert "<strong>1</strong> of 1 messages (100%)" in page
    assert page.count('<svg class="app-bar"') == 4 * 3
    assert "their server accepted it" in page


def test_where_no_confirmation_is_asked_for_nobody_is_outstanding(
    client: FlaskClient, scene: Scene
) -> None:
    with scene.database.writing() as session:
        session.get_one(Cascade, 1).deadline_at = None

    page = client.get("/cascades/1").text

    for words in (
        "Outstanding",
        "Confirmed by a person",
        "organisations confirmed",
        "cascade outs",
    ):
        assert words not in page
    assert "Not asked for" in page
    assert "Not asked for" in client.get("/cascades").text
    assert "Confirmed (A or B)" not in client.get("/today").text


def test_a_cascade_page_names_nobody(client: FlaskClient, scene: Scene) -> None:
    with scene.database.writing() as session:
        given = Answer("call-me", "Jo Bloggs", "Deputy manager", comment="Ring after ten")
        confirm(session, scene.deliveries[0], given, now=scene.now)

    page = client.get("/cascades/1").text

    assert "<strong>1</strong> of 4 organisations (25%)" in page
    for private in ("Jo Bloggs", "Sam Manager", "Oak House", "home1.example.org", "Ring after"):
        assert private not in page


def test_the_figures_are_served_alone_and_say_when_to_ask_again(
    client: FlaskClient, scene: Scene
) -> None:
    sending = client.get(FIGURES).text
    scene.set_state(CascadeState.SENT)
    sent = client.get(FIGURES).text

    assert "<html" not in sending
    assert 'data-again="2"' in sending
    assert 'data-again="10"' in sent
    assert 'data-summary="0 of 4 messages accepted, 0 of 4 organisations confirmed."' in sent


def test_figures_that_have_not_changed_are_not_sent_again(
    client: FlaskClient, scene: Scene
) -> None:
    etag = client.get(FIGURES).headers["ETag"]

    assert client.get(FIGURES, headers={"If-None-Match": etag}).status_code == 304
    scene.accept(0)
    assert client.get(FIGURES, headers={"If-None-Match": etag}).status_code == 200


def test_cascades_are_found_by_words_state_and_tier(client: FlaskClient) -> None:
    page = client.get("/cascades?search=alert+COLD&state=sending&tier=urgent").text

    assert "1 cascade, newest first" in page
    assert '<option value="sending" selected>Being sent</option>' in page
    assert '<option value="urgent" selected>Urgent</option>' in page
    assert "No cascade found" in client.get("/cascades?search=cold&state=paused").text
    assert "No cascade found" in client.get("/cascades?search=cold&tier=routine").text
    assert "1 cascade, newest first" in client.get("/cascades?state=zebra&tier=x").text


def test_what_was_searched_for_is_data(client: FlaskClient) -> None:
    page = client.get("/cascades?search=%22%3E%3Cscript%3E").text

    assert "&#34;&gt;&lt;script&gt;" in page
    assert "<script>" not in page


def test_before_the_first_release_the_list_leads_to_how_one_is_made(
    sqlite_database: Database, now: datetime
) -> None:
    client = open_app(settings(), sqlite_database, ticking(now)).test_client()
    page = client.get("/cascades").text

    assert "Nothing has been released yet" in page
    assert 'role="search"' not in page.split("<main", 1)[1]


@pytest.mark.parametrize("number", ["2", "0", str(2**63 - 1), str(2**63), "x", "-1"])
def test_a_cascade_that_does_not_exist_is_not_found(client: FlaskClient, number: str) -> None:
    assert client.get(f"/cascades/{number}").status_code == 404
    assert client.get(f"/cascades/{number}/funnel").status_code == 404


def test_the_pages_never_read_deliveries(client: FlaskClient, scene: Scene) -> None:
    said: list[str] = []
    event.listen(
        scene.database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: said.append(statement),
    )

    client.get("/")
    client.get("/cascades?search=cold&state=sending&tier=urgent")
    client.get("/cascades/1")
    client.get(FIGURES)

    assert said
    for large in ("deliveries", "contacts", "events", "confirmations", "cascade_organisations"):
        assert not [one for one in said if re.search(rf"(FROM|JOIN) {large}\b", one)]


@pytest.mark.parametrize("state", list(CascadeState))
def test_every_state_is_said_in_words(
    client: FlaskClient, scene: Scene, state: CascadeState
) -> None:
    scene.set_state(state)

    assert client.get("/cascades/1").status_code == 200
    assert client.get("/").status_code == 200
    assert "1 cascade, newest first" in client.get(f"/cascades?state={state}").text

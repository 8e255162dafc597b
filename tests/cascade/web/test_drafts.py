"""Writing: the editor with its problems and previews, saving by hand and by itself, conflicts."""

import html
import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cascade.library.drafts import LONGEST
from cascade.library.records import Draft
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import TEXT, Scene


@pytest.fixture
def author(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """A browser that an author is signed in with."""
    return browser(closed, scene.database, person(scene.database, now, "author"), now)


def draft(scene: Scene, number: int = 1) -> Draft:
    with scene.database.reading() as session:
        return session.get_one(Draft, number)


def sent(client: FlaskClient, text: str, revision: int = 1, **more: object) -> dict[str, object]:
    """What the editor's form sends."""
    return {"stamp": stamp(client), "text": text, "revision": str(revision), **more}


def test_the_editor_shows_the_text_its_problems_and_what_segments_get(
    author: FlaskClient, scene: Scene
) -> None:
    author.post("/drafts/1", data=sent(author, f"{TEXT}\n::: for care-homs\nx\n:::\n"))

    page = html.unescape(author.get("/drafts/1?segment=pharmacies&format=email&format=text").text)

    assert "Cold weather alert" in page
    assert re.search(r'data-line="\d+">Line \d+</a> <strong>Error:</strong>.*care-homes', page)
    assert 'src="/drafts/1/preview/email?segments=pharmacies"' in page
    assert "Ask people who collect medicines" in page
    assert "sandbox=" in page


def test_saving_keeps_the_text_and_says_so_in_the_audit_trail(
    author: FlaskClient, scene: Scene
) -> None:
    answered = author.post("/drafts/1", data=sent(author, "---\r\ntitle: New\r\n---\r\nText"))

    assert answered.status_code == 303
    assert draft(scene).text == "---\ntitle: New\n---\nText"
    (entry,) = audited(scene.database, "draft-kept")
    assert (entry.before, entry.after) == (
        {"title": "Cold weather alert", "revision": 1},
        {"title": "New", "revision": 2},
    )


def test_a_new_toolkit_begins_with_the_example(author: FlaskClient, scene: Scene) -> None:
    answered = author.post("/drafts", data={"stamp": stamp(author)})

    assert answered.headers["Location"] == "/drafts/2"
    assert "What happens, and from when" in author.get("/drafts/2").text
    assert "What happens, and from when" in author.get("/toolkits").text
    assert [one.subject for one in audited(scene.database, "draft-begun")] == ["draft 2"]


@pytest.mark.parametrize(("version", "status"), [("1", 303), ("99", 404), ("-1", 400)])
def test_a_draft_may_begin_as_a_version(author: FlaskClient, version: str, status: int) -> None:
    data = {"stamp": stamp(author), "version": version}

    assert author.post("/drafts", data=data).status_code == status


def test_somebody_elses_text_is_never_overwritten(author: FlaskClient, scene: Scene) -> None:
    author.post("/drafts/1", data=sent(author, "Theirs <b>here</b>"))

    answered = author.post("/drafts/1", data=sent(author, "Mine </textarea><i>here</i>"))

    assert answered.status_code == 409
    assert "<title>Error: " in answered.text
    assert "Theirs &lt;b&gt;here&lt;/b&gt;" in answered.text
    assert "Mine &lt;/textarea&gt;&lt;i&gt;here" in answered.text
    assert draft(scene).text == "Theirs <b>here</b>"
    assert 'name="revision" value="2"' in answered.text
    assert author.post("/drafts/1", data=sent(author, "Merged", 2)).status_code == 303
    assert draft(scene).text == "Merged"


@pytest.mark.parametrize("revision", ["", "x", "-1", "0", "9" * 30])
def test_a_text_without_a_beginning_overwrites_nothing(
    author: FlaskClient, scene: Scene, revision: str
) -> None:
    data = sent(author, "Mine") | {"revision": revision}

    assert author.post("/drafts/1", data=data).status_code == 409
    assert draft(scene).text == TEXT


def test_the_script_saves_and_gets_what_is_to_be_mended(author: FlaskClient, scene: Scene) -> None:
    answered = author.post("/drafts/1/autosave", data=sent(author, "<script>\n::: sms"))

    assert answered.status_code == 200
    assert answered.json is not None
    assert answered.json["revision"] == 2
    assert "&lt;script&gt;" in answered.json["problems"]
    assert "<script" not in answered.json["problems"]
    overtaken = author.post("/drafts/1/autosave", data=sent(author, "Mine"))
    assert overtaken.status_code == 409
    assert overtaken.json is not None
    assert overtaken.json["overtaken"] is True
    assert draft(scene).text == "<script>\n::: sms"


@pytest.mark.parametrize("act", ["", "/autosave", "/submit"])
def test_when_the_visit_has_ended_the_text_is_given_back(closed: Flask, act: str) -> None:
    text = "A long evening’s work </textarea>" + "é" * 100_000

    answered = closed.test_client().post(
        f"/drafts/1{act}", data={"text": text, "revision": "1"}, content_type="multipart/form-data"
    )

    assert answered.status_code == 403
    assert "You are not signed in any more" in answered.text
    assert "A long evening’s work &lt;/textarea&gt;" in answered.text
    assert "é" * 100_000 in answered.text


def test_a_forged_or_forbidden_save_gives_the_text_back_too(
    author: FlaskClient, closed: Flask, scene: Scene, now: datetime
) -> None:
    forged = author.post("/drafts/1", data={"text": "Mine", "revision": "1", "stamp": "x"})
    viewer = browser(
        closed, scene.database, person(scene.database, now, email="ann@example.org"), now
    )
    forbidden = viewer.post("/drafts/1", data=sent(viewer, "Mine"))

    for answered in (forged, forbidden):
        assert answered.status_code == 403
        assert ">\nMine</textarea>" in answered.text
    assert draft(scene).text == TEXT


def test_a_text_that_is_too_long_is_refused_in_words(author: FlaskClient, scene: Scene) -> None:
    at_most = author.post("/drafts/1", data=sent(author, "x" * LONGEST))
    longer = author.post("/drafts/1", data=sent(author, "x" * (LONGEST + 1), 2))
    far_longer = author.post("/drafts/1", data=sent(author, "x" * (LONGEST * 5), 2))

    assert at_most.status_code == 303
    assert longer.status_code == 422
    assert "over 2,000,000 characters" in longer.text
    assert far_longer.status_code == 413
    assert "two million characters at most" in far_longer.text
    assert len(draft(scene).text) == LONGEST


def test_submitting_publishes_the_text_and_asks_for_approval(
    author: FlaskClient, scene: Scene
) -> None:
    text = TEXT.replace("very cold", "bitterly cold")

    answered = author.post("/drafts/1/submit", data=sent(author, text, note="Please today"))

    assert answered.headers["Location"] == "/versions/2"
    assert draft(scene).version_id == 2
    assert [one.subject for one in audited(scene.database, "submitted")][:1] == ["draft 1"]
    page = author.get("/toolkits").text
    assert "Waiting for approval" in page
    assert page.count("Cold weather alert</a>") == 1


def test_errors_stop_a_submission_and_the_text_is_kept(author: FlaskClient, scene: Scene) -> None:
    answered = author.post("/drafts/1/submit", data=sent(author, f"{TEXT}\n::: nobody"))

    assert answered.status_code == 422
    assert "has errors and was not submitted" in answered.text
    assert draft(scene).text == f"{TEXT}\n::: nobody"
    assert draft(scene).version_id is None
    assert audited(scene.database, "submitted") == []


def test_after_a_refused_submission_nobody_is_in_the_way_of_the_next_one(
    author: FlaskClient,
) -> None:
    wrong = f"{TEXT}\n::: nobody".replace("\n", "\r\n")
    refused = author.post("/drafts/1/submit", data=sent(author, wrong))

    assert 'name="revision" value="2"' in refused.text
    answered = author.post("/drafts/1/submit", data=sent(author, TEXT, 2))
    assert answered.status_code == 303


def test_a_conflict_shows_the_lines_that_differ_however_a_browser_ends_them(
    author: FlaskClient,
) -> None:
    author.post("/drafts/1", data=sent(author, TEXT.replace("today", "tomorrow")))

    mine = TEXT.replace("\n", "\r\n")
    answered = author.post("/drafts/1", data=sent(author, mine))

    assert answered.status_code == 409
    assert answered.text.count("Taken out:") == 1


def test_an_older_text_is_seen_with_what_changed_and_taken_again(
    author: FlaskClient, scene: Scene
) -> None:
    author.post("/drafts/1", data=sent(author, TEXT.replace("today", "tomorrow")))

    assert "2 texts, newest first" in author.get("/drafts/1/history").text
    page = author.get("/drafts/1/history/2").text
    assert "<del>today</del>" in page
    assert "<ins>tomorrow</ins>" in page
    data = {"stamp": stamp(author), "revision": "2"}
    assert author.post("/drafts/1/history/1", data=data).status_code == 303
    assert draft(scene).text == TEXT
    assert author.post("/drafts/1/history/2", data=data).status_code == 409
    assert author.get("/drafts/1/history/9").status_code == 404


def test_a_draft_is_given_up_and_taken_up_again(author: FlaskClient, scene: Scene) -> None:
    data = {"stamp": stamp(author)}

    author.post("/drafts/1/close", data=data)
    assert "/drafts/1" not in author.get("/toolkits").text
    assert "Given up" in author.get("/toolkits?given-up=yes").text
    assert author.post("/drafts/1", data=sent(author, "Mine")).status_code == 422
    author.post("/drafts/1/take-up", data=data)

    assert draft(scene).closed_at is None
    assert [one.act for one in audited(scene.database)] == ["draft-closed", "draft-taken-up"]


@pytest.mark.parametrize("way", ["", "/autosave", "/submit", "/close", "/take-up", "/history/1"])
def test_a_draft_that_does_not_exist_is_not_found(author: FlaskClient, way: str) -> None:
    assert author.post(f"/drafts/99{way}", data=sent(author, "x")).status_code == 404


def test_a_viewer_reads_and_can_press_nothing(closed: Flask, scene: Scene, now: datetime) -> None:
    viewer = browser(closed, scene.database, person(scene.database, now), now)

    for address in ("/drafts/1", "/drafts/1/history/1", "/toolkits", "/assets"):
        page = viewer.get(address).text
        assert 'method="post" action="/drafts' not in page
        assert 'method="post" action="/assets' not in page
    assert "Keep rooms at" in viewer.get("/drafts/1").text


def test_the_list_is_searched_and_an_empty_one_teaches(author: FlaskClient) -> None:
    assert "cold-snap" in author.get("/toolkits?search=COLD-SN").text
    assert "No toolkit found" in author.get("/toolkits?search=100%25").text


@pytest.mark.parametrize(
    "text", ["", "{{ x }}", "{{", "---\nslots: a\n---\n{{ a }}", "::: sms for zz\n{{ place }}"]
)
def test_any_text_has_previews(author: FlaskClient, text: str) -> None:
    author.post("/drafts/1", data=sent(author, text))

    forms = "".join(
        f"&format={one}" for one in ("email", "text", "sms", "newsletter", "social", "slides")
    )
    assert author.get(f"/drafts/1/previews?segment=care-homes{forms}").status_code == 200
    assert author.get("/drafts/1/preview/email?segments=care-homes").status_code == 200

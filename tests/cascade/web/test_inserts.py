"""Inserts on the desk: added, replaced by a file, changed row by row, taken up again."""

import io
import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cascade.inserts import keeping
from cascade.library.publish import publish
from cascade.web import insert_uploads
from tests.cascade.web.forms import untouched
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import TEXT, Scene

FILE = b"Place,Name\nWestbury,Mill <i>\nNorton,New\n"
SHOWING = TEXT.replace("---\n", "---\n", 1) + "\n::: table hours columns name\n:::\n"


@pytest.fixture
def author(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """The browser of somebody who may write."""
    return browser(closed, scene.database, person(scene.database, now, "author"), now)


def send(
    author: FlaskClient, content: bytes, path: str = "/inserts/hours/upload", **more: str
) -> TestResponse:
    data = {"stamp": stamp(author), "file": (io.BytesIO(content), "a.csv"), **more}
    return author.post(path, data=data)


def rows(scene: Scene, name: str = "hours") -> tuple[tuple[str, ...], ...]:
    with scene.database.reading() as session:
        insert = keeping.find(session, name)
        return keeping.given(session, insert, insert.revision).rows


def post(author: FlaskClient, path: str, **data: str) -> TestResponse:
    return author.post(path, data={"stamp": stamp(author), **data})


def publish_showing(scene: Scene) -> None:
    with scene.database.writing() as session:
        publish(session, SHOWING, by="Ann", now=scene.now)


def test_a_file_changes_nothing_until_its_difference_was_seen(
    author: FlaskClient, scene: Scene
) -> None:
    publish_showing(scene)
    before = rows(scene)
    address = send(author, FILE).headers["Location"]
    page = author.get(address).text
    assert rows(scene) == before
    assert "1 added, 1 changed, 1 removed" in page
    assert "Mill &lt;i&gt;" in page
    assert "Toolkits that show it" in page

    answered = author.post(address, data=untouched(page))

    assert answered.headers["Location"] == "/inserts/hours"
    assert rows(scene) == (("Westbury", "Mill <i>"), ("Norton", "New"))
    (entry,) = audited(scene.database, "insert-changed")
    assert entry.subject == "insert hours"
    assert author.get(address).status_code == 303


def test_a_new_insert_is_made_of_a_file(author: FlaskClient, scene: Scene) -> None:
    answered = send(author, FILE, "/inserts/new", title="Clinics", name="clinics")
    address = answered.headers["Location"]
    author.post(address, data=untouched(author.get(address).text))
    assert len(rows(scene, "clinics")) == 2
    assert [one.subject for one in audited(scene.database, "insert-added")] == ["insert clinics"]


@pytest.mark.parametrize(
    ("content", "path", "more", "said"),
    [
        (b"", "/inserts/hours/upload", {}, "The file is empty"),
        (b"A,A\n", "/inserts/hours/upload", {}, "Two columns"),
        (b"Place\nx\n", "/inserts/hours/upload", {}, "lacks the column “name”"),
        (FILE, "/inserts/new", {"title": "a", "name": "Big Name"}, "Use small letters"),
        (FILE, "/inserts/new", {"title": "a", "name": "hours"}, "with this name already"),
        (FILE, "/inserts/new", {"title": "", "name": "x"}, "Enter a title"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_done(
    author: FlaskClient, scene: Scene, content: bytes, path: str, more: dict[str, str], said: str
) -> None:
    publish_showing(scene)
    before = rows(scene)
    answered = send(author, content, path, **more)
    assert answered.status_code == 422
    assert said in answered.text
    assert "<title>Error: " in answered.text
    assert all(value in answered.text for value in more.values())
    assert rows(scene) == before


def test_a_file_that_is_too_large_is_refused(
    author: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Beyond 500 kB the client of the tests forgets to close its own temporary file.
    monkeypatch.setattr(insert_uploads, "MOST_BYTES", 100_000)
    answered = send(author, b"x" * 100_001)
    assert answered.status_code == 422
    assert "larger than 5 MB" in answered.text


@pytest.mark.parametrize("path", ["/inserts/new", "/inserts/hours/upload"])
def test_what_says_that_it_is_far_too_large_is_not_even_read(
    author: FlaskClient, path: str
) -> None:
    kind = "multipart/form-data; boundary=x"
    answered = author.post(path, content_type=kind, environ_overrides={"CONTENT_LENGTH": "9000000"})
    assert answered.status_code == 413
    assert "larger than 5 MB" in answered.text


def test_a_difference_that_was_overtaken_is_shown_anew(author: FlaskClient, scene: Scene) -> None:
    address = send(author, FILE).headers["Location"]
    page = author.get(address).text
    post(author, "/inserts/hours/rows/1", revision="1", **{"cell-1": "Norton", "cell-2": "New"})
    answered = author.post(address, data=untouched(page))
    assert answered.status_code == 422
    assert "changed this table meanwhile" in answered.text
    assert author.post(address, data=untouched(answered.text)).status_code == 303
    assert rows(scene)[1] == ("Norton", "New")


def test_nobody_sees_or_does_the_file_of_another(
    author: FlaskClient, closed: Flask, scene: Scene, now: datetime
) -> None:
    address = send(author, FILE).headers["Location"]
    other = person(scene.database, now, "author", email="bo@example.org")
    client = browser(closed, scene.database, other, now)
    assert client.get(address).status_code == 303
    assert client.post(address, data={"stamp": stamp(client)}).status_code == 404
    assert rows(scene)[0][1] == "Mill <b>"


def test_a_row_is_changed_and_the_trail_says_what(author: FlaskClient, scene: Scene) -> None:
    page = author.get("/inserts/hours/rows/1").text
    data = {**untouched(page), "cell-2": "Abbey"}
    assert author.post("/inserts/hours/rows/1", data=data).status_code == 303
    assert rows(scene)[0] == ("Westbury", "Abbey")
    (entry,) = audited(scene.database, "insert-row-changed")
    assert (entry.before, entry.after) == ({"Name": "Mill <b>"}, {"Name": "Abbey"})


def test_who_began_from_an_older_table_keeps_what_they_typed(
    author: FlaskClient, scene: Scene
) -> None:
    typed = {"cell-1": "Typed", "cell-2": "x"}
    post(author, "/inserts/hours/rows/2/remove", revision="1")
    answered = post(author, "/inserts/hours/rows/1", revision="1", **typed)
    assert answered.status_code == 422
    assert "meanwhile" in answered.text
    assert 'value="Typed"' in answered.text
    assert len(rows(scene)) == 1


@pytest.mark.parametrize("revision", ["", "x", "²", "9" * 30])
def test_a_revision_that_is_none_changes_nothing(
    author: FlaskClient, scene: Scene, revision: str
) -> None:
    before = rows(scene)
    data = {"cell-1": "a", "cell-2": "b"}
    assert post(author, "/inserts/hours/rows/0", revision=revision, **data).status_code == 422
    assert rows(scene) == before


def test_a_row_is_added_at_the_end(author: FlaskClient, scene: Scene) -> None:
    post(author, "/inserts/hours/rows/0", revision="1", **{"cell-1": "a", "cell-2": "b"})
    assert rows(scene)[-1] == ("a", "b")


def test_a_former_table_is_read_and_taken_up_again(author: FlaskClient, scene: Scene) -> None:
    before = rows(scene)
    post(author, "/inserts/hours/rows/1/remove", revision="1")
    assert "Mill &lt;b&gt;" in author.get("/inserts/hours/history/1").text
    assert "Row 1 removed" in author.get("/inserts/hours/history").text
    assert post(author, "/inserts/hours/history/1", revision="2").status_code == 303
    assert rows(scene) == before


def test_the_file_that_is_downloaded_runs_no_formula_and_comes_back_the_same(
    author: FlaskClient, scene: Scene
) -> None:
    file = author.get("/inserts/hours/table.csv")
    assert "'=1+1" in file.text
    assert "attachment" in file.headers["Content-Disposition"]
    address = send(author, file.data).headers["Location"]
    assert "Nothing to change" in author.get(address).text


def test_rows_are_searched_and_sorted_on_the_page(author: FlaskClient) -> None:
    page = author.get("/inserts/hours?sort=1").text
    assert page.index("Easton") < page.index("Westbury")
    assert "Westbury" not in author.get("/inserts/hours?search=easton").text
    assert "No row found" in author.get("/inserts/hours?search=zzz").text
    assert author.get("/inserts/hours?sort=999").status_code == 200


def test_the_page_names_what_shows_the_insert(author: FlaskClient, scene: Scene) -> None:
    assert "No toolkit shows it yet" in author.get("/inserts/hours").text
    publish_showing(scene)
    page = author.get("/inserts/hours").text
    assert re.search(r'<a href="/versions/\d+">', page)


def test_an_empty_list_says_how_to_begin(author: FlaskClient) -> None:
    assert "No insert found" in author.get("/inserts?search=zzz").text
    assert author.get("/inserts/none").status_code == 404


def test_a_change_tells_which_issues_to_come_it_touches(author: FlaskClient, scene: Scene) -> None:
    assert "County round-up, issue 1" not in author.get("/inserts/hours").text
    publish_showing(scene)
    for path in ("/inserts/hours", "/inserts/hours/rows/1"):
        assert "County round-up, issue 1" in author.get(path).text, path

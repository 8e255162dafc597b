"""A file is chosen in the browser, its difference shown, and exactly that is done."""

import io
import re
from datetime import datetime

import pytest
import xlsxwriter
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from cascade.audience import editing
from cascade.audience.records import Organisation
from cascade.web import importing
from tests.cascade.web.forms import untouched
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import Scene

CSV = (
    "organisation,kind,code,contact,email\n"
    "Oak <b> Lodge,care home,O1,Ann,ann@oak.example.org\n"
    "Elm,care home,H9,Bob,bob@elm.example.org\n"
    "Bad,vet,V1,Cy,cy@bad.example.org\n"
)


@pytest.fixture
def author(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """The browser of somebody who may change people."""
    return browser(closed, scene.database, person(scene.database, now, "author"), now)


def send(author: FlaskClient, content: bytes, name: str = "a.csv", **more: str) -> TestResponse:
    data = {"stamp": stamp(author), "file": (io.BytesIO(content), name), **more}
    return author.post("/organisations/import", data=data)


def organisations(scene: Scene) -> int:
    with scene.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Organisation)) or 0


def test_the_difference_is_shown_then_done(author: FlaskClient, scene: Scene) -> None:
    address = send(author, CSV.encode()).headers["Location"]
    page = author.get(address).text
    assert organisations(scene) == 4
    for words in ("Oak House 1", "Oak &lt;b&gt; Lodge", "Elm"):
        assert words in page
    assert "the kind “vet” is not known" in page
    assert "<b>" not in page

    answered = author.post(address, data=untouched(page))

    assert answered.headers["Location"] == address
    assert organisations(scene) == 5
    done = author.get(address).text
    assert "<title>Imported" in done
    assert "Import exactly this" not in done
    [entry] = audited(scene.database)
    assert (entry.act, entry.subject) == ("imported", "file a.csv")
    assert entry.after == {"added": 2, "changed": 0, "unchanged": 0, "closed": 0, "rejected": 1}


def test_pressing_twice_imports_once(author: FlaskClient, scene: Scene) -> None:
    address = send(author, CSV.encode()).headers["Location"]
    form = untouched(author.get(address).text)
    for _ in range(2):
        assert author.post(address, data=form).status_code == 303
    assert len(audited(scene.database)) == 1


def test_what_changed_in_between_is_shown_anew(
    author: FlaskClient, scene: Scene, now: datetime
) -> None:
    address = send(author, CSV.encode()).headers["Location"]
    form = untouched(author.get(address).text)
    with scene.database.writing() as session:
        editing.set_closed(session, 1, closed=True, now=now)

    answered = author.post(address, data=form)

    assert answered.status_code == 422
    assert "Nothing was imported" in answered.text
    assert "opened again" in answered.text
    assert organisations(scene) == 4
    assert author.post(address, data=untouched(answered.text)).status_code == 303
    assert organisations(scene) == 5


def test_rejects_are_downloaded(author: FlaskClient) -> None:
    address = send(author, CSV.encode()).headers["Location"]
    answered = author.get(f"{address}/rejects.csv")
    assert "attachment" in answered.headers["Content-Disposition"]
    assert answered.data.decode("utf-8-sig").splitlines()[1].startswith("Bad,vet,V1")


def test_a_workbook_is_read(author: FlaskClient) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["organisation", "email"])
        sheet.write_row(1, 0, ["Elm", "bob@elm.example.org"])
    address = send(author, file.getvalue(), "b.xlsx", kind="care-homes").headers["Location"]
    assert "workbook" in author.get(address).text


def test_a_complete_file_says_whom_it_would_close(author: FlaskClient) -> None:
    address = send(author, CSV.encode(), complete="y").headers["Location"]
    page = author.get(address).text
    assert "This closes organisations" in page
    assert "Oak House 2" in page
    assert "Corner Pharmacy" not in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7", "This is a PDF"),
        (b"\x89PNG\r\n", "This is a picture"),
        (b"PK\x03\x04 no workbook", "not an Excel workbook"),
        (b"email\na@example.org\n", "no column for: organisation"),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(
    author: FlaskClient, content: bytes, words: str
) -> None:
    answered = send(author, content)
    assert answered.status_code == 422
    assert words in answered.text
    assert 'href="#file"' in answered.text


def test_without_a_file_the_page_asks_for_one(author: FlaskClient) -> None:
    answered = author.post("/organisations/import", data={"stamp": stamp(author)})
    assert answered.status_code == 422
    assert "Choose a file" in answered.text


def test_a_file_that_is_too_large_is_refused_with_a_remedy(
    author: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Beyond 500 kB the client of the tests forgets to close its own temporary file.
    monkeypatch.setattr(importing, "MOST_BYTES", 100_000)
    answered = send(author, b"x" * 100_001)
    assert answered.status_code == 413
    assert "larger than 20 MB" in answered.text


def test_what_says_that_it_is_far_too_large_is_not_even_read(author: FlaskClient) -> None:
    kind = "multipart/form-data; boundary=x"
    answered = author.post(
        "/organisations/import", content_type=kind, environ_overrides={"CONTENT_LENGTH": "30000000"}
    )
    assert answered.status_code == 413
    assert "larger than 20 MB" in answered.text


def test_only_this_form_may_bring_so_much(author: FlaskClient) -> None:
    assert send(author, b"organisation,kind\n" + b"Oak,care home\n" * 10_000).status_code == 303
    data = {"stamp": stamp(author), "name": "x" * 200_000}
    assert author.post("/organisations/new", data=data).status_code == 413


def test_nobody_without_permission_has_their_file_read(
    closed: Flask, scene: Scene, now: datetime
) -> None:
    viewer = browser(closed, scene.database, person(scene.database, now), now)
    assert send(viewer, b"x" * 200_000).status_code == 403
    assert closed.test_client().post("/organisations/import", data={"x": "y"}).status_code == 403


def test_a_file_is_seen_by_who_brought_it_alone(
    author: FlaskClient, closed: Flask, scene: Scene, now: datetime
) -> None:
    address = send(author, CSV.encode()).headers["Location"]
    ann = person(scene.database, now, "author", email="ann@example.org")
    theirs = browser(closed, scene.database, ann, now)

    assert theirs.get(address).headers["Location"] == "/organisations/import"
    assert theirs.get(f"{address}/rejects.csv").status_code == 303
    form = {"stamp": stamp(theirs), "shown": re.sub(r"\D", "", address)}
    assert theirs.post(address, data=form).status_code == 404

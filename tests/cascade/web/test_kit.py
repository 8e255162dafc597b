"""The pages of a kit: for anybody, with nothing but what anybody may see."""

import io
import re
import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event, update

from cascade.audience.records import Segment
from cascade.library.publish import publish
from cascade.shelf.kit import PIECES
from cascade.shelf.workshop import Busy, Workshop
from cascade.web.kit import WORKSHOP
from tests.cascade.web.application import open_app
from tests.cascade.web.people import browser, person
from tests.cascade.web.scene import TEXT, Scene, settings, ticking

KIT = "/library/cold-snap/kit"
OWN = "group=Friends+of+Oakham&contact=01632+960101&site=oakham.example.org"
ONLY_HOMES = "cold weather plan"
"""What the text says to care homes alone."""


def picture(form: str = "PNG") -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (30, 10), "red").save(out, form)
    out.seek(0)
    return out, f"logo.{form.lower()}"


def make_public(scene: Scene, name: str = "care-homes") -> None:
    with scene.database.writing() as session:
        session.execute(update(Segment).where(Segment.name == name).values(public=True))


def test_anybody_takes_a_kit_and_no_cookie_is_set(closed: Flask) -> None:
    client = closed.test_client()
    for path in (KIT, f"{KIT}/article-50.txt", f"{KIT}/poster-a4.pdf"):
        answered = client.get(path)
        assert answered.status_code == 200, path
        assert "Set-Cookie" not in answered.headers
        assert answered.headers["Cache-Control"].startswith("public, max-age=60")


def test_the_page_has_every_file_and_the_texts_themselves(client: FlaskClient) -> None:
    page = client.get(KIT).text
    assert "Cold weather alert" in page
    assert "Keep rooms at" in page
    for piece in PIECES.values():
        for ending in piece.endings:
            assert f'href="{KIT}/{piece.name}.{ending}?language=en"' in page
    assert f'href="{KIT}.zip?language=en"' in page


def test_files_are_downloads_with_safe_names_that_run_nothing(client: FlaskClient) -> None:
    answered = client.get(f"{KIT}/article-50.html")
    assert answered.headers["Content-Disposition"] == (
        'attachment; filename="cold-snap-article-50.html"'
    )
    assert answered.headers["Content-Security-Policy"].startswith("sandbox")


def test_what_is_known_already_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get(f"{KIT}/faq.md")
    again = client.get(f"{KIT}/faq.md", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"{KIT}/faq.md?{OWN}")
    assert other.headers["ETag"] != first.headers["ETag"]


def test_private_segments_are_neither_shown_nor_named(client: FlaskClient, scene: Scene) -> None:
    for path in (KIT, f"{KIT}?audience=care-homes", f"{KIT}/briefing.txt?audience=care-homes"):
        page = client.get(path).text
        assert ONLY_HOMES not in page
        assert "Care homes" not in page
    make_public(scene)
    assert ONLY_HOMES in client.get(f"{KIT}/briefing.txt?audience=care-homes").text
    assert "Care homes" in client.get(KIT).text


def test_what_is_private_over_or_absent_gives_the_same_nothing(
    client: FlaskClient, scene: Scene, now: datetime
) -> None:
    with scene.database.writing() as session:
        hidden = TEXT.replace("toolkit: cold-snap", "toolkit: hidden\npublic: no")
        publish(session, hidden, by="Ann", now=now)
    said = set()
    for name in ("hidden", "absent"):
        for path in ("kit", "kit.zip", "kit/poster-a4.pdf"):
            answered = client.get(f"/library/{name}/{path}")
            assert answered.status_code == 404
            said.add(re.sub(r'nonce(="|-)[^"\']+', "", answered.text))
    assert len(said) == 1


def test_nothing_is_taken_after_its_last_day(scene: Scene, now: datetime) -> None:
    with scene.database.writing() as session:
        ended = TEXT.replace("campaign:", f"expires: {now.date() + timedelta(days=3)}\ncampaign:")
        publish(session, ended, by="Ann", now=now)
    for days, status in ((0, 200), (3, 200), (4, 410)):
        later = ticking(now + timedelta(days=days))
        client = open_app(settings(), scene.database, later).test_client()
        assert client.get(f"{KIT}/article-50.txt").status_code == status, days
    page = client.get(KIT)
    assert "come to its end" in page.text
    assert "article-50" not in page.text


def test_the_language_is_the_one_asked_for_else_the_one_preferred(
    client: FlaskClient, scene: Scene, now: datetime
) -> None:
    welsh = TEXT.replace("campaign:", "language: cy\ncampaign:").replace("Cold weather", "Tywydd")
    with scene.database.writing() as session:
        publish(session, welsh, by="Ann", now=now)
    assert "Tywydd" in client.get(f"{KIT}?language=cy").text
    assert "Tywydd" in client.get(KIT, headers={"Accept-Language": "cy"}).text
    assert "Tywydd" not in client.get(f"{KIT}?language=xx").text
    assert client.get(KIT).headers["Vary"] == "Accept-Language"


def test_the_groups_name_is_on_the_page_in_its_files_and_in_every_link(client: FlaskClient) -> None:
    page = client.get(f"{KIT}?{OWN}").text
    assert "From Friends of Oakham. Contact: 01632 960101" in page
    assert "group=Friends+of+Oakham" in page
    assert "Friends of Oakham" in client.get(f"{KIT}/article-50.md?{OWN}").text


@pytest.mark.parametrize("path", [KIT, f"{KIT}/faq.txt", f"{KIT}.zip"])
def test_wrong_details_are_told_and_kept(client: FlaskClient, path: str) -> None:
    answered = client.get(f"{path}?group=Friends&site=javascript:alert(1)")
    assert answered.status_code == 422
    assert "Enter a web address" in answered.text
    assert 'value="Friends"' in answered.text
    assert "<title>Error: " in answered.text


def test_names_of_groups_are_text_wherever_they_stand(client: FlaskClient) -> None:
    hostile = "group=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    for path in (KIT, f"{KIT}/article-50.html", f"{KIT}/article-50.md"):
        assert "<script>alert" not in client.get(f"{path}?{hostile}").text


def test_a_logo_goes_into_the_file_that_is_made_and_nowhere_else(
    client: FlaskClient, scene: Scene
) -> None:
    written: list[str] = []

    def note(*said: object) -> None:
        written.append(str(said[2]))

    event.listen(scene.database.engine, "before_cursor_execute", note)
    sent = {"group": "Friends", "make": "poster-a4.pdf", "logo": picture()}
    answered = client.post(KIT, data=sent)
    assert answered.status_code == 200
    assert answered.data.startswith(b"%PDF")
    assert b"/Image" in answered.data
    assert "no-store" in answered.headers["Cache-Control"]
    assert not [one for one in written if not one.startswith(("SELECT", "PRAGMA", "BEGIN"))]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "Drawings (SVG)"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
    ],
)
def test_a_logo_that_is_no_picture_is_told_at_its_field(
    client: FlaskClient, content: bytes, words: str
) -> None:
    sent = {"group": "Friends", "logo": (io.BytesIO(content), "logo.png")}
    answered = client.post(KIT, data=sent)
    assert answered.status_code == 422
    assert words in answered.text
    assert 'href="#logo"' in answered.text
    assert 'value="Friends"' in answered.text


def test_only_what_holds_a_logo_is_made_by_the_form(client: FlaskClient) -> None:
    for name in ("faq.txt", "../../etc/passwd", "kit.exe"):
        assert client.post(KIT, data={"make": name}).status_code == 404


def test_a_form_on_another_site_makes_nothing(client: FlaskClient) -> None:
    answered = client.post(KIT, data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answered.status_code == 403


@pytest.mark.parametrize(
    "path", ["x.pdf", "poster-a4.exe", "poster-a4.docx", "kit.zip", "..%2fx.md"]
)
def test_files_that_there_are_none_of_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"{KIT}/{path}").status_code == 404


def test_a_page_asks_the_database_as_often_for_one_language_as_for_three(
    client: FlaskClient, scene: Scene, now: datetime
) -> None:
    asked: list[object] = []
    event.listen(scene.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    client.get(KIT)
    asked.clear()
    client.get(KIT)
    once = len(asked)
    with scene.database.writing() as session:
        for tag in ("cy", "ur"):
            text = TEXT.replace("campaign:", f"language: {tag}\ncampaign:")
            publish(session, text, by="Ann", now=now)
    asked.clear()
    client.get(KIT)
    assert len(asked) == once


def test_a_signed_in_visit_changes_nothing_of_the_page(
    app: Flask, client: FlaskClient, scene: Scene, now: datetime
) -> None:
    inside = browser(app, scene.database, person(scene.database, now, "administrator"), now)
    pages = {re.sub(r'nonce="[^"]+"', "", one.get(KIT).text) for one in (client, inside)}
    assert len(pages) == 1


def test_too_many_at_once_are_asked_to_come_again(client: FlaskClient) -> None:
    going, done = threading.Event(), threading.Event()

    def slow() -> bytes:
        going.set()
        done.wait(10)
        return b""

    others = [threading.Thread(target=WORKSHOP.get, args=(f"test-{n}", slow)) for n in range(3)]
    for one in others:
        one.start()
    going.wait(10)
    try:
        while WORKSHOP._room._value:
            threading.Event().wait(0.01)
        answered = client.get(f"{KIT}/faq.txt?group=Nobody")
    finally:
        done.set()
        for one in others:
            one.join()
    assert answered.status_code == 503
    assert answered.headers["Retry-After"] == "10"
    assert client.get(f"{KIT}/faq.txt?group=Nobody").status_code == 200


def test_who_waits_too_long_is_told() -> None:
    shop = Workshop(patience=0.01)
    going, done = threading.Event(), threading.Event()

    def slow() -> bytes:
        going.set()
        done.wait(10)
        return b"x"

    other = threading.Thread(target=shop.get, args=("a", slow))
    other.start()
    going.wait(10)
    with pytest.raises(Busy):
        shop.get("b", lambda: b"")
    done.set()
    other.join()
    assert shop.get("a", lambda: b"other") == b"x"


def test_what_was_not_wanted_for_longest_is_forgotten_first() -> None:
    shop, made = Workshop(), []

    def want(key: str) -> None:
        shop.get(key, lambda: made.append(key) or b"x" * 11_000_000)  # type: ignore[func-returns-value]

    for key in "abcdabe":
        want(key)
    made.clear()
    want("a")
    want("c")
    assert made == ["c"]

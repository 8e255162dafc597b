"""Public forms without an account: a link of one's own, and “we used it”."""

import io
import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from cascade.accounts.throttling import LIMITS
from cascade.database import Database
from cascade.letters.records import Letter
from cascade.library.publish import publish
from cascade.reposts.records import LinkCheck, Repost, RepostPicture, Taker, TakerVisit
from tests.cascade.web.application import open_app
from tests.cascade.web.forms import untouched
from tests.cascade.web.scene import DOT, TEXT, Scene, settings, ticking

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0"}
TAKE, USED = "/library/cold-snap/take", "/library/cold-snap/used"


def filled(**changed: object) -> dict[str, object]:
    return {
        "group": "Westport Lunch Club",
        "way": "newsletter",
        "used_on": "2026-11-21",
        "people": "120",
        "website": "",
    } | changed


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def newest(database: Database) -> Repost:
    with database.reading() as session:
        return session.scalars(select(Repost).order_by(Repost.id.desc()).limit(1)).one()


def test_who_used_something_tells_us_without_an_account(client: FlaskClient, scene: Scene) -> None:
    fields = untouched(client.get(USED).text)
    answered = client.post(USED, data=fields | filled(link="club.example.org/news"))

    assert answered.status_code == 303
    assert "Thank you" in client.get(answered.headers["Location"]).text
    kept = newest(scene.database)
    assert (kept.group_name, kept.people, kept.grade) == ("Westport Lunch Club", 120, "reported")
    assert kept.link == "https://club.example.org/news"
    with scene.database.reading() as session:
        assert session.scalar(select(LinkCheck.state).where(LinkCheck.repost_id == kept.id))
    assert "Set-Cookie" not in answered.headers


def test_what_is_wrong_is_shown_with_everything_that_was_typed(
    client: FlaskClient, scene: Scene
) -> None:
    before = count(scene.database, Repost)
    typed = filled(used_on="2030-01-01", group="Club <b>", words="It's & good", way="")
    answered = client.post(USED, data=typed)

    assert answered.status_code == 422
    assert "<title>Error: " in answered.text
    assert "Enter a day that is not in the future" in answered.text
    assert "Choose where you used it" in answered.text
    assert 'value="Club &lt;b&gt;"' in answered.text
    assert "It&#39;s &amp; good" in answered.text
    assert count(scene.database, Repost) == before


def test_a_picture_comes_with_it(client: FlaskClient, scene: Scene) -> None:
    client.post(USED, data=filled(picture=(io.BytesIO(DOT), "a.png")))
    refused = client.post(USED, data=filled(picture=(io.BytesIO(b"<script>"), "a.png")))

    with scene.database.reading() as session:
        assert session.get(RepostPicture, newest(scene.database).id) is not None
    assert refused.status_code == 422
    assert "The file must be a picture" in refused.text


def multipart(size: int) -> bytes:
    """A form with a picture of so many bytes, as a browser sends it."""
    start = b'--x\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\n\r\n'
    return start + b"x" * size + b"\r\n--x--\r\n"


@pytest.mark.parametrize(("size", "status"), [(5_000_001, 422), (6_000_000, 413)])
def test_too_much_is_refused_in_words(client: FlaskClient, size: int, status: int) -> None:
    answered = client.post(
        USED, data=multipart(size), content_type="multipart/form-data; boundary=x"
    )

    assert answered.status_code == status
    assert "must be 5 MB or smaller" in answered.text


@pytest.mark.parametrize("path", [TAKE, USED])
def test_a_program_that_fills_in_everything_changes_nothing(
    client: FlaskClient, scene: Scene, path: str
) -> None:
    before = [count(scene.database, one) for one in (Repost, Taker, Letter)]
    answered = client.post(path, data=filled(email="a@example.org", website="http://spam.example"))

    assert answered.status_code == 303
    assert [count(scene.database, one) for one in (Repost, Taker, Letter)] == before


def test_one_place_may_send_only_so_much(client: FlaskClient, scene: Scene) -> None:
    codes = [client.post(USED, data=filled()).status_code for _ in range(LIMITS["public"] + 1)]

    assert set(codes[:-1]) == {303}
    assert codes[-1] == 429


@pytest.mark.parametrize("path", [TAKE, USED])
def test_a_form_of_another_site_is_refused(client: FlaskClient, path: str) -> None:
    answered = client.post(path, data=filled(), headers={"Sec-Fetch-Site": "cross-site"})

    assert answered.status_code == 403


def test_the_answer_to_who_wants_a_link_tells_nobody_whom_we_know(
    client: FlaskClient, scene: Scene
) -> None:
    known = client.post(TAKE, data={"name": "Oak House 1"})
    unknown = client.post(TAKE, data={"name": "Nobody"})
    wrong = client.post(TAKE, data={"email": "jo", "name": "<i>"})

    assert known.headers["Location"] == unknown.headers["Location"]
    assert "Look into your mailbox" in client.get(known.headers["Location"]).text
    assert count(scene.database, Letter) == 1
    assert wrong.status_code == 422
    assert 'value="&lt;i&gt;"' in wrong.text


def test_a_taker_s_link_leads_to_the_toolkit_and_keeps_nothing_of_who_follows_it(
    app: Flask, client: FlaskClient, scene: Scene
) -> None:
    path = f"/t/{scene.links.token('taker', 1)}"
    followed = client.get(path, headers=BROWSER | {"Referer": "https://club.example.org/"})
    kit = client.get(f"{path}/kit", headers=BROWSER)
    for quiet in (
        {"User-Agent": ""},
        {"User-Agent": "Googlebot"},
        BROWSER | {"Sec-Purpose": "prefetch"},
    ):
        client.get(path, headers=quiet)
    client.head(path, headers=BROWSER)
    assert count(scene.database, TakerVisit) == 0
    app.extensions["cascade-counting"].flush()

    assert (followed.status_code, followed.headers["Location"]) == (302, "/library/cold-snap")
    assert kit.headers["Location"] == "/library/cold-snap/kit"
    assert "Set-Cookie" not in followed.headers
    with scene.database.reading() as session:
        rows = session.scalars(select(TakerVisit)).all()
    assert [(one.taker_id, one.day.isoformat(), one.visits) for one in rows] == [
        (1, "2026-11-21", 2)
    ]


def test_each_link_opens_what_it_is_for_and_nothing_else(client: FlaskClient, scene: Scene) -> None:
    printed, own = (scene.links.token(one, 1) for one in ("taker", "used"))  # type: ignore[arg-type]

    assert 'value="jo@club.example.org"' in client.get(f"/t/{own}/used").text
    for path in (
        *(f"/t/{printed}/used", f"/t/{printed}/stop", f"/t/{own}", "/t/x", "/t/x/used"),
        f"/t/{scene.links.token('taker', 99)}",
        f"/t/{scene.links.token('used', 99)}/used",
    ):
        answered = client.get(path)
        assert answered.status_code == 404, path
        assert "club.example.org" not in answered.text


def test_a_taker_s_report_is_known_as_theirs(client: FlaskClient, scene: Scene) -> None:
    path = f"/t/{scene.links.token('used', 1)}/used"
    fields = untouched(client.get(path).text)
    client.post(path, data=fields | {"way": "radio", "used_on": "2026-11-21"})

    assert (newest(scene.database).taker_id, newest(scene.database).group_name) == (1, "Club")


def test_who_does_not_want_to_be_asked_says_so_with_a_choice(
    client: FlaskClient, scene: Scene
) -> None:
    path = f"/t/{scene.links.token('used', 1)}/stop"

    assert client.post(path).status_code == 422
    assert client.post(path, data={"choice": "stop"}).status_code == 303
    assert "We do not ask you any more" in client.get(path).text
    client.post(path, data={"choice": "keep"})
    assert "Stop asking me" in client.get(path).text


@pytest.mark.parametrize("path", ["take", "used"])
def test_what_is_not_in_the_library_has_no_forms(
    scene: Scene, client: FlaskClient, now: datetime, path: str
) -> None:
    with scene.database.writing() as session:
        hidden = TEXT.replace("toolkit: cold-snap", "toolkit: inside\npublic: no")
        publish(session, hidden, by="Ann", now=now)
    answers = [client.get(f"/library/{name}/{path}").text for name in ("inside", "absent")]
    said = {re.sub(r'nonce="[^"]+"', "", one) for one in answers}

    assert len(said) == 1
    assert "Page not found" in said.pop()


def test_nothing_is_shown_of_what_nobody_approved(scene: Scene, now: datetime) -> None:
    closed = open_app(settings(sign_off="on"), scene.database, ticking(now)).test_client()

    for path in (TAKE, USED, f"/t/{scene.links.token('taker', 1)}"):
        assert closed.get(path).status_code == 404
        assert closed.post(path, data=filled()).status_code in (404, 405)

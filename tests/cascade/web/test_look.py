"""Administrators set the sender and the look of the cell."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cascade.letters.records import Letter
from cascade.look.logos import LARGEST
from tests.cascade.look.test_changing import picture
from tests.cascade.web.forms import untouched
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import Scene

PATH = "/settings/look"


@pytest.fixture
def admin(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """The browser of an administrator."""
    return browser(closed, scene.database, person(scene.database, now, "administrator"), now)


def form(client: FlaskClient, **changed: object) -> dict[str, object]:
    """What the form sends: the look as it is, but for this."""
    return {
        "stamp": stamp(client),
        "seen": untouched(client.get(PATH).text)["seen"],
        "act": "save",
        "cell": "West County communications",
        "sender_name": "West County",
        "sender_address": "news@example.org",
        "reply_to": "",
        "colour": "none",
        "own_colour": "",
        "alt": "",
    } | changed


def test_what_is_set_is_on_every_page_at_once_audited_and_put_back(
    admin: FlaskClient, scene: Scene
) -> None:
    assert "As CASCADE_CELL says" in admin.get(PATH).text
    assert "Put everything back" not in admin.get(PATH).text

    done = admin.post(PATH, data=form(admin, cell="East County <b>", reply_to="ask@example.org"))
    page, message = admin.get(PATH).text, admin.get(scene.confirm_path()).text
    admin.post(f"{PATH}/reset", data={"stamp": stamp(admin)})
    admin.post(f"{PATH}/reset", data={"stamp": stamp(admin)})

    assert done.headers["Location"] == PATH
    assert "Set on this page; CASCADE_CELL says: West County communications" in page
    assert "East County &lt;b&gt;. Questions: " in message
    assert 'href="mailto:ask@example.org"' in message
    assert "from West County communications" in message
    first, second = audited(scene.database, "look-changed")
    assert first.after == {"cell": "East County <b>", "reply_to": "ask@example.org"}
    assert (first.before, second.after) == ({"cell": "", "reply_to": ""},) * 2
    assert "West County communications. Questions: " in admin.get(PATH).text


def test_saving_it_as_it_is_changes_nothing(admin: FlaskClient, scene: Scene) -> None:
    assert admin.post(PATH, data=form(admin)).status_code == 303
    assert audited(scene.database, "look-changed") == []


def test_somebody_else_s_look_is_shown_and_not_written_over(
    admin: FlaskClient, closed: Flask, scene: Scene, now: datetime
) -> None:
    other = person(scene.database, now, "administrator", email="ann@example.org", name="Ann")
    mine = form(admin, cell="<i>Mine</i>", colour="#003087")
    theirs = browser(closed, scene.database, other, now)
    theirs.post(PATH, data=form(theirs, cell="Theirs", nhs_logo="y"))

    refused = admin.post(PATH, data=mine)

    assert refused.status_code == 422
    assert "<title>Error: " in " ".join(refused.text.split())
    assert "ann@example.org changed this while you were writing" in refused.text
    shown = refused.text.split('id="overtaken"')[1].split("</table>")[0]
    for words in ("Theirs", "&lt;i&gt;Mine&lt;/i&gt;", "As usual", "Dark blue", "yes", "no"):
        assert words in shown, words
    assert [one.by for one in audited(scene.database, "look-changed")] == ["ann@example.org"]

    again = admin.post(PATH, data=mine | {"seen": untouched(refused.text)["seen"]})
    assert again.status_code == 303
    assert audited(scene.database, "look-changed")[-1].after["cell"] == "<i>Mine</i>"


def test_a_file_that_was_chosen_has_to_be_chosen_again(
    admin: FlaskClient, scene: Scene, now: datetime
) -> None:
    mine = form(admin, alt="West", logo=(io.BytesIO(picture()), "west.png"))
    admin.post(PATH, data=form(admin, cell="Theirs"))

    refused = admin.post(PATH, data=mine).text

    assert "west.png, to be chosen again" in refused


@pytest.mark.parametrize("seen", ["", "x", "0" * 32])
def test_a_look_that_nobody_saw_is_not_written_over(
    admin: FlaskClient, scene: Scene, seen: str
) -> None:
    assert admin.post(PATH, data=form(admin, cell="Mine", seen=seen)).status_code == 422
    assert audited(scene.database, "look-changed") == []


def test_an_email_is_shown_first_without_forgetting_what_was_seen(admin: FlaskClient) -> None:
    sent = form(admin, act="preview", cell="Mine")
    assert untouched(admin.post(PATH, data=sent).text)["seen"] == sent["seen"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"cell": "x" * 90}, "cell"),
        ({"sender_address": "news@example.org\r\nBcc: a@example.org"}, "sender_address"),
        ({"reply_to": "<script>alert(1)</script>"}, "reply_to"),
        ({"colour": "own", "own_colour": "#ffeb3b"}, "own_colour"),
        ({"colour": "own", "own_colour": ""}, "own_colour"),
    ],
)
def test_what_is_wrong_is_said_and_stays_typed(
    admin: FlaskClient, scene: Scene, changed: dict[str, str], field: str
) -> None:
    answered = admin.post(PATH, data=form(admin, **changed, sender_name="Typed"))

    assert answered.status_code == 422
    assert f'href="#{field}"' in answered.text
    assert "<title>Error: " in " ".join(answered.text.split())
    assert 'value="Typed"' in answered.text
    assert "<script>alert" not in answered.text
    assert audited(scene.database, "look-changed") == []


def test_a_colour_is_a_style_sheet_of_its_own(admin: FlaskClient, scene: Scene) -> None:
    assert "/look/" not in admin.get(scene.confirm_path()).text
    admin.post(PATH, data=form(admin, colour="own", own_colour="#063"))
    page = admin.get(scene.confirm_path())
    sheet = admin.get("/look/006633.css")

    assert '<link rel="stylesheet" href="/look/006633.css">' in page.text
    assert "style-src 'self';" in page.headers["Content-Security-Policy"] + ";"
    assert ".nhsuk-header__navigation{background-color:#006633}" in sheet.text
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sheet.mimetype == "text/css"


@pytest.mark.parametrize("colour", ["ffffff", "06c", "006633}*{color:red", "00663G", "005EB8"])
def test_only_a_colour_that_can_be_read_on_has_a_style_sheet(
    client: FlaskClient, colour: str
) -> None:
    assert client.get(f"/look/{colour}.css").status_code == 404


def test_a_logo_is_in_the_header_and_everybody_may_load_it(
    admin: FlaskClient, closed: Flask, scene: Scene
) -> None:
    file = (io.BytesIO(picture()), "x.png")
    admin.post(PATH, data=form(admin, logo=file, alt='West "County"', nhs_logo="y"))
    page = admin.get(scene.confirm_path()).text
    (entry,) = audited(scene.database, "look-changed")

    address = page[page.index("/logo/") :][:70]
    served = closed.test_client().get(address)
    assert 'alt="West &#34;County&#34;" width="180" height="45"' in page
    assert 'aria-label="NHS"' in page
    assert served.data.startswith(b"\x89PNG")
    assert served.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert entry.after["logo"] == f'West "County" ({address[6:18]})'
    again = closed.test_client().get(address, headers={"If-None-Match": served.headers["ETag"]})
    assert again.status_code == 304

    admin.post(PATH, data=form(admin, without_logo="y"))

    after = admin.get(scene.confirm_path()).text
    assert "/logo/" not in after
    assert 'aria-label="NHS"' not in after
    assert closed.test_client().get(address).status_code == 200


@pytest.mark.parametrize("content", [b"<svg/>", b"x" * (LARGEST + 1)])
def test_a_file_that_is_no_logo_is_refused(
    admin: FlaskClient, scene: Scene, content: bytes
) -> None:
    file = (io.BytesIO(content), "x.png")
    answered = admin.post(PATH, data=form(admin, logo=file, alt="West"))

    assert answered.status_code == 422
    assert 'href="#logo"' in answered.text
    assert audited(scene.database, "look-changed") == []


def test_far_too_much_is_refused_in_words(admin: FlaskClient) -> None:
    answered = admin.post(
        PATH, data=b"--x\r\n" + b"x" * 3_000_000, content_type="multipart/form-data; boundary=x"
    )

    assert answered.status_code == 413
    assert "A logo must be 200 kB or smaller" in answered.text


def test_an_email_is_shown_before_it_is_kept(admin: FlaskClient, scene: Scene) -> None:
    page = admin.post(PATH, data=form(admin, act="preview", cell="A&B", colour="#330072")).text
    shown = admin.get(f"{PATH}/email?cell=A%26B%3Cb%3E&colour=%23330072")
    plain = admin.get(f"{PATH}/email?cell=&colour=red;}}")

    assert f'src="{PATH}/email?cell=A%26B&amp;colour=%23330072"' in page
    assert "background-color: #330072" in shown.text or "background-color:#330072" in shown.text
    assert "A&amp;B&lt;b&gt;" in shown.text
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert '"masthead"' not in plain.text
    assert "red;}" not in plain.text
    assert "Sent by West County communications" in plain.text
    assert audited(scene.database, "look-changed") == []


def test_another_domain_is_warned_of(admin: FlaskClient) -> None:
    assert "which is another domain" not in admin.get(PATH).text
    admin.post(PATH, data=form(admin, sender_address="news@other.example.org"))
    assert "which is another domain" in admin.get(PATH).text


def test_letters_and_previews_come_in_the_newest_look(admin: FlaskClient, scene: Scene) -> None:
    admin.post(PATH, data=form(admin, cell="East County", colour="#330072"))
    asked = {"email": "sam@example.org", "name": "Sam", "roles": ["viewer"]}
    admin.post("/users/invite", data={"stamp": stamp(admin), **asked})

    with scene.database.reading() as session:
        text = session.scalars(select(Letter.text)).one()
    assert "East County" in text
    assert "East County" in admin.get("/versions/1/preview/email").text


def test_pages_have_a_header_when_the_database_is_down(admin: FlaskClient, scene: Scene) -> None:
    scene.database.close()
    Path(f"{scene.database.engine.url.database}").write_bytes(b"no database at all" * 200)

    answered = admin.get(PATH)

    assert answered.status_code == 500
    assert "West County communications" in answered.text

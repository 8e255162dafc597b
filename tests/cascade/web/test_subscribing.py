"""`/bulletins/<bulletin>/subscribe`: people ask for a bulletin, and only they can."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from cascade.audience.records import Contact, Segment
from cascade.audience.suppression import Reason, suppress
from cascade.bulletins import subscribers
from cascade.bulletins.records import Subscription
from cascade.letters.records import Letter
from tests.cascade.bulletins import county
from tests.cascade.web.application import open_app
from tests.cascade.web.dump import dump
from tests.cascade.web.scene import Scene, settings

PATH = "/bulletins/round-up/subscribe"


@pytest.fixture(autouse=True)
def public(scene: Scene) -> None:
    """Only what goes to a public segment has a page to subscribe at."""
    with scene.database.writing() as session:
        session.execute(update(Segment).where(Segment.name == "care-homes").values(public=True))


def test_a_bulletin_for_private_segments_has_no_such_page(app: Flask, scene: Scene) -> None:
    with scene.database.writing() as session:
        session.execute(update(Segment).values(public=False))
    client = app.test_client()
    assert client.get(PATH).status_code == 404
    assert "County round-up" not in client.get(PATH).text
    assert client.post(PATH, data={"email": "new@example.org"}).status_code == 404
    assert client.get(PATH.replace("round-up", "none")).status_code == 404


def letters(scene: Scene) -> list[Letter]:
    with scene.database.reading() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def link(scene: Scene) -> str:
    found = re.search(r"http://127.0.0.1:8000(/\S+)", letters(scene)[-1].text)
    assert found is not None
    return found[1]


def is_reader(scene: Scene, email: str) -> bool:
    with scene.database.reading() as session:
        return bool(session.scalars(select(Contact).where(Contact.email == email)).all())


def test_who_asks_gets_a_letter_and_with_its_link_the_bulletin(app: Flask, scene: Scene) -> None:
    client = app.test_client()
    sent = client.post(PATH, data={"email": "New@example.org"}, follow_redirects=True)
    assert "Look into your inbox" in sent.text
    assert letters(scene)[-1].to == "new@example.org"
    before = dump(scene.database)
    page = client.get(link(scene)).text
    assert dump(scene.database) == before
    assert "Do you want County round-up?" in page
    assert not is_reader(scene, "new@example.org")
    done = client.post(link(scene), follow_redirects=True)
    assert "You have subscribed" in done.text
    assert is_reader(scene, "new@example.org")


def test_the_answer_is_the_same_for_who_gets_it_already(app: Flask) -> None:
    client = app.test_client()
    answers = [
        client.post(PATH, data={"email": email}, follow_redirects=True).text
        for email in ("new@example.org", "manager1@home1.example.org")
    ]
    plain = [re.sub(r'nonce="[^"]+"', "", one) for one in answers]
    assert plain[0] == plain[1]


def test_an_address_gets_few_letters(app: Flask, scene: Scene) -> None:
    client, before = app.test_client(), len(letters(scene))
    for _ in range(6):
        assert client.post(PATH, data={"email": "new@example.org"}).status_code == 303
    assert len(letters(scene)) - before == 3


def rows(scene: Scene) -> int:
    with scene.database.reading() as session:
        return len(session.scalars(select(Subscription.id)).all())


def test_one_browser_can_write_to_few_addresses_and_the_others_are_not_kept(
    app: Flask, scene: Scene
) -> None:
    client, before, kept = app.test_client(), len(letters(scene)), rows(scene)
    for number in range(30):
        answered = client.post(PATH, data={"email": f"new{number}@example.org"})
        assert answered.headers["Location"].endswith("?sent=yes")
    assert len(letters(scene)) - before == 20
    assert rows(scene) - kept == 20


def test_a_place_with_many_addresses_of_ipv6_counts_as_one(app: Flask, scene: Scene) -> None:
    client, before = app.test_client(), len(letters(scene))
    for number in range(30):
        place = {"REMOTE_ADDR": f"2001:db8:1:1::{number:x}"}
        client.post(PATH, data={"email": f"new{number}@example.org"}, environ_base=place)
    assert len(letters(scene)) - before == 20


def test_an_address_gets_few_letters_however_many_bulletins_there_are(
    app: Flask, scene: Scene
) -> None:
    with scene.database.writing() as session:
        for number in range(3):
            county.bulletin(session, f"news-{number}", ["care-homes"])
    client, before = app.test_client(), len(letters(scene))
    for number in range(3):
        for email in ("new@example.org", "NEW@example.org"):
            client.post(f"/bulletins/news-{number}/subscribe", data={"email": email})
    assert len(letters(scene)) - before == 3


def test_an_address_gets_few_letters_in_a_day(app: Flask, scene: Scene, now: datetime) -> None:
    before = len(letters(scene))

    def post(at: datetime) -> None:
        client = open_app(settings(), scene.database, lambda: at).test_client()
        for _ in range(3):
            client.post(PATH, data={"email": "new@example.org"})

    for hour in range(8):
        post(now + timedelta(hours=hour))
    assert len(letters(scene)) - before == 6
    post(now + timedelta(days=1))
    assert len(letters(scene)) - before == 9


@pytest.mark.parametrize("reason", ["bounced", "complained"])
def test_where_mail_is_unwanted_nothing_is_written_and_nobody_learns_it(
    app: Flask, scene: Scene, now: datetime, reason: Reason
) -> None:
    with scene.database.writing() as session:
        suppress(session, "angry@example.org", reason, now)
    client, before, kept = app.test_client(), len(letters(scene)), rows(scene)
    answers = [
        client.post(PATH, data={"email": email}) for email in ("angry@example.org", "a@example.org")
    ]
    assert len({(one.status_code, one.text, one.headers["Location"]) for one in answers}) == 1
    assert len(letters(scene)) - before == 1
    assert letters(scene)[-1].to == "a@example.org"
    assert rows(scene) - kept == 1


def test_who_unsubscribed_may_ask_again(app: Flask, scene: Scene, now: datetime) -> None:
    with scene.database.writing() as session:
        suppress(session, "back@example.org", "unsubscribed", now)
    before = len(letters(scene))
    app.test_client().post(PATH, data={"email": "back@example.org"})
    assert len(letters(scene)) - before == 1


@pytest.mark.parametrize("typed", ["", "nobody", "a@b@c", "x\r\nBcc: y@example.org"])
def test_what_is_no_address_is_said_and_kept(app: Flask, scene: Scene, typed: str) -> None:
    before = len(letters(scene))
    answered = app.test_client().post(PATH, data={"email": typed})
    assert answered.status_code == 422
    assert len(letters(scene)) == before


def test_a_form_of_another_site_subscribes_nobody(app: Flask, scene: Scene) -> None:
    before = len(letters(scene))
    headers = {"Sec-Fetch-Site": "cross-site"}
    answered = app.test_client().post(PATH, data={"email": "new@example.org"}, headers=headers)
    assert answered.status_code == 403
    assert len(letters(scene)) == before


def test_a_link_that_is_over_never_becomes_that_of_somebody_else(
    app: Flask, scene: Scene, now: datetime
) -> None:
    app.test_client().post(PATH, data={"email": "first@example.org"})
    old, later = link(scene), now + timedelta(days=8)
    with scene.database.writing() as session:
        subscribers.forget(session, later)
    client = open_app(settings(), scene.database, lambda: later).test_client()
    # On SQLite one of the two used to get the number of a row that is no more.
    for email in ("second@example.org", "third@example.org"):
        client.post(PATH, data={"email": email})
        shown = client.get(old)
        assert shown.status_code == 404
        assert email not in shown.text
        assert client.post(old).status_code == 404
        assert not is_reader(scene, email)


def test_the_links_of_both_letters_work_for_who_asked_twice(app: Flask, scene: Scene) -> None:
    client = app.test_client()
    client.post(PATH, data={"email": "new@example.org"})
    first = link(scene)
    client.post(PATH, data={"email": "new@example.org"})
    assert link(scene) == first
    assert client.get(first).status_code == 200


def test_a_link_is_for_its_own_bulletin_and_while_that_is_public(app: Flask, scene: Scene) -> None:
    client = app.test_client()
    client.post(PATH, data={"email": "new@example.org"})
    own = link(scene)
    with scene.database.writing() as session:
        county.bulletin(session, "other", ["care-homes"])
    other = own.replace("round-up", "other")
    assert (client.get(other).status_code, client.post(other).status_code) == (404, 404)
    with scene.database.writing() as session:
        session.execute(update(Segment).values(public=False))
    assert (client.get(own).status_code, client.post(own).status_code) == (404, 404)
    assert not is_reader(scene, "new@example.org")


def test_a_link_that_is_none_or_of_another_kind_opens_nothing(
    app: Flask, scene: Scene, now: datetime
) -> None:
    client = app.test_client()
    for token in ("x", scene.links.token("confirm", 1), scene.links.token("subscribe", 99)):
        assert client.get(f"{PATH}/{token}").status_code == 404
        assert client.post(f"{PATH}/{token}").status_code == 404
    assert client.get("/bulletins/nothing/subscribe").status_code == 404

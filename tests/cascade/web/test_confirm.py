"""The page where a recipient reads a message and confirms it."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cascade.database import Database
from cascade.evidence.records import Confirmation
from cascade.library.publish import find, publish
from cascade.library.records import BULLETIN
from cascade.links import Links
from cascade.sending.plan import Release, release
from cascade.sending.records import Cascade, CascadeOrganisation, Delivery
from cascade.sending.states import CascadeState, Tier
from cascade.web.stamps import Stamper
from tests.cascade.web.application import open_app
from tests.cascade.web.forms import choices, untouched
from tests.cascade.web.scene import TEXT, Scene, build, settings, ticking

FILLED = {"answer": "received", "name": "Jo Bloggs", "role": "Deputy manager"}

URDU = """---
title: موسم سرما
toolkit: cold
language: ur
key_messages: [گرم رہیں]
action: دیکھیں
---
سردی ہے۔
"""


def confirmations(scene: Scene) -> list[Confirmation]:
    with scene.database.reading() as session:
        return list(session.scalars(select(Confirmation).order_by(Confirmation.id)))


def stamped(client: FlaskClient, scene: Scene, **answer: str) -> dict[str, str]:
    page = client.get(scene.confirm_path()).text
    return untouched(page) | FILLED | answer


def test_who_is_not_asked_to_confirm_may(client: FlaskClient, scene: Scene) -> None:
    assert "Confirm that you have read this" in client.get(scene.confirm_path()).text
    with scene.database.writing() as session:
        session.get_one(Cascade, 1).deadline_at = None

    page = client.get(scene.confirm_path()).text
    assert "Tell us that you have read this, if you like" in page
    assert "Confirm that" not in page


def test_the_page_shows_the_message_of_that_recipient(client: FlaskClient, scene: Scene) -> None:
    page = client.get(scene.confirm_path()).text

    assert "What to do in care homes" in page
    assert "What to do in pharmacies" not in page
    assert "Oak House 1" in page
    assert "Sam Manager 1" in page
    assert "Keep rooms at <strong>18°C</strong> or warmer." in page


def test_tier_and_deadline_are_said_in_words(client: FlaskClient, scene: Scene) -> None:
    page = client.get(scene.confirm_path()).text

    assert "Urgent: please act on this today" in page
    assert "Please confirm by <strong>Monday 23 November 2026, 1:00pm</strong>" in page


def test_nothing_is_chosen_or_filled_in_beforehand(client: FlaskClient, scene: Scene) -> None:
    page = client.get(scene.confirm_path()).text

    fields = untouched(page)
    stamp = fields.pop("stamp")
    assert Stamper(scene.links, scene.deliveries[0], scene.now).is_valid(stamp)
    assert fields == {"headcount": "", "name": "", "role": "", "comment": ""}
    assert [value for _, value in choices(page)] == [
        "received",
        "acting",
        "passed-on",
        "not-for-us",
        "call-me",
    ]


def test_an_answer_is_recorded_and_shown_with_who_and_when(
    client: FlaskClient, scene: Scene
) -> None:
    answer = stamped(client, scene, answer="passed-on", headcount="1,200", comment="All shifts")

    posted = client.post(scene.confirm_path(), data=answer)

    assert posted.status_code == 303
    assert posted.headers["Location"] == scene.confirm_path()
    [kept] = confirmations(scene)
    assert (kept.answer, kept.name, kept.role, kept.headcount, kept.comment, kept.via) == (
        "passed-on",
        "Jo Bloggs",
        "Deputy manager",
        1200,
        "All shifts",
        "page",
    )
    page = client.get(posted.headers["Location"]).text
    assert "Thank you: your answer is recorded" in page
    assert "I have passed it on to staff (1200 staff)" in page
    assert "Jo Bloggs, Deputy manager" in page
    assert "Saturday 21 November 2026, 9:30am" in page


def test_an_answer_confirms_the_organisation_and_gives_the_best_grade(
    client: FlaskClient, scene: Scene
) -> None:
    client.post(scene.confirm_path(), data=stamped(client, scene))

    with scene.database.reading() as session:
        assert session.get_one(Delivery, scene.deliveries[0]).grade == "A"
        reached = session.get_one(CascadeOrganisation, (scene.cascade, 1))
        assert reached.confirmed_at == scene.now


def test_answering_again_keeps_all_and_shows_the_last_first(
    client: FlaskClient, scene: Scene
) -> None:
    client.post(scene.confirm_path(), data=stamped(client, scene))
    client.post(scene.confirm_path(), data=stamped(client, scene, answer="acting", name="Al Beta"))

    assert [one.answer for one in confirmations(scene)] == ["received", "acting"]
    page = client.get(scene.confirm_path()).text
    assert page.index("We are acting on it") < page.index("Earlier answers")
    assert page.index("Earlier answers") < page.index("Jo Bloggs")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"answer": ""}, "Choose what you are doing about this message"),
        ({"answer": "made-up"}, "Choose what you are doing about this message"),
        ({"name": " \t"}, "Enter your name"),
        ({"role": ""}, "Enter your role, such as manager or nurse in charge"),
        ({"name": "x" * 201}, "Use 200 characters or fewer"),
        ({"comment": "x" * 2001}, "Use 2,000 characters or fewer"),
        ({"answer": "passed-on", "headcount": "many"}, "Enter the number of staff in digits"),
        ({"answer": "passed-on", "headcount": "-3"}, "Enter the number of staff in digits"),
        ({"answer": "passed-on", "headcount": "9" * 500}, "Enter the number of staff in digits"),
        ({"answer": "passed-on", "headcount": "2000000"}, "Enter a number from 0 to 1,000,000"),
    ],
)
def test_an_incomplete_answer_is_not_recorded_and_says_what_to_do(
    client: FlaskClient, scene: Scene, changed: dict[str, str], problem: str
) -> None:
    answered = client.post(scene.confirm_path(), data=stamped(client, scene, **changed))

    assert answered.status_code == 422
    assert problem in answered.text
    assert "There is a problem" in answered.text
    assert "<title>Error: Cold weather alert" in answered.text
    assert confirmations(scene) == []


def test_what_was_filled_in_is_kept_when_something_is_missing(
    client: FlaskClient, scene: Scene
) -> None:
    answer = stamped(client, scene, name="", answer="acting", comment="The <b>boiler</b> is off")

    page = client.post(scene.confirm_path(), data=answer).text

    assert untouched(page)["answer"] == "acting"
    assert untouched(page)["role"] == "Deputy manager"
    assert "The &lt;b&gt;boiler&lt;/b&gt; is off</textarea>" in page


def test_a_number_left_behind_another_answer_is_dropped(client: FlaskClient, scene: Scene) -> None:
    client.post(scene.confirm_path(), data=stamped(client, scene, headcount="7"))

    [kept] = confirmations(scene)
    assert kept.headcount is None


def test_an_old_stamp_keeps_everything_and_asks_to_press_again(
    client: FlaskClient, scene: Scene
) -> None:
    old = Stamper(scene.links, scene.deliveries[0], scene.now - timedelta(hours=49)).stamp()

    answered = client.post(scene.confirm_path(), data=FILLED | {"stamp": old})

    assert answered.status_code == 422
    assert "press the button again" in answered.text
    again = untouched(answered.text)
    assert again["name"] == "Jo Bloggs"
    assert client.post(scene.confirm_path(), data=again).status_code == 303


def test_a_stamp_of_another_delivery_is_refused(client: FlaskClient, scene: Scene) -> None:
    stamp = Stamper(scene.links, scene.deliveries[1], scene.now).stamp()

    assert client.post(scene.confirm_path(), data=FILLED | {"stamp": stamp}).status_code == 422
    assert confirmations(scene) == []


def test_no_cookie_is_needed_or_set(client: FlaskClient, scene: Scene) -> None:
    answer = stamped(client, scene)
    posted = client.application.test_client(use_cookies=False).post(
        scene.confirm_path(), data=answer
    )

    assert posted.status_code == 303
    assert "Set-Cookie" not in posted.headers


@pytest.mark.parametrize("bend", [".", ")", ">", ".,", "”", "%20", "*"])
def test_an_address_that_a_mail_program_bent_still_works(
    client: FlaskClient, scene: Scene, bend: str
) -> None:
    assert client.get(scene.confirm_path() + bend).status_code == 200


def test_an_address_in_capitals_still_works(client: FlaskClient, scene: Scene) -> None:
    token = scene.confirm_path().removeprefix("/c/")

    assert client.get(f"/c/{token.upper()}").status_code == 200


@pytest.mark.parametrize("path", ["/c/x", "/c/1-aaaaaaaaaaaaaaaaaaaaaaaa", "/c/%00", "/c/-"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_wrong_token_says_how_to_answer_all_the_same(
    client: FlaskClient, path: str, method: str
) -> None:
    answered = client.open(path, method=method)

    assert answered.status_code == 404
    assert "This link does not work" in answered.text
    assert "CALL ME" in answered.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_wrong_token_to_stop_messages_asks_for_no_answer(
    client: FlaskClient, method: str
) -> None:
    answered = client.open("/u/x", method=method)

    assert answered.status_code == 404
    assert "should get nothing more" in answered.text
    assert "CALL ME" not in answered.text


def test_a_token_of_another_purpose_opens_nothing(client: FlaskClient, scene: Scene) -> None:
    token = scene.links.token("unsubscribe", scene.deliveries[0])

    assert client.get(f"/c/{token}").status_code == 404


def test_a_token_without_a_delivery_is_a_broken_link(client: FlaskClient, scene: Scene) -> None:
    token = scene.links.token("confirm", 999_999)
    stamp = Stamper(scene.links, 999_999, scene.now).stamp()

    assert client.get(f"/c/{token}").status_code == 404
    assert client.post(f"/c/{token}", data=FILLED | {"stamp": stamp}).status_code == 404


def test_a_withdrawn_message_says_so_and_takes_no_answer(client: FlaskClient, scene: Scene) -> None:
    answer = stamped(client, scene)
    scene.set_state(CascadeState.WITHDRAWN)

    page = client.get(scene.confirm_path()).text
    assert "This message has been withdrawn" in page
    assert "<form" not in page
    assert client.post(scene.confirm_path(), data=answer).status_code == 409
    assert confirmations(scene) == []


def test_a_message_with_a_newer_version_says_so(client: FlaskClient, scene: Scene) -> None:
    assert "newer version" not in client.get(scene.confirm_path()).text
    publish_and_release_newer(scene)

    page = client.get(scene.confirm_path()).text

    assert "There is a newer version of this message" in page


def publish_and_release_newer(scene: Scene) -> None:
    with scene.database.writing() as session:
        publish(session, TEXT.replace("18°C", "19°C"), by="A. Writer", now=scene.now)
        toolkit = find(session, "cold-snap")
        wanted = Release(toolkit, ("care-homes",), Tier.URGENT, by="B. Releaser")
        release(session, wanted, scene.now + timedelta(hours=1), sign_off=False)
        for one in session.scalars(select(Cascade)):
            one.state = CascadeState.SENDING


def test_the_next_issue_of_a_bulletin_is_no_newer_version(
    client: FlaskClient, scene: Scene
) -> None:
    publish_and_release_newer(scene)
    with scene.database.writing() as session:
        find(session, "cold-snap").kind = BULLETIN

    assert "newer version" not in client.get(scene.confirm_path()).text


def test_an_exercise_is_marked(sqlite_database: Database, now: datetime) -> None:
    scene = build(sqlite_database, now, exercise=True)
    client = open_app(settings(), scene.database, ticking(now)).test_client()

    page = client.get(scene.confirm_path()).text

    assert "<strong>EXERCISE.</strong>" in page
    assert "<title>EXERCISE: Cold weather alert" in page


def test_a_name_can_not_put_html_into_the_page(client: FlaskClient, scene: Scene) -> None:
    client.post(scene.confirm_path(), data=stamped(client, scene, name="<script>alert(1)</script>"))

    page = client.get(scene.confirm_path()).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_message_in_a_script_from_the_right_stands_right_to_left(
    sqlite_database: Database, now: datetime
) -> None:
    scene = build(sqlite_database, now, text=URDU)
    client = open_app(settings(), scene.database, ticking(now)).test_client()

    page = client.get(scene.confirm_path()).text

    assert '<h1 class="nhsuk-heading-xl app-wrap" lang="ur" dir="rtl">موسم سرما</h1>' in page
    assert '<html lang="en"' in page


def test_links_of_one_installation_do_not_work_in_another(
    client: FlaskClient, scene: Scene
) -> None:
    stranger = Links("another secret, just as long as the first one", "http://127.0.0.1:8000")

    assert client.get(f"/c/{stranger.token('confirm', scene.deliveries[0])}").status_code == 404

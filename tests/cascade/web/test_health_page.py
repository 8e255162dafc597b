"""The page that says whether everything runs."""

from datetime import datetime, timedelta

from flask.testing import FlaskClient

from cascade.sending import beats, circuit
from tests.cascade.web.scene import Scene


def test_the_page_says_what_is_wrong_why_and_what_to_do(
    client: FlaskClient, scene: Scene, now: datetime
) -> None:
    with scene.database.writing() as session:
        circuit.failed(session, "email", "535 <b>Not you</b>", now)

    page = client.get("/health").text

    assert "Not working: Clock, Workers, Mail server: messages of cascades." in page
    assert "535 &lt;b&gt;Not you&lt;/b&gt;" in page
    assert "<code>CASCADE_SMTP_URL</code>" in page
    assert 'data-live="/health/now"' in page


def test_the_part_that_changes_is_sent_again_only_when_it_has_changed(
    client: FlaskClient, scene: Scene, now: datetime
) -> None:
    first = client.get("/health/now")
    tag = {"If-None-Match": first.headers["ETag"]}

    unchanged = client.get("/health/now", headers=tag)
    with scene.database.writing() as session:
        beats.tick(session, now - timedelta(seconds=5))
    changed = client.get("/health/now", headers=tag)

    assert (unchanged.status_code, changed.status_code) == (304, 200)
    assert "ten times a second" in changed.text
    assert "<html" not in changed.text


def test_the_first_page_leads_to_health_when_the_mail_server_fails(
    client: FlaskClient, scene: Scene, now: datetime
) -> None:
    with scene.database.writing() as session:
        circuit.failed(session, "email", "535 No", now)

    needs = client.get("/").text.split("What needs somebody now")[1].split("</section>")[0]

    assert '<a href="/health">' in needs

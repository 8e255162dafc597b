"""The public library, as a reader without an account finds it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cascade.audience.segments import seed
from cascade.database import Database
from cascade.library.publish import publish
from cascade.sign_off.records import SignOff, SignOffAct, SignOffState
from tests.cascade.shelf.texts import put, text
from tests.cascade.web.application import open_app
from tests.cascade.web.clock import Clock
from tests.cascade.web.scene import settings

FLU = text(
    "flu-jab",
    "Dear {{ contact }},\n\nask [us](https://example.org/flu).\n\n"
    "::: for voluntary-sector\nPut it in your newsletter.\n:::\n",
    title="Flu jab: free & near {{ place }}",
    campaign="Winter 2026",
    lead="West County ICB",
    spokesperson="Director of public health",
    action="Book a jab **today**.",
    contact="flu@example.org",
    topics="Vaccines",
    key_messages="It is **free**.",
    review="2027-01-15",
    expires="2027-03-31",
)


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def app(sqlite_database: Database, clock: Clock) -> Flask:
    with sqlite_database.writing() as session:
        seed(session)
        put(session, clock.now - timedelta(days=40), text("heat", title="Heat", topics="Weather"))
        put(session, clock.now - timedelta(days=20), FLU.replace("Book a jab", "Ask for a jab"))
        put(session, clock.now - timedelta(days=2), FLU)
        urdu = FLU.replace("Flu jab:", "فلو:").replace("toolkit:", "language: ur\ntoolkit:")
        put(session, clock.now - timedelta(days=1), urdu)
    return open_app(settings(base_url="https://library.example.org"), sqlite_database, clock)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_the_shelf_lists_each_toolkit_once_newest_first_with_counts(client: FlaskClient) -> None:
    page = client.get("/library").text

    assert "2 toolkits" in page
    assert page.index("Flu jab: free &amp; near your area") < page.index(">Heat<")
    assert "Vaccines (1)" in page
    assert "Winter 2026 (1)" in page
    assert "Voluntary and community sector (1)" in page
    assert "Urdu (1)" in page
    assert "In the last 7 days (1)" in page
    assert "In the last 90 days (2)" in page
    assert "In English, Urdu" in page


@pytest.mark.parametrize(
    ("asked", "there", "gone"),
    [
        ("topic=Weather", ">Heat<", "Flu jab"),
        ("campaign=Winter+2026", "Flu jab", ">Heat<"),
        ("audience=voluntary-sector", "Flu jab", ">Heat<"),
        ("language=ur", "فلو", ">Heat<"),
        ("days=30", "Flu jab", ">Heat<"),
        ("search=heats", ">Heat<", "Flu jab"),
        ("search=newsletters", "for Voluntary and community sector", ">Heat<"),
    ],
)
def test_the_shelf_is_narrowed(client: FlaskClient, asked: str, there: str, gone: str) -> None:
    page = client.get(f"/library?{asked}").text

    assert there in page
    assert gone not in page
    assert "1 toolkit" in page


def test_what_is_found_is_marked_and_what_is_typed_is_only_text(client: FlaskClient) -> None:
    assert "<mark>newsletter</mark>" in client.get("/library?search=newsletter").text
    hostile = client.get("/library?search=<script>alert(1)</script>&topic=<b>").text
    assert "<script>alert" not in hostile
    assert "<b>" not in hostile


def test_a_slip_gets_a_suggestion_and_nothing_found_says_what_to_do(client: FlaskClient) -> None:
    page = client.get("/library?search=newslettre").text

    assert 'Did you mean <a href="/library?search=newsletter">' in page
    assert "Try fewer words" in page


def test_an_empty_library_says_what_will_stand_there(
    sqlite_database: Database, clock: Clock
) -> None:
    page = open_app(settings(), sqlite_database, clock).test_client().get("/library").text

    assert "There is nothing here yet" in page


def test_pages_of_the_shelf_have_twenty_toolkits(app: Flask, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        for number in range(25):
            put(session, datetime.fromisoformat("2026-10-01T09:00Z"), text(f"many-{number}"))
    client = app.test_client()

    assert client.get("/library?search=many").text.count("app-library__item") == 20
    assert client.get("/library?search=many&page=2").text.count("app-library__item") == 5


def test_a_toolkit_says_everything_about_itself(client: FlaskClient) -> None:
    page = client.get("/library/flu-jab").text

    assert "Flu jab: free &amp; near your area</h1>" in page
    assert "It is <strong>free</strong>." in page
    assert ">us</a>" in page
    assert "Dear" not in page
    assert "Put it in your newsletter" not in page
    for said in ("West County ICB", "Director of public health", "15 January 2027", "Vaccines"):
        assert said in page
    assert "19 November 2026 (version 2)" in page
    assert "What is new since version 1" in page
    assert "<ins>Book</ins>" in page
    assert "Ann Author" not in page


def test_an_audience_reads_what_is_for_it(client: FlaskClient) -> None:
    page = client.get("/library/flu-jab?audience=voluntary-sector").text

    assert "Put it in your newsletter" in page
    assert 'aria-current="true">Voluntary and community sector' in page


def test_the_language_that_a_reader_prefers_comes_first(client: FlaskClient) -> None:
    urdu = client.get("/library/flu-jab", headers={"Accept-Language": "pl, ur;q=0.8, en;q=0.5"})
    other = client.get("/library/flu-jab", headers={"Accept-Language": "pl"})
    asked = client.get("/library/flu-jab?language=en", headers={"Accept-Language": "ur"})

    assert '<h1 class="nhsuk-heading-xl app-wrap" lang="ur" dir="rtl">' in urdu.text
    assert urdu.headers["Vary"] == "Accept-Language"
    assert "Flu jab:" in other.text
    assert "Flu jab:" in asked.text


def test_an_older_version_stays_with_the_way_to_the_newer_one(client: FlaskClient) -> None:
    answered = client.get("/library/flu-jab/en/1")

    assert "There is a newer version" in answered.text
    assert 'href="/library/flu-jab">version 2</a>' in answered.text
    assert "Ask for a jab" in answered.text
    assert answered.headers["X-Robots-Tag"] == "noindex"
    assert '<link rel="canonical" href="https://library.example.org/library/flu-jab">' in (
        answered.text
    )


def test_what_is_over_stays_at_its_address_and_leaves_the_shelf(
    client: FlaskClient, clock: Clock
) -> None:
    assert "out of date" not in client.get("/library/flu-jab").text
    clock.now += timedelta(days=200)

    assert "Its last day was 31 March 2027" in client.get("/library/flu-jab").text
    assert "Flu jab" not in client.get("/library").text
    assert "flu-jab" not in client.get("/sitemap.xml").text


def test_other_forms_of_a_toolkit(client: FlaskClient) -> None:
    plain = client.get("/library/flu-jab?as=text")
    easy = client.get("/library/flu-jab?as=easy").text

    assert plain.mimetype == "text/plain"
    assert "us (https://example.org/flu)" in plain.text
    assert plain.text.startswith("Flu jab: free & near your area\n\n- It is free.\n\nBook a jab")
    assert 'class="app-large"' in client.get("/library/flu-jab?as=large").text
    assert "Made from the key messages" in easy
    assert "Dear colleague" not in easy


def test_other_sites_are_told_what_it_is(client: FlaskClient) -> None:
    page = client.get("/library/flu-jab").text
    card = client.get("/library/flu-jab/card.png")

    assert 'property="og:title" content="Flu jab: free &amp; near your area"' in page
    assert 'og:image" content="https://library.example.org/library/flu-jab/card.png"' in page
    assert (card.mimetype, card.data[:4]) == ("image/png", b"\x89PNG")


def test_robots_read_the_library_and_nothing_else(client: FlaskClient) -> None:
    robots = client.get("/robots.txt").text

    assert "Disallow: /\n" in robots
    assert "Allow: /library\n" in robots
    assert "Sitemap: https://library.example.org/sitemap.xml" in robots
    assert (
        "<loc>https://library.example.org/library/flu-jab</loc>" in client.get("/sitemap.xml").text
    )


@pytest.mark.parametrize("path", ["/library", "/library/flu-jab", "/library/flu-jab/card.png"])
def test_who_has_a_page_already_gets_no_second_copy(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    head = client.head(path)

    assert first.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=600"
    assert (again.status_code, again.data) == (304, b"")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(first.data))


def test_the_one_inline_script_runs_by_its_hash_and_no_page_has_a_nonce(
    client: FlaskClient,
) -> None:
    policy = client.get("/library").headers["Content-Security-Policy"]

    assert "script-src 'sha256-" in policy
    assert "nonce" not in policy
    assert "nonce" not in client.get("/library").text


def approved(version: int, now: datetime) -> Callable[[Database], None]:
    """What an approver does."""

    def act(database: Database) -> None:
        with database.writing() as session:
            session.add(
                SignOff(
                    version_id=version,
                    state=SignOffState.APPROVED,
                    submitted_by="a",
                    submitted_at=now,
                )
            )
            session.add(SignOffAct(version_id=version, act="approved", by="b", at=now))

    return act


def test_a_page_is_as_new_as_the_last_approval(
    sqlite_database: Database, app: Flask, clock: Clock
) -> None:
    strict = open_app(settings(sign_off="on"), sqlite_database, clock).test_client()
    assert strict.get("/library/flu-jab").status_code == 404

    approved(2, clock.now)(sqlite_database)
    clock.now += timedelta(seconds=1)
    assert "(version 1)" in strict.get("/library/flu-jab").text

    approved(3, clock.now)(sqlite_database)
    clock.now += timedelta(seconds=1)
    assert "(version 2)" in strict.get("/library/flu-jab").text


def test_a_public_page_has_nothing_of_the_desk(client: FlaskClient) -> None:
    for path in ("/library", "/library/flu-jab", "/library/none"):
        page = client.get(path).text
        assert "Sign in" not in page
        assert 'href="/toolkits"' not in page


def test_a_toolkits_own_pictures_are_shown_where_there_is_no_https(
    sqlite_database: Database, clock: Clock
) -> None:
    home = "http://127.0.0.1:8000"
    picture = f"{home}/a/{'a' * 64}/map.png"
    with sqlite_database.writing() as session:
        seed(session)
        written = text("map", f"![The way]({picture})")
        publish(session, written, by="Ann Author", now=clock.now, home=home)
    app = open_app(settings(base_url=home), sqlite_database, clock)

    page = app.test_client().get("/library/map").text

    assert f'src="{picture}"' in page

"""Bulletins, their issues, feeds and dates, as a reader without an account finds them."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import event, select, update

from cascade.audience.records import Segment
from cascade.audience.segments import seed
from cascade.bulletins import making
from cascade.bulletins.making import Wanted
from cascade.bulletins.records import Bulletin, Issue
from cascade.bulletins.schedules import Schedule
from cascade.database import Database, connect
from cascade.library.publish import publish
from cascade.sending import control
from cascade.sending.records import Cascade
from tests.cascade.bulletins import archived, county
from tests.cascade.bulletins.calendar_rules import check_calendar
from tests.cascade.bulletins.feed_rules import check_atom, check_json, check_rss
from tests.cascade.pdf_rules import check_pdf
from tests.cascade.test_printing import streams
from tests.cascade.web.application import open_app
from tests.cascade.web.clock import Clock
from tests.cascade.web.scene import settings

HERE = "/bulletins/round-up"


@pytest.fixture
def clock() -> Clock:
    return Clock(county.MONDAY)


@pytest.fixture(scope="module")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bulletin with its issue, to be copied."""
    file = tmp_path_factory.mktemp("archive") / "made.db"
    shutil.copy(sqlite_template, file)
    with closing(connect(f"sqlite:///{file}")) as database, database.writing() as session:
        seed(session)
        archived.first(session, county.MONDAY)
    return file


@pytest.fixture
def archive(made: Path, tmp_path: Path) -> Iterator[Database]:
    file = shutil.copy(made, tmp_path / "archive.db")
    with closing(connect(f"sqlite:///{file}")) as database:
        yield database


@pytest.fixture
def app(archive: Database, clock: Clock) -> Flask:
    return open_app(settings(base_url="https://cascade.example.org"), archive, clock)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def withdraw(database: Database, now: datetime) -> None:
    with database.writing() as session:
        number = session.scalars(select(Issue.cascade_id)).first()
        assert number is not None
        control.withdraw(session, number, by="Ann", now=now)


def test_bulletins_are_listed_with_schedule_next_date_and_a_way_to_get_them(
    client: FlaskClient,
) -> None:
    page = client.get("/bulletins").text

    assert "The round-up" in page
    assert "every two weeks from 1 December 2026, at 10:00" in page
    assert "15 December 2026" in page
    assert f'href="{HERE}/subscribe"' in page


@pytest.mark.parametrize("path", ["/bulletins", HERE, f"{HERE}/dates.ics"])
def test_a_kept_date_beyond_the_years_leaves_the_pages_as_they_are(
    client: FlaskClient, archive: Database, path: str
) -> None:
    with archive.writing() as session:
        of = making.find(session, "round-up")
        of.schedule = {**of.schedule, "kind": "after", "days": 3, "dates": ["9999-12-31"]}

    assert client.get(path).status_code == 200


def test_without_bulletins_the_page_leads_to_the_library(
    sqlite_database: Database, clock: Clock
) -> None:
    page = open_app(settings(), sqlite_database, clock).test_client().get("/bulletins").text

    assert "There are no bulletins here yet" in page


def test_a_bulletin_for_private_segments_is_as_if_it_was_not_there(
    app: Flask, client: FlaskClient, archive: Database, clock: Clock
) -> None:
    with archive.writing() as session:
        county.bulletin(session, "homes-only", ["care-homes"], now=clock.now)
    for path in ("/bulletins/{}", "/bulletins/{}/dates.ics", "/feeds/{}.atom", "/bulletins/{}/1"):
        private, none = (client.get(path.format(one)) for one in ("homes-only", "nonononono"))
        assert private.status_code == 404
        said = [re.sub('nonce="[^"]+"', "", one.text) for one in (private, none)]
        assert said[0].replace("homes-only", "nonononono") == said[1]
    assert "homes-only" not in client.get("/bulletins").text


def test_an_issue_shows_what_is_for_everybody_with_links_to_the_library(
    client: FlaskClient,
) -> None:
    page = client.get(f"{HERE}/1").text

    assert page.index(">For action</h2>") < page.index(">Heat</h3>") < page.index("Stay cool.")
    assert 'href="/library/heat"' in page
    assert '<link rel="canonical" href="https://cascade.example.org/bulletins/round-up/1">' in page
    assert "hush" not in page
    assert "Care homes" not in page
    assert "For information" not in page


def test_an_audience_is_chosen_among_the_public_ones(
    client: FlaskClient, archive: Database, clock: Clock
) -> None:
    with archive.writing() as session:
        session.execute(update(Segment).where(Segment.name == "care-homes").values(public=True))
    clock.now += timedelta(seconds=2)

    assert f'href="{HERE}/1?audience=care-homes"' in client.get(f"{HERE}/1").text
    homes = client.get(f"{HERE}/1?audience=care-homes").text
    assert "hush inside." in homes
    assert "hush kept" not in homes
    assert client.get(f"{HERE}/1?audience=pharmacies").text == client.get(f"{HERE}/1").text


def test_an_issue_with_nothing_public_left_says_so(
    client: FlaskClient, archive: Database, clock: Clock
) -> None:
    with archive.writing() as session:
        publish(session, county.text("heat", public="no"), by="Ann", now=clock.now)
    clock.now += timedelta(seconds=2)

    assert "Nothing in this issue is for the public." in client.get(f"{HERE}/1").text
    assert "Stay cool" not in client.get(HERE).text
    assert json.loads(client.get("/feeds/round-up.json").text)["items"] == []


def test_an_issue_that_has_not_gone_out_is_not_there(
    client: FlaskClient, archive: Database, clock: Clock
) -> None:
    with archive.writing() as session:
        county.toolkit(session, "later", now=clock.now)
        county.submitted(session, session.scalars(select(Bulletin)).one(), now=clock.now)
    waiting, none = (client.get(f"{HERE}/{number}") for number in (2, 3))

    assert waiting.status_code == none.status_code == 404
    said = [re.sub('nonce="[^"]+"', "", one.text) for one in (waiting, none)]
    assert said[0] == said[1].replace("issue 3", "issue 2")
    assert client.get(f"{HERE}/2.pdf").status_code == 404
    assert "1 issue," in client.get(HERE).text


@pytest.mark.parametrize("is_started", [False, True])
def test_an_issue_that_waits_for_its_time_is_there_from_then_on(
    client: FlaskClient, archive: Database, clock: Clock, is_started: bool
) -> None:
    later = clock.now + timedelta(hours=3)
    state = "sending" if is_started else "scheduled"
    with archive.writing() as session:
        session.execute(update(Cascade).values(state=state, send_at=later))

    assert client.get(f"{HERE}/1").status_code == (200 if is_started else 404)


def test_a_withdrawn_issue_stays_with_a_banner_and_leaves_the_feeds(
    client: FlaskClient, archive: Database, clock: Clock
) -> None:
    assert "withdrawn" not in client.get(f"{HERE}/1").text
    clock.now += timedelta(minutes=5)
    withdraw(archive, clock.now)

    assert "This issue was withdrawn" in client.get(f"{HERE}/1").text
    assert ">\n  Withdrawn\n" in client.get(HERE).text
    (item,) = json.loads(client.get("/feeds/round-up.json").text)["items"]
    assert item["title"].startswith("Withdrawn: ")
    assert "Stay cool" not in item["content_html"]
    assert item["date_modified"] > item["date_published"]


def test_an_issue_that_was_withdrawn_before_its_time_never_was(
    client: FlaskClient, archive: Database, clock: Clock
) -> None:
    later = clock.now + timedelta(hours=3)
    with archive.writing() as session:
        session.execute(update(Cascade).values(state="scheduled", send_at=later))
    withdraw(archive, clock.now)
    clock.now = later + timedelta(hours=1)

    assert client.get(f"{HERE}/1").status_code == 404


@pytest.mark.parametrize(
    ("words", "is_found"),
    [("cool", True), ("heat+cool", True), ("hush", False), ("kept", False), ("cool+hush", False)],
)
def test_issues_are_found_by_their_public_words_only(
    client: FlaskClient, words: str, is_found: bool
) -> None:
    page = client.get(f"{HERE}?search={words}").text

    assert (f'href="{HERE}/1"' in page) == is_found
    assert ("Nothing was found" in page) != is_found


def test_what_is_typed_is_only_text(client: FlaskClient) -> None:
    page = client.get(f"{HERE}?search=<script>alert(1)</script>").text

    assert "<script>alert" not in page


def test_ten_thousand_issues_take_as_many_questions_as_forty(
    app: Flask, client: FlaskClient, archive: Database, clock: Clock
) -> None:
    asked: list[str] = []
    event.listen(archive.engine, "before_cursor_execute", lambda *found: asked.append(found[2]))
    counts = []
    for more in (1, 40, 9_958):
        with archive.writing() as session:
            of = session.scalars(select(Bulletin)).one()
            archived.many(session, of, more, clock.now)
        clock.now += timedelta(seconds=2)
        asked.clear()
        for path in (HERE, f"{HERE}?page=2", f"{HERE}?search=number1", "/feeds/round-up.atom"):
            assert client.get(path).status_code == 200
        counts.append(len(asked))

    assert counts[1] == counts[2]
    page = client.get(HERE).text
    assert "10,000 issues" in page
    assert page.count("app-library__item") == 20
    assert client.get("/feeds/round-up.atom").text.count("<entry") == 50
    assert client.get(f"{HERE}?page=500").text.count("app-library__item") == 20
    assert "no issues on this page" in client.get(f"{HERE}?page=501").text
    assert f'href="{HERE}/9999"' in client.get(f"{HERE}/10000").text


@pytest.fixture
def bilingual(sqlite_database: Database, clock: Clock) -> FlaskClient:
    """A reader of an issue in two languages."""
    with sqlite_database.writing() as session:
        seed(session)
        archived.reader(session, clock.now)
        of = county.bulletin(session, segments=archived.READERS, languages=("en", "ur"))
        county.toolkit(session, "heat")
        urdu = county.text("heat", title="گرمی", language="ur", summary="ٹھنڈے رہیں")
        publish(session, urdu, by="Ann", now=clock.now)
        county.released(session, of)
    return open_app(settings(), sqlite_database, clock).test_client()


def test_an_issue_is_offered_in_its_languages(bilingual: FlaskClient) -> None:
    assert "Summary of heat" in bilingual.get(f"{HERE}/1").text
    for asked in (
        bilingual.get(f"{HERE}/1?language=ur"),
        bilingual.get(f"{HERE}/1", headers={"Accept-Language": "ur,en;q=0.5"}),
    ):
        assert 'lang="ur" dir="rtl"' in asked.text
        assert "ٹھنڈے رہیں" in asked.text
    assert "Accept-Language" in bilingual.get(f"{HERE}/1").headers["Vary"]
    assert bilingual.get(f"{HERE}/1.pdf?language=ur").mimetype == "application/pdf"


def test_nobody_chooses_the_language_of_others(bilingual: FlaskClient) -> None:
    english, urdu = "en-GB,en;q=0.9", "ur"
    long = ",".join(["xx"] * 100)
    for asked, theirs in ((english, english), (long, f"{long},en"), ("", "")):
        bilingual.get(f"{HERE}/1?language={asked}", headers={"Accept-Language": urdu})
        bilingual.get(f"{HERE}/1", headers={"Accept-Language": f"{long},{urdu}"})
        page = bilingual.get(f"{HERE}/1", headers={"Accept-Language": theirs}).text
        assert "Summary of heat" in page, asked


def test_an_issue_on_paper_is_tagged_and_has_codes_for_its_links(client: FlaskClient) -> None:
    answered = client.get(f"{HERE}/1.pdf")
    made = streams(answered.data)

    assert answered.mimetype == "application/pdf"
    assert check_pdf(answered.data) == [1, 2, 3]
    assert b"https://cascade.example.org/library/heat" in made
    assert b"https://cascade.example.org/bulletins/round-up/1" in made
    assert b"library/homes" not in made
    again = client.get(f"{HERE}/1.pdf", headers={"If-None-Match": answered.headers["ETag"]})
    assert again.status_code == 304


FEEDS = [
    ("/feeds/library", "library/heat", "hush kept"),
    ("/feeds/round-up", "bulletins/round-up/1", "hush"),
    ("/feeds/round-up/voluntary-sector", "bulletins/round-up/1", "hush"),
]


@pytest.mark.parametrize(("path", "entry", "private"), FEEDS)
@pytest.mark.parametrize(
    ("form", "media_type", "check"),
    [
        ("atom", "application/atom+xml", check_atom),
        ("rss", "application/rss+xml", check_rss),
        ("json", "application/feed+json", check_json),
    ],
)
def test_a_feed_follows_its_rules_and_says_nothing_private(
    client: FlaskClient,
    path: str,
    entry: str,
    private: str,
    form: str,
    media_type: str,
    check: object,
) -> None:
    answered = client.get(f"{path}.{form}")

    assert callable(check)
    check(answered.text)
    assert answered.mimetype == media_type
    assert f"https://cascade.example.org/{entry}" in answered.text
    assert f"https://cascade.example.org{path}.{form}" in answered.text
    assert private not in answered.text
    assert "Set-Cookie" not in answered.headers


def test_content_of_a_feed_is_escaped_html_with_whole_addresses(client: FlaskClient) -> None:
    feed = etree.fromstring(client.get("/feeds/round-up.atom").data)
    html = feed.findtext("{*}entry/{*}content")

    assert html is not None
    assert "<h2>For action</h2>" in html
    links = re.findall(r'(?:href|src)="([^"]+)"', html)
    assert links == ["https://cascade.example.org/library/heat"]


@pytest.mark.parametrize(
    "headers",
    [
        {"If-Modified-Since": "yesterday"},
        {"If-None-Match": 'W/"x", "', "If-Modified-Since": "Mon, 99 Foo 2026"},
        {"Accept": "text/nonsense;q=7, ;;", "Accept-Language": ";;q=,*", "Range": "bytes=5-1"},
        {"A-IM": "feed", "User-Agent": ""},
    ],
)
def test_odd_headers_of_feed_readers_get_the_whole_feed(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    answered = client.get("/feeds/round-up.atom", headers=headers)

    assert answered.status_code == 200
    check_atom(answered.text)


def test_who_has_a_feed_already_gets_nothing_again(client: FlaskClient) -> None:
    first = client.get("/feeds/round-up.rss")
    for sent in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        again = client.get("/feeds/round-up.rss", headers=sent)
        assert again.status_code == 304
        assert again.data == b""


@pytest.mark.parametrize(
    "path",
    ["/feeds/round-up.xml", "/feeds/none.atom", "/feeds/round-up/care-homes.rss", "/feeds/a/b.c"],
)
def test_a_feed_that_is_none_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_programs_find_the_feeds_of_a_page(client: FlaskClient) -> None:
    for page, feed in (
        ("/library", "/feeds/library.json"),
        (HERE, "/feeds/round-up.atom"),
        (HERE, "/feeds/round-up/voluntary-sector.rss"),
        (f"{HERE}/1", "/feeds/round-up.rss"),
    ):
        assert re.search(rf'<link rel="alternate" [^>]*href="{feed}">', client.get(page).text)


def dates(client: FlaskClient) -> dict[str, tuple[datetime, int]]:
    """When each event begins and how often it was changed, by its name."""
    answered = client.get(f"{HERE}/dates.ics")
    assert answered.mimetype == "text/calendar"
    read = check_calendar(answered.data)
    return {str(one["uid"]): (one.start, int(one["sequence"])) for one in read.walk("VEVENT")}


def test_the_next_ten_dates_are_a_calendar_on_the_clocks_of_england(client: FlaskClient) -> None:
    found = dates(client)

    assert len(found) == 10
    assert [*found][0].startswith("round-up-2@")
    begins = [at for at, _ in found.values()]
    assert begins == sorted(begins)
    assert f"{begins[0]:%Y-%m-%d %H:%M %Z}" == "2026-12-15 10:00 GMT"
    assert f"{begins[-1]:%H:%M %Z}" == "10:00 BST"
    assert client.get(f"{HERE}/dates.ics").data.count(b"DTSTAMP:") == 10


def test_a_date_that_is_moved_is_the_same_event_changed(
    client: FlaskClient, archive: Database, clock: Clock
) -> None:
    before = dates(client)
    with archive.writing() as session:
        of = session.scalars(select(Bulletin)).one()
        weekly = Schedule("weekly", county.FORTNIGHTLY.at, weekday=3)
        wanted = Wanted("round-up", "The round-up", archived.READERS, weekly)
        making.change(session, of, wanted, seen=of.revision, by="Ann", now=clock.now)
    after = dates(client)

    assert [*before] == [*after]
    assert all(before[one][0] != after[one][0] for one in before)
    assert all(before[one][1] < after[one][1] for one in before)


def test_a_stopped_bulletin_has_no_dates(
    client: FlaskClient, archive: Database, clock: Clock
) -> None:
    with archive.writing() as session:
        of = session.scalars(select(Bulletin)).one()
        making.set_stopped(session, of, stopped=True, by="Ann", now=clock.now)

    assert dates(client) == {}
    assert "No further issue is planned" in client.get(HERE).text


def test_maps_of_the_site_have_bulletins_and_issues(client: FlaskClient) -> None:
    addresses = etree.fromstring(client.get("/sitemap.xml").data).xpath("//*[local-name()='loc']")

    assert {
        "https://cascade.example.org/bulletins/round-up",
        "https://cascade.example.org/library",
    } <= {one.text for one in addresses}
    assert f"https://cascade.example.org{HERE}/1" in [one.text for one in addresses]


def test_an_answer_is_for_everybody_and_kept_for_a_minute(client: FlaskClient) -> None:
    for path in ("/bulletins", HERE, f"{HERE}/1", f"{HERE}/1.pdf", "/feeds/round-up.atom"):
        answered = client.get(path)
        assert answered.headers["Cache-Control"].startswith("public, max-age=60")
        assert answered.headers["ETag"]
        assert answered.headers["X-Robots-Tag"] == "all"
        assert "Set-Cookie" not in answered.headers

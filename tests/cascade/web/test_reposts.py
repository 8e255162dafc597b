"""The desk's pages about where toolkits were used."""

import csv
import io
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from cascade.reposts.records import LinkCheck, Repost
from tests.cascade.web.people import audited, browser, person, stamp
from tests.cascade.web.scene import Scene

OF = "/reposts/of/cold-snap"


@pytest.fixture
def author(closed: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """The browser of an author."""
    return browser(closed, scene.database, person(scene.database, now, "author"), now)


def send(client: FlaskClient, path: str, **data: object):  # type: ignore[no-untyped-def]
    return client.post(path, data={"stamp": stamp(client), **data})


def looked(scene: Scene, state: str = "seen", excerpt: str = "Keep rooms <warm>") -> None:
    with scene.database.writing() as session:
        session.execute(
            update(LinkCheck).values(
                state=state,
                excerpt=excerpt,
                found="2 of 2 key messages",
                address="https://club.example.org/<other>",
                done_at=scene.now,
            )
        )
        session.execute(update(Repost).values(grade=state))


def test_the_list_shows_each_report_with_its_grade_and_filters(author: FlaskClient) -> None:
    page = author.get("/reposts").text
    assert "Lunch Club" in page
    assert "1 report, newest first" in page
    assert "Reported" in page
    for asked in ("search=door", "grade=reported", "where=noticeboard", "toolkit=cold-snap"):
        assert "1 report, newest first" in author.get(f"/reposts?{asked}").text, asked
    for asked in (
        "search=zzz",
        "grade=seen",
        "where=radio",
        "toolkit=x",
        "withdrawn=yes",
        "page=9",
    ):
        assert "No report found" in author.get(f"/reposts?{asked}").text, asked
    assert author.get("/reposts?grade=x&where=x&page=x&search=%00").status_code == 200


def test_without_any_the_list_says_how_they_come(author: FlaskClient, scene: Scene) -> None:
    with scene.database.writing() as session:
        for table in reversed(Repost.metadata.sorted_tables):
            if table.name in ("reposts", "link_checks", "repost_pictures"):
                session.execute(table.delete())

    assert "Nobody has told us of a use yet" in author.get("/reposts").text
    assert "Nobody has told us of a use yet" in author.get(OF).text
    assert author.get("/reposts/1").status_code == 404


def test_a_report_tells_its_story_and_runs_nothing(author: FlaskClient, scene: Scene) -> None:
    looked(scene)
    page = author.get("/reposts/1").text

    assert "By the &lt;door&gt;" in page
    assert 'href="/reposts/of/cold-snap">Cold weather alert</a>' in page
    assert "Keep rooms &lt;warm&gt;" in page
    assert "2 of 2 key messages" in page
    assert "https://club.example.org/&lt;other&gt;" in page
    assert 'rel="noopener noreferrer nofollow"' in page
    picture = author.get("/reposts/1/picture")
    assert picture.mimetype == "image/png"
    assert "sandbox" in picture.headers["Content-Security-Policy"]


def test_the_table_has_no_formula_in_it(author: FlaskClient, scene: Scene) -> None:
    with scene.database.writing() as session:
        session.execute(update(Repost).values(group_name="=1+1", words="@SUM(A1)"))
    answered = author.get("/reposts.csv")
    (row,) = csv.DictReader(io.StringIO(answered.text))

    assert (row["group"], row["words"], row["grade"]) == ("'=1+1", "'@SUM(A1)", "reported")
    assert "attachment" in answered.headers["Content-Disposition"]


def test_a_page_is_looked_at_again_once(author: FlaskClient, scene: Scene) -> None:
    send(author, "/reposts/1/check")  # one is waiting already
    looked(scene, "not-found")
    for _ in range(2):
        assert send(author, "/reposts/1/check").status_code == 303

    with scene.database.reading() as session:
        assert session.scalar(select(func.count(LinkCheck.id))) == 2
    assert len(audited(scene.database, "repost-checked")) == 1
    assert send(author, "/reposts/99/check").status_code == 404


def test_a_report_is_withdrawn_with_a_reason(author: FlaskClient, scene: Scene) -> None:
    nothing = send(author, "/reposts/1/withdraw", why=" ")
    done = send(author, "/reposts/1/withdraw", why="Told <twice>")
    again = send(author, "/reposts/1/withdraw", why="once more")

    assert (nothing.status_code, done.status_code, again.status_code) == (422, 303, 409)
    assert "Error: " in nothing.text
    assert "Told &lt;twice&gt;" in author.get("/reposts/1").text
    assert "Lunch Club" not in author.get("/reposts.csv").text
    assert "1 report, newest first" in author.get("/reposts?withdrawn=yes").text
    (entry,) = audited(scene.database, "repost-withdrawn")
    assert (entry.subject, entry.detail) == ("repost 1", "Told <twice>")


def test_what_somebody_told_the_cell_is_written_down(author: FlaskClient, scene: Scene) -> None:
    typed = {"group": "Oak House 1", "way": "meeting", "used_on": "2026-11-21", "people": "9"}
    wrong = send(author, f"{OF}/new", **(typed | {"people": "few"}))
    done = send(author, f"{OF}/new", **typed)

    assert wrong.status_code == 422
    assert 'value="few"' in wrong.text
    assert done.headers["Location"] == "/reposts/2"
    page = author.get("/reposts/2").text
    assert "Known to us" in page
    assert "Reported to jo@example.org, who wrote it down" in page
    assert len(audited(scene.database, "repost-added")) == 1
    assert author.get("/reposts/of/absent/new").status_code == 404


def test_a_target_is_shown_with_grades_and_what_it_is_of(author: FlaskClient, scene: Scene) -> None:
    assert "No target is set" in author.get(OF).text
    assert send(author, OF, groups="3", people="x").status_code == 422
    assert send(author, OF, groups="3", people="").status_code == 303

    page = author.get(OF).text
    assert "<strong>1 of 3 groups</strong>, 0 of them seen by us" in page
    looked(scene)
    assert "<strong>1 of 3 groups</strong>, 1 of them seen by us" in author.get(OF).text
    assert len(audited(scene.database, "target-set")) == 1
    send(author, OF, groups="3", people="")
    assert len(audited(scene.database, "target-set")) == 1


def test_who_may_only_see_changes_nothing(closed: Flask, scene: Scene, now: datetime) -> None:
    releaser = browser(closed, scene.database, person(scene.database, now, "releaser"), now)

    page = releaser.get("/reposts/1").text
    assert "Withdraw" not in page
    assert "Look at the page again" not in page
    assert "Set the target" not in releaser.get(OF).text

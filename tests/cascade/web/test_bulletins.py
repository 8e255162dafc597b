"""The pages of bulletins and issues, as a cell uses them."""

import re
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from cascade.accounts.records import AuditEntry
from cascade.audience.records import Segment
from cascade.bulletins import collecting, issues, making
from cascade.evidence.records import ItemAnswer
from cascade.library.publish import publish
from cascade.sending.records import Cascade, Delivery
from cascade.sign_off import signing
from tests.cascade.bulletins.county import text
from tests.cascade.web.cell import Cell, gathered
from tests.cascade.web.forms import untouched
from tests.cascade.web.scene import Scene

ISSUE = "/editions/round-up/1"
FORM = {
    "title": "Board news",
    "name": "board-news",
    "segments": "care-homes",
    "kind": "after",
    "days": "3",
    "dates": "2026-12-03\n2027-01-07",
    "at": "10:00",
    "cut_off_hours": "48",
    "languages": "en",
    "headings": "y",
}


@pytest.fixture
def cell(closed: Flask, scene: Scene, now: datetime) -> Cell:
    """Author, approver and releaser; the issue has the scene's toolkit and two more, approved."""
    cell = gathered(closed, scene, now)
    cell.approve()
    with scene.database.writing() as session:
        for name in ("flu", "heat"):
            version = publish(session, text(name), by=cell.author.who.email, now=now)
            signing.submit(session, version.id, by=cell.author.who, now=now)
            signing.approve(session, version.id, by=cell.approver.who, now=now)
        of = making.find(session, "round-up")
        collecting.collect(session, of, issues.find(session, of, 1), now=now, sign_off=True)
    return cell


def revision(cell: Cell) -> str:
    with cell.database.reading() as session:
        of = making.find(session, "round-up")
        return str(issues.find(session, of, 1).revision)


def test_a_bulletin_is_added_after_a_look_at_its_dates(cell: Cell) -> None:
    shown = cell.author.post("/editions/new", **FORM, act="dates")
    assert shown.status_code == 200
    assert "Tuesday 8 December 2026" in shown.text
    kept = cell.author.post("/editions/new", **FORM, act="keep")
    assert (kept.status_code, kept.headers["Location"]) == (303, "/editions/board-news")
    page = cell.author.get("/editions/board-news")
    assert "3 working days after each of 2 dates" in page
    with cell.database.reading() as session:
        acts = session.scalars(select(AuditEntry.act)).all()
    assert "bulletin-added" in acts


def test_what_is_wrong_with_a_schedule_is_said_once_above_and_once_beside(cell: Cell) -> None:
    refused = cell.author.post("/editions/new", **FORM | {"at": "late"}, act="keep")

    assert refused.text.count("Enter a time, such as 10:00") == 2


def test_the_dates_of_a_good_schedule_stand_there_whatever_else_is_wrong(cell: Cell) -> None:
    refused = cell.author.post("/editions/new", **FORM | {"title": ""}, act="keep")

    assert refused.status_code == 422
    assert "Tuesday 8 December 2026" in refused.text
    assert "No date follows" not in refused.text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("dates", "tomorrow", "Enter dates such as"),
        ("title", "", "Enter a title"),
        ("at", "late", "Enter a time"),
        ("days", "many", "Enter a whole number"),
        ("name", "round-up", "already"),
        ("kind", "", "Choose how often"),
        ("segments", "nobody", "Choose at least one segment"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(
    cell: Cell, field: str, typed: str, words: str
) -> None:
    answered = cell.author.post("/editions/new", **{**FORM, field: typed}, act="keep")
    assert answered.status_code == 422
    assert words in answered.text
    assert "<title>Error: " in answered.text.replace("\n", "").replace("  ", "")
    assert "Board news" in answered.text or field == "title"


def test_dates_are_shown_while_a_schedule_is_typed(cell: Cell) -> None:
    asked = "/editions/dates?kind=rule&start=2026-12-01&rule=FREQ%3DMONTHLY%3BBYDAY%3D2TU&at=9:30"
    assert "Tuesday 8 December 2026, 9:30am" in cell.author.get(asked)
    assert "No date follows" in cell.author.get("/editions/dates?kind=rule&rule=x&at=10:00")


def test_a_bulletin_that_somebody_else_changed_is_not_overwritten(cell: Cell) -> None:
    form = untouched(cell.author.get("/editions/round-up/change"))
    changed = {**FORM, "kind": "weekly", "weekday": "2", "revision": form["revision"]}
    assert cell.author.post("/editions/round-up/change", **changed).status_code == 303
    second = cell.author.post("/editions/round-up/change", **{**changed, "title": "Mine"})
    assert second.status_code == 409
    assert "changed this bulletin meanwhile" in second.text
    assert "Board news" in cell.author.get("/editions/round-up")


def test_an_issue_goes_from_its_items_to_a_cascade(cell: Cell) -> None:
    page = cell.author.get(ISSUE)
    assert page.index("Flu") < page.index("Heat")
    with cell.database.reading() as session:
        of = making.find(session, "round-up")
        found = issues.entries(session, issues.find(session, of, 1))
        flu = next(entry.id for entry, _ in found if entry.item == "flu")
    path = f"{ISSUE}/items"
    moved = cell.author.post(f"{path}/arrange", act="hold-next", entry=flu, revision=revision(cell))
    assert moved.status_code == 303
    assert "Held back" in cell.author.get(ISSUE)
    back = cell.author.post(f"{path}/arrange", act="put-in", entry=flu, revision=revision(cell))
    assert back.status_code == 303
    asked = cell.author.post(
        f"{path}/{flu}", heading="for-action", note="*Ask us.*", asks="y", revision=revision(cell)
    )
    assert asked.status_code == 303
    words = cell.author.post(f"{ISSUE}/words", lead="Hello.", note="", revision=revision(cell))
    assert words.status_code == 303
    mail = cell.author.get(f"{ISSUE}/preview/email?segments=care-homes&language=en")
    assert "Ask us." in mail
    assert "For action" in mail
    # It goes out as routine, so nothing asks the reader to act within a day.
    assert "Confirm by" not in mail
    assert cell.author.post(f"{ISSUE}/submit", revision=revision(cell)).status_code == 303
    assert "Waiting for approval" in cell.author.get(ISSUE)
    assert cell.first.post(f"{ISSUE}/release", revision=revision(cell)).status_code == 409
    assert cell.author.post(f"{ISSUE}/approve").status_code == 403
    assert cell.approver.post(f"{ISSUE}/approve", revision=revision(cell)).status_code == 303
    with cell.database.reading() as session:
        issue = issues.find(session, making.find(session, "round-up"), 1)
        version = cell.first.get(f"/versions/{issue.versions['en']}")
    assert "Release it" not in version
    assert "goes out from its page" in version
    looked = cell.first.get(f"{ISSUE}/release")
    assert "Release to 3 people" in looked
    assert f'href="{ISSUE}/as/1"' in looked
    example = cell.first.get(f"{ISSUE}/as/1")
    assert "manager1@home1.example.org" in example
    assert "Ask us." in cell.first.get(f"{ISSUE}/as/1/email")
    assert cell.author.client.get(f"{ISSUE}/as/1").status_code == 403
    sent = cell.first.post(f"{ISSUE}/release", revision=revision(cell))
    assert sent.status_code == 303
    assert cell.first.post(f"{ISSUE}/release", revision=revision(cell)).status_code == 409
    with cell.database.reading() as session:
        assert session.get_one(Cascade, 2).released_by == cell.first.who.email
    for path in (f"{ISSUE}/as/1", f"{ISSUE}/as/1/email"):
        assert cell.first.client.get(path).headers["Location"] == ISSUE
    over = cell.author.get(ISSUE)
    assert "0 of 3 (A)" in over
    assert over.count("app-preview__frame") == 1
    of = cell.author.get("/editions/round-up")
    # It went out early: it tells when, and its own date is over.
    assert re.search(r"Released\s*</strong><br><span[^>]*>\w+day 2\d November 2026", of)
    assert ("Issue 1: " in of, "Issue 2: " in of) == (False, True)


def test_the_next_dates_of_a_bulletin_are_of_the_issues_to_come(cell: Cell) -> None:
    before = cell.author.get("/editions/round-up")
    assert ("Issue 1: " in before, "Issue 2: " in before) == (True, True)

    cell.author.post("/editions/round-up/stop")

    stopped = cell.author.get("/editions/round-up")
    assert ("Issue 1: " in stopped, "Issue 2: " in stopped) == (True, False)


def test_a_bulletin_can_go_to_subscribers_of_another_one_and_has_its_own_anyway(
    cell: Cell,
) -> None:
    cell.author.post("/editions/new", **FORM, act="keep")

    form = cell.author.get("/editions/board-news/change")

    assert 'value="subscribers-round-up"' in form
    assert 'value="subscribers-board-news"' not in form


def test_a_page_that_is_old_approves_and_releases_nothing(cell: Cell) -> None:
    cell.author.post(f"{ISSUE}/submit", revision=revision(cell))
    old = revision(cell)
    cell.author.post(f"{ISSUE}/take-back", revision=old)
    cell.author.post(f"{ISSUE}/words", lead="Ring 0900.", note="", revision=revision(cell))
    cell.author.post(f"{ISSUE}/submit", revision=revision(cell))

    refused = cell.approver.post(f"{ISSUE}/approve", revision=old)

    assert refused.status_code == 409
    assert "changed this issue meanwhile" in refused.text
    assert cell.approver.post(f"{ISSUE}/approve", revision=revision(cell)).status_code == 303
    assert cell.first.post(f"{ISSUE}/release", revision=old).status_code == 409
    assert cell.first.post(f"{ISSUE}/release", revision=revision(cell)).status_code == 303


def test_an_issue_tells_what_mere_subscribers_do_not_get_and_shows_it(
    cell: Cell, now: datetime
) -> None:
    said, preview = "only subscribers", f"{ISSUE}/preview/email?language=en&segments="
    with cell.database.writing() as session:
        # The newest version counts, also where the issue took in one before it.
        hush = publish(session, text("heat", public="no"), by=cell.author.who.email, now=now)
        signing.submit(session, hush.id, by=cell.author.who, now=now)
        signing.approve(session, hush.id, by=cell.approver.who, now=now)
    assert said not in cell.author.get(ISSUE)
    assert "Summary of heat." in cell.author.get(f"{preview}subscribers-round-up")

    with cell.database.writing() as session:
        session.execute(update(Segment).where(Segment.name == "care-homes").values(public=True))

    assert cell.author.get(ISSUE).count(said) == 1
    assert "Summary of heat." in cell.author.get(f"{preview}care-homes")
    theirs = cell.author.get(f"{preview}subscribers-round-up")
    assert ("Summary of flu." in theirs, "Summary of heat." in theirs) == (True, False)
    cell.author.post(f"{ISSUE}/submit", revision=revision(cell))
    assert cell.author.get(ISSUE).count(said) == 1
    assert "Summary of heat." not in cell.author.get(f"{preview}subscribers-round-up")


def test_an_overtaken_change_is_refused_with_what_was_typed(cell: Cell) -> None:
    first = {"lead": "Hers", "note": "", "revision": revision(cell)}
    assert cell.author.post(f"{ISSUE}/words", **first).status_code == 303
    second = cell.author.post(f"{ISSUE}/words", **{**first, "lead": "His"})
    assert second.status_code == 409
    assert "changed this issue meanwhile" in second.text
    assert "His" in second.text
    assert "Hers" in cell.author.get(ISSUE)


@pytest.mark.parametrize("typed", ["nothing", "flu", "", "<script>"])
def test_what_cannot_be_taken_in_is_said(cell: Cell, typed: str) -> None:
    path = f"{ISSUE}/items/take-in"
    answered = cell.author.post(path, toolkit=typed, revision=revision(cell))
    assert answered.status_code == 422
    assert "There is a problem" in answered.text
    assert "<script>" not in answered.text.partition("<main")[2]


def test_a_note_with_fences_is_refused(cell: Cell) -> None:
    note = "::: for care-homes\nx\n:::"
    answered = cell.author.post(f"{ISSUE}/words", lead="", note=note, revision=revision(cell))
    assert answered.status_code == 422
    assert "::: for care-homes" in answered.text


def test_items_of_another_issue_are_not_found(cell: Cell) -> None:
    assert cell.author.client.get(f"{ISSUE}/items/999").status_code == 404
    assert cell.author.client.get("/editions/other/1").status_code == 404
    gone = cell.author.post(f"{ISSUE}/items/arrange", act="up", entry=999, revision=revision(cell))
    assert gone.status_code == 404


def test_readers_say_which_items_they_used(cell: Cell, scene: Scene) -> None:
    with cell.database.reading() as session:
        of = making.find(session, "round-up")
        found = issues.entries(session, issues.find(session, of, 1))
        flu = next(entry.id for entry, _ in found if entry.item == "flu")
    detail = {"heading": "for-action", "asks": "y", "revision": revision(cell)}
    cell.author.post(f"{ISSUE}/items/{flu}", **detail)
    cell.author.post(f"{ISSUE}/submit", revision=revision(cell))
    cell.approver.post(f"{ISSUE}/approve", revision=revision(cell))
    cell.first.post(f"{ISSUE}/release", revision=revision(cell))
    with cell.database.reading() as session:
        delivery = session.scalars(
            select(Delivery.id).where(Delivery.cascade_id == 2).order_by(Delivery.id)
        ).first()
    path = f"/c/{scene.links.token('confirm', delivery or 0)}"
    page = cell.author.client.get(path).text
    assert "Which of these have you used?" in page
    with cell.database.reading() as session:
        assert session.scalars(select(ItemAnswer)).all() == []
    form = untouched(page)
    answer = {"stamp": form["stamp"], "answer": "received", "name": "Jo", "role": "Nurse"}
    sent = cell.author.client.post(path, data={**answer, "used": ["flu", "heat", "x"]})
    assert sent.status_code == 303
    cell.author.client.post(path, data={**answer, "used": ["flu"]})
    with cell.database.reading() as session:
        assert [one.item for one in session.scalars(select(ItemAnswer))] == ["flu"]
    assert "1 of 3 (A)" in cell.author.get(ISSUE)

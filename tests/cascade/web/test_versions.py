"""Sign-off in the browser: submitted, looked at, approved or returned."""

from datetime import datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from cascade.audience.records import Segment
from cascade.letters.records import Letter
from cascade.library.publish import publish
from cascade.sign_off import signing
from cascade.web.sign_off_forms import ReturnForm
from tests.cascade.web.application import open_app
from tests.cascade.web.cell import CHANGED, Cell, gathered
from tests.cascade.web.forms import whole
from tests.cascade.web.people import audited
from tests.cascade.web.scene import Scene, settings, ticking

COMMENTS = "6: Whose lead?\nand since when?\n12. Why?"


@pytest.fixture
def cell(closed: Flask, scene: Scene, now: datetime) -> Cell:
    return gathered(closed, scene, now)


def submit(cell: Cell, **data: object) -> int:
    return cell.author.post(f"/versions/{cell.version}/submit", **data).status_code


def test_a_text_goes_from_its_author_to_an_approver_and_is_approved(cell: Cell) -> None:
    assert "Submit for approval" in cell.state()
    assert submit(cell, **{"submit-note": "Needed by noon."}) == 303

    assert "1 text waits" in cell.approver.get("/approvals")
    page = cell.approver.get(f"/versions/{cell.version}")
    assert "Needed by noon." in page
    assert "Approve this text" in page
    assert "Return it to its authors" in page
    done = cell.approver.post(f"/versions/{cell.version}/approve")

    assert done.status_code == 303
    assert "Approved by" in cell.state()
    assert "Release it" in cell.first.get(f"/versions/{cell.version}")
    assert "Nothing waits for approval" in cell.approver.get("/approvals")
    assert [(one.act, one.by) for one in audited(cell.database)][-2:] == [
        ("submitted", "ann@example.org"),
        ("approved", "cy@example.org"),
    ]


@pytest.mark.parametrize("of", ["versions", "drafts"])
def test_examples_are_of_the_segment_that_is_shown(cell: Cell, of: str) -> None:
    with cell.database.writing() as session:
        session.add(Segment(name="hospices", title="Hospices <and> more", rule={}))

    email = f"/{of}/1/preview/email?segments="
    assert "For: Market Street Pharmacy" in cell.author.get(f"{email}pharmacies")
    assert "Rose Court" not in cell.author.get(f"{email}pharmacies")
    assert "For: Hospices &lt;and&gt; more" in cell.author.get(f"{email}hospices")
    page = cell.author.get(f"/{of}/1?segment=care-homes&segment=pharmacies&format=text")
    assert page.count("For: Rose Court Care Home") == page.count("For: Market Street") == 1


def test_everybody_it_concerns_gets_a_letter(cell: Cell) -> None:
    submit(cell)
    cell.approver.post(f"/versions/{cell.version}/approve")

    with cell.database.reading() as session:
        told = [(one.to, one.subject) for one in session.scalars(select(Letter))]
    assert told == [
        ("cy@example.org", "To approve: Cold weather alert"),
        ("ann@example.org", "Approved: Cold weather alert"),
    ]


def test_an_approver_sees_what_each_segment_gets_and_what_changed(cell: Cell) -> None:
    cell.approve()
    with cell.database.writing() as session:
        text = CHANGED.replace("very cold", "bitterly cold")
        number = publish(session, text, by="ann@example.org", now=cell.now).id
        signing.submit(session, number, by=cell.author.who, now=cell.now)

    page = cell.approver.get(f"/versions/{number}?segment=care-homes&segment=pharmacies")

    assert f'src="/versions/{number}/preview/email?segments=care-homes"' in page
    assert f'src="/versions/{number}/preview/email?segments=pharmacies"' in page
    assert "the last that was approved" in page
    assert "<ins>bitterly</ins>" in page
    assert "<del>very</del>" in page


def test_a_text_is_returned_with_comments_that_lead_to_their_lines(cell: Cell) -> None:
    submit(cell)
    done = cell.approver.post(
        f"/versions/{cell.version}/return",
        **{
            "return-note": "Nearly.",
            "return-comments": COMMENTS,
        },
    )

    assert done.status_code == 303
    page = cell.state()
    assert "Nearly." in page
    assert '<a href="#line-6">Line 6</a>: Whose lead?\nand since when?' in page
    assert '<a href="#line-12">Line 12</a>: Why?' in page
    assert 'id="line-12"' in page
    assert "Submit for approval" in page


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({}, "Say what is to be mended"),
        ({"return-comments": "400: Where?"}, "there is no line 400"),
        ({"return-comments": "Where?"}, "Begin with the number of the line"),
        ({"return-comments": "6: Whose?\n14 Sunday, which date?"}, "“14 Sunday, which date?”"),
        ({"return-comments": "6: Too late:\n9.30 is better"}, "“9.30 is better” begins with"),
    ],
)
def test_a_return_that_helps_nobody_is_refused_and_kept(
    cell: Cell, data: dict[str, str], problem: str
) -> None:
    submit(cell)
    answered = cell.approver.post(f"/versions/{cell.version}/return", **data)

    assert answered.status_code == 422
    assert problem in answered.text
    assert data.get("return-comments", "") in answered.text
    assert "<title>Error: " in " ".join(answered.text.split())


@pytest.mark.parametrize(
    "typed",
    ["14 - Which date?", "14 – Which date?", "14. Which date?", "14) Which date?", "14:Which date?"]
    + ["line 14 Which date?", "Line 14: Which date?", "LINE 14 - Which date?", "14- Which date?"],
)
def test_comments_are_understood_however_their_line_is_named(typed: str) -> None:
    form = ReturnForm(MultiDict({"comments": f"17: Whose lead?\n{typed}\nAnd where?"}))

    assert form.validate()
    assert form.given() == [(17, "Whose lead?"), (14, "Which date?\nAnd where?")]


@given(st.integers(1, 999), st.text(min_size=1))
def test_what_begins_with_a_number_never_goes_to_another_line(line: int, said: str) -> None:
    form = ReturnForm(MultiDict({"comments": f"1000: One\n{line}{said}"}))

    assert not form.validate() or form.given()[1].line >= line


def test_who_wrote_it_is_told_who_may_approve_it(cell: Cell, closed: Flask, scene: Scene) -> None:
    submit(cell)
    assert "It can be approved by Cy." in cell.state()
    assert "Approve this text" not in cell.state()


def test_two_approvals_at_once_make_one(cell: Cell) -> None:
    submit(cell)
    cell.approver.post(f"/versions/{cell.version}/approve")
    second = cell.approver.post(f"/versions/{cell.version}/approve")

    assert second.status_code == 409
    assert "approved already, by cy@example.org" in second.text
    assert len(audited(cell.database, "approved")) == 1


def test_an_old_version_leads_to_the_newest(cell: Cell) -> None:
    submit(cell)
    with cell.database.writing() as session:
        newest = publish(session, CHANGED + "More.\n", by="ann@example.org", now=cell.now).id

    page = cell.approver.get(f"/versions/{cell.version}")
    assert f'href="/versions/{newest}"' in page
    assert "Approve this text" not in page
    assert cell.approver.post(f"/versions/{cell.version}/approve").status_code == 409


def test_a_version_that_is_not_there_is_a_page_that_says_so(cell: Cell) -> None:
    cell.author.get("/versions/99", 404)
    assert cell.author.post("/versions/99/submit").status_code == 404


def test_nothing_that_somebody_says_runs_on_the_page(cell: Cell) -> None:
    submit(cell, **{"submit-note": "<script>alert(1)</script>"})
    page = cell.approver.get(f"/versions/{cell.version}")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(("setting", "said"), [("off", True), ("auto", False), ("on", False)])
def test_every_page_says_when_sign_off_is_off(
    scene: Scene, now: datetime, setting: str, said: bool
) -> None:
    app = open_app(settings(desk="link", sign_off=setting), scene.database, ticking(now))
    cell = gathered(app, scene, now)
    for path in ("/", "/account", "/toolkits", "/cascades/1"):
        assert ("Sign-off is off" in cell.author.get(path)) is said


def test_people_are_named_and_only_who_has_no_account_by_address(cell: Cell) -> None:
    with cell.database.writing() as session:
        text = CHANGED + "More.\n"
        number = publish(session, text, by="gone@example.org", now=cell.now).id
    cell.author.post(f"/versions/{number}/submit", **{"submit-note": "By noon, please."})

    page = whole(cell.approver.get(f"/versions/{number}"))

    assert "What Ann says</h2>" in page
    assert "Submitted by Ann, " in page
    assert "gone@example.org, " in page
    assert "ann@example.org" not in page

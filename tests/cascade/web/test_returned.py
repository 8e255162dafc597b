"""What was returned: its author finds the draft, and what is to be mended in it."""

import html
from datetime import datetime

import pytest
from flask import Flask

from tests.cascade.web.cell import CHANGED, Cell, gathered
from tests.cascade.web.scene import Scene

LINE = CHANGED.split("\n").index("## What to do in care homes") + 1
BITTER = CHANGED.replace("very cold", "bitterly cold")


@pytest.fixture
def cell(closed: Flask, scene: Scene, now: datetime) -> Cell:
    return gathered(closed, scene, now)


def submitted(cell: Cell, text: str, draft: int = 1, revision: int = 1) -> str:
    """Where the version stands that a draft becomes."""
    data = {"text": text, "revision": str(revision)}
    answered = cell.author.post(f"/drafts/{draft}/submit", **data)
    assert answered.status_code == 303, answered.text
    return answered.headers["Location"]


def returned(cell: Cell, path: str, note: str = "Nearly.", comments: str = "") -> None:
    data = {"return-note": note, "return-comments": comments}
    assert cell.approver.post(f"{path}/return", **data).status_code == 303


def test_a_returned_version_leads_to_the_draft_it_came_from(cell: Cell) -> None:
    path = submitted(cell, BITTER)
    assert 'href="/drafts/1"' not in cell.author.get(path)
    returned(cell, path)

    page = cell.author.get(path)

    assert "Mend it in draft 1" in page
    assert 'href="/drafts/1"' in page
    assert "Write the next version" not in page


def test_the_draft_says_what_is_to_be_mended_until_it_is_submitted_again(cell: Cell) -> None:
    path = submitted(cell, BITTER)
    assert "wants mended" not in cell.author.get("/drafts/1")
    returned(cell, path, "Nearly <b>there</b>.", f"{LINE}: Which homes?")

    page = html.unescape(cell.author.get("/drafts/1"))
    assert "What Cy wants mended" in page
    assert "Nearly <b>there</b>." in page
    assert f'data-line="{LINE}">Line {LINE}</a>' in page
    assert "Which homes?" in page
    assert "<code>## What to do in care homes</code>" in page
    assert "<b>there" not in cell.author.get("/drafts/1")

    submitted(cell, BITTER.replace("in care homes", "in every care home"), revision=2)
    assert "wants mended" not in cell.author.get("/drafts/1")


def test_a_comment_leads_to_its_line_where_that_has_gone_to(cell: Cell) -> None:
    path = submitted(cell, BITTER)
    returned(cell, path, comments=f"{LINE}: Which homes?")

    longer = BITTER.replace("Dear", "A new line.\n\nDear")
    data = {"text": longer, "revision": "2"}
    assert cell.author.post("/drafts/1", **data).status_code == 303

    page = cell.author.get("/drafts/1")
    assert f'data-line="{LINE + 2}">Line {LINE}</a> (now {LINE + 2})' in page


def test_a_version_without_a_draft_is_mended_in_a_new_one(cell: Cell) -> None:
    path = f"/versions/{cell.version}"
    assert cell.author.post(f"{path}/submit").status_code == 303
    returned(cell, path)
    assert "Write the next version" in cell.author.get(path)

    begun = cell.author.post("/drafts", version=str(cell.version)).headers["Location"]

    assert "What Cy wants mended" in cell.author.get(begun)
    assert f'href="{begun}"' in cell.author.get(path)
    assert "Write the next version" not in cell.author.get(path)


def test_a_draft_that_was_given_up_is_not_led_to(cell: Cell) -> None:
    path = submitted(cell, BITTER)
    returned(cell, path)
    cell.author.post("/drafts/1/close")

    assert "Write the next version" in cell.author.get(path)


def test_a_translation_that_began_as_a_version_is_not_its_next_one(cell: Cell) -> None:
    path = f"/versions/{cell.version}"
    cell.author.post(f"{path}/submit")
    returned(cell, path)
    begun = cell.author.post("/drafts", version=str(cell.version)).headers["Location"]
    welsh = CHANGED.replace("campaign:", "language: cy\ncampaign:")
    assert cell.author.post(begun, text=welsh, revision="1").status_code == 303

    assert "Write the next version" in cell.author.get(path)
    assert "wants mended" not in cell.author.get(begun)


def test_who_may_not_write_is_not_led_to_mending(cell: Cell) -> None:
    path = submitted(cell, BITTER)
    returned(cell, path)

    assert "Mend it" not in cell.first.get(path)
    read = cell.first.get("/drafts/1")
    assert "What Cy wants mended" in read
    assert " by Ann." in read


def test_an_approver_sees_what_changed_since_the_return_and_what_they_said(cell: Cell) -> None:
    first = submitted(cell, BITTER)
    returned(cell, first, "Nearly.", f"{LINE}: Which <homes>?")
    again = submitted(cell, BITTER.replace("in care homes", "in every care home"), revision=2)

    page = html.unescape(cell.approver.get(again))

    assert "What Cy wanted mended" in page
    assert "Nearly." in page
    assert f'<a href="{first}#line-{LINE}">Line {LINE} of version' in page
    assert "Which <homes>?" in page
    assert "Which <homes>?" not in cell.approver.get(again)
    assert "which was returned" in page
    assert "<ins>every" in page
    assert "<ins>bitterly" not in page


def test_the_same_text_submitted_again_says_so(cell: Cell) -> None:
    path = submitted(cell, BITTER)
    returned(cell, path, comments=f"{LINE}: Which homes?")
    cell.author.post(f"{path}/submit")

    page = cell.approver.get(path)

    assert "this is the same text" in page
    assert "Which homes?" in page


def test_what_was_returned_before_the_last_approval_is_past(cell: Cell) -> None:
    returned(cell, submitted(cell, BITTER), "Not yet.")
    mended = submitted(cell, BITTER + "More.\n", revision=2)
    assert cell.approver.post(f"{mended}/approve").status_code == 303
    assert "wanted mended" not in cell.approver.get(mended)

    page = cell.approver.get(submitted(cell, BITTER + "Yet more.\n", revision=3))

    assert "wanted mended" not in page
    assert "the last that was approved" in page

"""The page of a version that is the text of an issue of a bulletin."""

from datetime import datetime

import pytest
from flask import Flask

from cascade.bulletins import collecting, issues, making
from tests.cascade.web.cell import Cell, gathered
from tests.cascade.web.scene import Scene

ISSUE = "/editions/round-up/1"


@pytest.fixture
def cell(closed: Flask, scene: Scene, now: datetime) -> Cell:
    """The issue goes to pharmacies, and was submitted."""
    cell = gathered(closed, scene, now)
    cell.approve()
    with scene.database.writing() as session:
        of = making.find(session, "round-up")
        of.segments = ["pharmacies"]
        collecting.collect(session, of, issues.find(session, of, 1), now=now, sign_off=True)
        revision = str(issues.find(session, of, 1).revision)
    assert cell.author.post(f"{ISSUE}/submit", revision=revision).status_code == 303
    return cell


def version(cell: Cell) -> str:
    with cell.database.reading() as session:
        number = issues.find(session, making.find(session, "round-up"), 1).versions["en"]
    return f"/versions/{number}"


def test_an_approver_sees_what_the_segments_get_that_it_goes_to(cell: Cell) -> None:
    page = cell.approver.get(version(cell))

    assert "preview/email?segments=pharmacies" in page
    assert "preview/email?segments=care-homes" not in page


def test_it_says_which_issue_it_is_and_nothing_of_the_library(cell: Cell) -> None:
    page = cell.approver.get(version(cell))

    assert f'<a href="{ISSUE}">issue 1 of County round-up</a>' in page
    assert "library:" not in page
    assert "public library" not in page
    assert "/library/round-up" not in page


def test_what_is_returned_is_mended_in_its_issue(cell: Cell) -> None:
    done = cell.approver.post(f"{version(cell)}/return", **{"return-note": "Too long."})
    assert done.status_code == 303

    page = cell.author.get(version(cell))

    assert f'in <a href="{ISSUE}">issue 1' in page
    assert "Write the next version" not in page
    assert cell.author.get(ISSUE)


def test_a_text_that_another_took_the_place_of_leads_to_its_bulletin(cell: Cell) -> None:
    with cell.database.writing() as session:
        of = making.find(session, "round-up")
        number = issues.find(session, of, 1).versions["en"]
        issues.find(session, of, 1).versions = {}

    page = cell.approver.get(f"/versions/{number}")
    assert 'an issue of <a href="/editions/round-up">' in page

"""What people answered: newest first, by kind, and a bounded number of them."""

from datetime import datetime

import pytest

from cascade.database import Database
from cascade.evidence.confirm import Answer, confirm
from cascade.reporting import said as module
from cascade.reporting.said import COMMENT, Answers, said
from tests.cascade.planted import Planted, plant

GIVEN = [
    (0, Answer("received", "Ann", "nurse")),
    (1, Answer("call-me", "Bob", "nurse", None, "No heating")),
    (2, Answer("passed-on", "Cat", "nurse", 7, "Done")),
    (0, Answer("call-me", "Dan", "nurse")),
]


@pytest.fixture
def planted(database: Database, now: datetime) -> Planted:
    with database.writing() as session:
        planted = plant(session, now, ["care-homes", "care-homes", "pharmacies"])
        other = plant(session, now, ["care-homes"], prefix="other")
        for which, answer in GIVEN:
            confirm(session, planted.deliveries[which], answer, now=now)
            confirm(session, other.deliveries[0], answer, now=now)
        return planted


def names(found: Answers) -> list[str]:
    return [one.name for one in found.page.lines]


@pytest.mark.parametrize("most", [module.MOST, 2])
@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ("", ["Dan", "Cat", "Bob", "Ann"]),
        ("call-me", ["Dan", "Bob"]),
        (COMMENT, ["Cat", "Bob"]),
        ("acting", []),
    ],
)
def test_answers_are_found_newest_first_however_many_are_looked_at(
    database: Database,
    planted: Planted,
    monkeypatch: pytest.MonkeyPatch,
    only: str,
    expected: list[str],
    most: int,
) -> None:
    monkeypatch.setattr(module, "MOST", most)
    seen: list[str] = []
    with database.reading() as session:
        found = said(session, planted.cascade, only)
        seen += names(found)
        while found.further is not None:
            assert len(names(found)) <= most
            found = said(session, planted.cascade, only, before=found.further)
            seen += names(found)

    assert seen == expected


def test_an_answer_that_was_given_anew_counts_no_more(database: Database, planted: Planted) -> None:
    with database.reading() as session:
        found = said(session, planted.cascade)

    assert {one.name: one.counts for one in found.page.lines} == {
        "Dan": True,
        "Cat": True,
        "Bob": True,
        "Ann": False,
    }
    assert found.page.lines[1].headcount == 7
    assert found.page.lines[1].organisation == "House 2"
    assert found.page.total == 4

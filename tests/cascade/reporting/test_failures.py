"""Failures by reason, with totals that no row is counted for."""

from datetime import datetime

import pytest

from cascade.database import Database
from cascade.reporting import failures as module
from cascade.reporting.failures import Failures, failures
from cascade.sending.states import DeliveryState, Grade
from cascade.sending.transitions import change
from tests.cascade.planted import Planted, plant

_D = DeliveryState
HAPPENED = [
    (_D.BOUNCED, "550 5.1.1 no such user"),
    (_D.BOUNCED, "550 5.1.1 unknown"),
    (_D.BOUNCED, "552 5.2.2 full"),
    (_D.FAILED, "554 5.6.0 unreadable"),
    (_D.FAILED, "their server hung up"),
]


@pytest.fixture
def planted(database: Database, now: datetime) -> Planted:
    with database.writing() as session:
        plant(session, now, ["care-homes"], state=_D.BOUNCED, prefix="other")
        planted = plant(session, now, ["care-homes"] * 6, state=_D.CLAIMED, grade=Grade.F)
        for delivery, (state, detail) in zip(planted.deliveries, HAPPENED, strict=False):
            change(session, delivery, now=now, event=state, detail=detail, state=state)
        return planted


def found(database: Database, planted: Planted) -> Failures:
    with database.reading() as session:
        return failures(session, planted.cascade)


def test_failures_stand_together_by_reason_the_most_frequent_first(
    database: Database, planted: Planted
) -> None:
    shown = found(database, planted)

    assert [(one.reason.words, one.code, one.messages) for one in shown.groups] == [
        ("There is no such mailbox", "5.1.1", 2),
        ("The mailbox is full", "5.2.2", 1),
        ("They gave no reason that we understand", "", 1),
        ("Their server could not read the message", "5.6.0", 1),
    ]
    assert shown.groups[0].detail == "550 5.1.1 no such user"
    assert [one.address for one in shown.groups[0].examples] == [
        "pat0@example.org",
        "pat1@example.org",
    ]
    assert (shown.total, shown.looked) == (5, 5)
    assert dict(shown.totals) == {"bounced": 3, "failed": 2, "suppressed": 0}


def test_of_many_some_are_looked_at_and_all_are_in_the_total(
    database: Database, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    shown = found(database, planted)

    assert (shown.total, shown.looked) == (5, 3)
    assert sum(one.messages for one in shown.groups) == 3


def test_a_suppressed_address_says_why(database: Database, now: datetime) -> None:
    with database.writing() as session:
        planted = plant(session, now, ["care-homes"], state=_D.PLANNED, grade=Grade.F)
        change(
            session,
            planted.deliveries[0],
            now=now,
            event="suppressed",
            detail="bounced",
            state=_D.SUPPRESSED,
        )

    group = found(database, planted).groups[0]
    assert (group.reason.words, group.code) == ("An earlier message to this address came back", "")


def test_where_nothing_failed_nothing_is_found(database: Database, now: datetime) -> None:
    with database.writing() as session:
        planted = plant(session, now, ["care-homes"])

    assert found(database, planted).groups == ()

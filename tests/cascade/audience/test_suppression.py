"""Addresses that must not be written to."""

from datetime import timedelta

import pytest

from cascade.audience.records import Suppression
from cascade.audience.suppression import (
    add,
    lift,
    listing,
    reasons,
    suppress,
    unsuppress,
)
from cascade.database import Database
from cascade.errors import BadInput, NotFound, Refused
from tests.cascade.audience.tables import NOW


def test_a_suppressed_address_stays_so_until_it_is_released(database: Database) -> None:
    with database.writing() as session:
        suppress(session, "ann@oak.example.org", "unsubscribed", NOW)
    with database.writing() as session:
        assert reasons(session, ["ann@oak.example.org"])
        assert unsuppress(session, "ann@oak.example.org")
    with database.writing() as session:
        assert not reasons(session, ["ann@oak.example.org"])
        assert not unsuppress(session, "ann@oak.example.org")


def test_capitals_make_no_other_mailbox(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        suppress(session, "Ann@Oak.example.org", "bounced", NOW)
        assert reasons(session, ["ann@oak.EXAMPLE.org "])


def test_a_weaker_reason_never_replaces_a_stronger_one(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        suppress(session, "ann@oak.example.org", "complained", NOW)
        suppress(session, "ann@oak.example.org", "unsubscribed", NOW + timedelta(days=1))
        kept = session.get_one(Suppression, "ann@oak.example.org")
        assert (kept.reason, kept.created_at) == ("complained", NOW)
        suppress(session, "ann@oak.example.org", "bounced", NOW + timedelta(days=2))
        assert kept.reason == "bounced"


def test_an_address_is_added_and_lifted_by_hand(database: Database) -> None:
    with database.writing() as session:
        added = add(session, " Ann@Oak.example.org ", "complained", "she rang", NOW)
        assert (added.email, added.reason) == ("ann@oak.example.org", "complained")
        with pytest.raises(Refused, match="already"):
            add(session, "ann@oak.example.org", "unsubscribed", "again", NOW)
        assert reasons(session, ["ANN@oak.example.org"]) == {"ann@oak.example.org": "complained"}
        with pytest.raises(BadInput):
            lift(session, "ann@oak.example.org", "  ")
        lift(session, "ANN@oak.example.org", "she asked for it")
        assert not reasons(session, ["ann@oak.example.org"])
        with pytest.raises(NotFound):
            lift(session, "ann@oak.example.org", "again")


@pytest.mark.parametrize(
    ("email", "reason", "why", "field"),
    [
        ("ann", "bounced", "x", "email"),
        ("ann@example.org", "", "x", "reason"),
        ("ann@example.org", "bounced", "", "why"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    sqlite_database: Database, email: str, reason: str, why: str, field: str
) -> None:
    with sqlite_database.writing() as session, pytest.raises(BadInput) as refused:
        add(session, email, reason, why, NOW)
    assert [problem.partition(": ")[0] for problem in refused.value.problems] == [field]


def test_the_list_is_searched_and_paged(database: Database) -> None:
    with database.writing() as session:
        for number in range(5):
            add(session, f"z{number}@example.org", "bounced", "x", NOW)
        add(session, "q_1@example.org", "unsubscribed", "x", NOW)
        found = listing(session, search="Z", page=2, size=3)
        assert ([one.email for one in found.lines], found.total) == (
            ["z3@example.org", "z4@example.org"],
            5,
        )
        assert listing(session, search="_").total == 1
        assert listing(session, reason="unsubscribed").total == 1

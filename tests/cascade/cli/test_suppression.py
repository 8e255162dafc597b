"""`cascade suppression`: the list of addresses at a terminal."""

import json
from datetime import UTC, datetime

import pytest

from cascade.cli.suppression import suppression
from tests.cascade.cli.conftest import Run
from tests.cascade.cli.test_user import acts


def test_an_address_is_added_listed_and_lifted(run: Run) -> None:
    assert "No address" in run(suppression, "list").stdout
    added = run(suppression, "add", "Ann@example.org", "--reason", "bounced", "--why", "she rang")
    assert added.exit_code == 0, added.output
    assert "ann@example.org" in run(suppression, "list", "--search", "ann").stdout
    said = json.loads(run(suppression, "list", "--json").stdout)
    assert [one["reason"] for one in said["suppressions"]] == ["bounced"]
    assert run(suppression, "lift", "ann@example.org", "--why", "asked").exit_code == 0
    assert acts() == [
        ("address-suppressed", "address ann@example.org"),
        ("suppression-lifted", "address ann@example.org"),
    ]


def test_the_day_since_when_is_one_of_england(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    night = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
    monkeypatch.setattr("cascade.cli.suppression.now", lambda: night)
    run(suppression, "add", "ann@example.org", "--reason", "bounced", "--why", "she rang")
    assert "2027-07-01" in run(suppression, "list").stdout


def test_what_can_not_be_done_is_said_and_ends_with_one(run: Run) -> None:
    lifted = run(suppression, "lift", "ann@example.org", "--why", "asked")
    added = run(suppression, "add", "ann", "--reason", "bounced", "--why", "x")
    assert (lifted.exit_code, added.exit_code) == (1, 1)
    assert "not on the list" in lifted.stderr
    assert "no @" in added.stderr

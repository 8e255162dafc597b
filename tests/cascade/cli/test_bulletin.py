"""Bulletins at the terminal."""

import json

from cascade.cli import runtime
from cascade.cli.bulletin import bulletin
from tests.cascade.bulletins.county import toolkit
from tests.cascade.cli.conftest import Run
from tests.world import add_people, publish_toolkit

_ADD = ("add", "round-up", "--title", "Round-up", "--to", "care-homes,gp-practices")


def test_a_bulletin_goes_from_its_schedule_to_a_cascade(run: Run) -> None:
    with runtime.database().writing() as session:
        publish_toolkit(session)
        add_people(session, 3)
        toolkit(session, "flu")
    for words in (_ADD, ("open", "round-up"), ("submit", "round-up"), ("release", "round-up")):
        said = run(bulletin, *words)
        assert said.exit_code == 0, said.output
    assert "is cascade 1: 3 people" in said.output
    shown = json.loads(run(bulletin, "list", "--json").output)
    assert [one["bulletin"] for one in shown["bulletins"]] == ["round-up"]


def test_what_is_in_an_issue_is_shown(run: Run) -> None:
    with runtime.database().writing() as session:
        publish_toolkit(session)
        toolkit(session, "flu")
    run(bulletin, *_ADD)
    run(bulletin, "open", "round-up")
    shown = json.loads(run(bulletin, "show", "round-up", "--json").output)
    assert shown["items"] == ["flu"]
    assert len(shown["dates"]) == 10


def test_what_cannot_be_done_is_said(run: Run) -> None:
    with runtime.database().writing() as session:
        publish_toolkit(session)
    assert "no bulletin called" in run(bulletin, "show", "round-up").output
    assert run(bulletin, *_ADD, "--rule", "FREQ=SECONDLY").exit_code == 1
    run(bulletin, *_ADD)
    assert "No issue is under way" in run(bulletin, "submit", "round-up").output

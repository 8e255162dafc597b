"""Bulletins at the terminal."""

import json
from datetime import UTC, datetime

from sqlalchemy import select

from cascade.accounts import users
from cascade.bulletins import arranging
from cascade.bulletins.records import Issue
from cascade.cli import runtime
from cascade.cli.bulletin import bulletin
from cascade.sign_off import signing
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


def test_who_put_an_issue_together_does_not_approve_it(run: Run) -> None:
    now = datetime.now(UTC)
    with runtime.database().writing() as session:
        publish_toolkit(session)
        add_people(session, 3)
        for name, roles in (("ann", ["author"]), ("bo", ["author", "approver"])):
            users.add(session, email=f"{name}@example.org", name=name, roles=roles, now=now)
        users.add(session, email="cy@example.org", name="cy", roles=["approver"], now=now)
        ann, cy = (users.find(session, f"{name}@example.org") for name in ("ann", "cy"))
        version = toolkit(session, "flu")
        signing.submit(session, version.id, by=ann, now=now)
        signing.approve(session, version.id, by=cy, now=now)
    run(bulletin, *_ADD)
    run(bulletin, "open", "round-up")
    with runtime.database().writing() as session:
        issue = session.scalars(select(Issue)).one()
        arranging.introduce(
            session, issue, lead="Hi.", note="", seen=1, by="bo@example.org", now=now
        )
    assert (
        "waits for approval"
        in run(bulletin, "submit", "round-up", "--as", "ann@example.org").output
    )

    refused = run(bulletin, "approve", "round-up", "--as", "bo@example.org")
    assert refused.exit_code == 1
    assert "You wrote at this text yourself" in refused.output
    assert "Say who approves it" in run(bulletin, "approve", "round-up").output
    approved = run(bulletin, "approve", "round-up", "--as", "cy@example.org")
    assert "is approved; it goes out on" in approved.output

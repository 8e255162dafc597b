"""`cascade status`, `outstanding`, `report` and `inbound`, run on a real database."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from sqlalchemy import update

from cascade.cli import runtime
from cascade.cli.status import inbound, outstanding, report, status
from cascade.evidence.confirm import Answer, confirm
from cascade.links import Links
from cascade.sending import control
from cascade.sending.records import Cascade, Counter, Delivery
from tests.cascade.cli.conftest import SECRET, Run
from tests.cascade.evidence.letters import delivery_status, recipient
from tests.cascade.planted import Planted, plant

LINKS = Links(SECRET, "http://127.0.0.1:8000")


@pytest.fixture
def planted(run: Run) -> Planted:
    now = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    with runtime.database().writing() as session:
        planted = plant(session, now, ["care-homes"] * 3 + ["pharmacies"], exercise=True)
        confirm(session, planted.deliveries[0], Answer("received", "Pat", "nurse"), now=now)
        call_me = Answer("call-me", "Sam", "owner", None, "No heating")
        confirm(session, planted.deliveries[3], call_me, now=now)
    return planted


def test_status_shows_a_row_for_each_segment_with_its_denominators(
    run: Run, planted: Planted
) -> None:
    result = run(status, "1")
    assert result.exit_code == 0
    assert "EXERCISE" in result.stdout
    assert "Confirm by: Saturday 21 November 2026, 1:30pm" in result.stdout
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["All", "together", "2", "50%", "█████░░░░░", "4", "4", "0", "0", "4"] in rows
    assert ["Care", "homes", "1", "33%", "███░░░░░░░", "3", "3", "0", "0", "3"] in rows
    assert "A 2 50% a named person confirmed" in [" ".join(row) for row in rows]


def test_status_asks_nobody_to_confirm_what_is_for_information(run: Run, planted: Planted) -> None:
    with runtime.database().writing() as session:
        session.execute(update(Cascade).values(deadline_at=None))

    said = run(status, "1").stdout

    assert "No confirmation is asked for." in said
    assert "All together not asked for 4" in " ".join(said.split())
    assert "50%" not in said.partition("Best evidence")[0]
    assert "2 organisations have answered all the same." in said
    assert "Not asked to confirm (care-homes)" in run(outstanding, "1").stdout


def test_status_says_that_nothing_was_sent_and_why(run: Run) -> None:
    with runtime.database().writing() as session:
        plant(session, datetime(2026, 11, 21, 9, 30, tzinfo=UTC), ["care-homes"])
        session.execute(update(Delivery).values(state="withdrawn"))
        session.execute(update(Counter).values(state="withdrawn"))
        session.execute(update(Cascade).values(state="sending"))
        control.withdraw(session, 1, by="Ann", now=datetime(2026, 11, 21, 10, tzinfo=UTC))

    assert "First sent: nothing was sent" in run(status, "1").stdout


def test_status_as_json_has_the_documented_keys(run: Run, planted: Planted) -> None:
    given = json.loads(run(status, "1", "--json").stdout)
    documented = "state organisations deliveries confirmed grades segments seconds_to_50"
    assert given.keys() >= {*documented.split(), "seconds_to_90"}
    assert given["confirmed"] == {"organisations": 2, "contacts": 2}
    assert (given["seconds_to_50"], given["released_at"]) == (0.0, "2026-11-21T09:30:00+00:00")


@pytest.mark.parametrize(
    ("command", "words"), [(status, ()), (outstanding, ()), (report, ("--as", "csv"))]
)
def test_an_unknown_cascade_ends_with_one_and_a_sentence(
    run: Run, command: click.Command, words: tuple[str, ...]
) -> None:
    result = run(command, "7", *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("There is no cascade 7.")


def test_outstanding_lists_who_asked_for_a_call_first(run: Run, planted: Planted) -> None:
    lines = run(outstanding, "1").stdout.splitlines()
    assert lines[0] == "Asked for a call:"
    assert lines[1].strip() == "House 3, Ambleby, ZZ1 1ZZ"
    assert "asked by Sam, owner" in lines[2]
    assert "No heating" in lines[2]
    assert "020 7946 0018" in lines[3]
    assert lines[5].startswith("Not confirmed")


def test_outstanding_gives_csv_and_json_of_the_same(run: Run, planted: Planted) -> None:
    rows = list(csv.DictReader(io.StringIO(run(outstanding, "1", "--csv").stdout)))
    given = json.loads(run(outstanding, "1", "--json").stdout)
    assert [row["organisation"] for row in rows] == [one["name"] for one in given]
    assert [one["call_me"] for one in given] == [True, False, False]


def test_outstanding_of_nobody_is_an_empty_list(run: Run, planted: Planted) -> None:
    with runtime.database().writing() as session:
        for delivery in planted.deliveries:
            confirm(session, delivery, Answer("acting", "Pat", "nurse"), now=runtime.now())
    assert json.loads(run(outstanding, "1", "--json").stdout) == []
    assert run(outstanding, "1").stdout == "Nobody: every organisation has confirmed.\n"


def test_a_report_is_written_as_json_and_as_csv(run: Run, planted: Planted, tmp_path: Path) -> None:
    for as_ in ("json", "csv"):
        assert run(report, "1", "--as", as_, "-o", str(tmp_path / as_)).exit_code == 0
    figures = json.loads((tmp_path / "json").read_text())["figures"]
    with (tmp_path / "csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [str(one["value"]) for one in figures] == [row["value"] for row in rows]


def test_a_report_in_a_format_that_is_not_there_yet_says_what_to_use(
    run: Run, planted: Planted
) -> None:
    result = run(report, "1", "--as", "pdf")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "--as csv" in result.stderr


def test_a_report_that_cannot_be_written_says_where(
    run: Run, planted: Planted, tmp_path: Path
) -> None:
    result = run(report, "1", "--as", "csv", "-o", str(tmp_path / "nowhere" / "report.csv"))
    assert result.exit_code == 1
    assert "report.csv cannot be written" in result.stderr


def test_inbound_takes_a_report_from_standard_input(run: Run, planted: Planted) -> None:
    to = f"bounces+{LINKS.token('return-path', planted.deliveries[1])}@example.org"
    content = delivery_status(recipient("pat1@example.org"))
    result = run(inbound, "-", "--to", to, "--json", input=content)
    given = json.loads(result.stdout)
    assert (given["kind"], given["delivery"]) == ("delivery-status", planted.deliveries[1])
    assert given["effect"].startswith("bounced")
    assert json.loads(run(status, "1", "--json").stdout)["deliveries"]["bounced"] == 1


def test_inbound_says_what_it_could_not_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "letter").write_bytes(b"\xff\x00 no letter at all")
    result = run(inbound, str(tmp_path / "letter"))
    assert (result.exit_code, result.stdout) == (0, "unknown: about no message of ours; kept\n")

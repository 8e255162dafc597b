"""When `cascade release` sends."""

import json
from datetime import UTC, datetime

from cascade.cli import runtime
from cascade.cli.release import release
from cascade.sending import windows
from tests.cascade.cli.conftest import Run
from tests.world import add_people, publish_toolkit

_WHOM = ("cold-snap", "--to", "care-homes", "--tier", "routine")


def test_a_release_can_wait_for_the_next_send_window(run: Run) -> None:
    now = datetime.now(UTC)
    with runtime.database().writing() as session:
        add_people(session, 1)
        publish_toolkit(session)
        windows.change(session, ["Tuesday 14:00"], by="jo@example.org", now=now)
        expected = windows.upcoming(session, now)

    said = run(release, *_WHOM, "--next-window", "--json")

    assert said.exit_code == 0, said.output
    assert datetime.fromisoformat(json.loads(said.stdout)["send_at"]) == expected


def test_a_release_goes_out_at_a_time_or_in_a_window_not_both(run: Run) -> None:
    said = run(release, *_WHOM, "--next-window", "--at", "+2h")

    assert said.exit_code == 2
    assert "not both" in said.output


def test_the_help_says_when_the_next_window_is(run: Run) -> None:
    words = " ".join(run(release, "--help").stdout.split())

    assert "9:00 on each working day" in words

"""Sign-off at the terminal: the same rules as in the browser, for the account that is named."""

from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from click.testing import Result
from sqlalchemy import select

from cascade.accounts import audit, second_step, users
from cascade.cli import runtime
from cascade.cli.release import release
from cascade.cli.sign_off import countersign
from cascade.cli.toolkit import toolkit
from cascade.letters.records import Letter
from tests import world
from tests.cascade.cli.conftest import Run

PEOPLE = {"ann": "author", "cy": "approver", "fay": "releaser", "gus": "releaser"}


@pytest.fixture
def cell(run: Run, tmp_path: Path) -> Path:
    """Care homes and the people above; gives the file of a toolkit."""
    now = datetime.now(UTC)
    with runtime.database().writing() as session:
        world.add_people(session, 3)
        for name, role in PEOPLE.items():
            person = users.add(
                session, email=f"{name}@example.org", name=name, roles=[role], now=now
            )
            if role == "releaser":
                secret = second_step.new_secret()
                second_step.turn_on(session, person.id, secret, pyotp.TOTP(secret).at(now), now)
    file = tmp_path / "cold-snap.md"
    file.write_text(world.TOOLKIT)
    return file


def ok(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def test_from_writing_to_sending_with_four_people(run: Run, cell: Path) -> None:
    ok(run(toolkit, "publish", str(cell)))
    assert "is submitted" in ok(run(toolkit, "submit", "cold-snap", "--as", "ann@example.org"))
    assert "is approved" in ok(run(toolkit, "approve", "cold-snap", "--as", "cy@example.org"))
    asked = ("cold-snap", "--to", "care-homes", "--tier", "urgent")
    planned = ok(run(release, *asked, "--as", "fay@example.org"))
    assert "cascade countersign 1 --as" in planned
    assert "Cascade 1 goes out" in ok(run(countersign, "1", "--as", "gus@example.org"))

    with runtime.database().reading() as session:
        told = [(one.act, one.by) for one in audit.every(session)][:4]
        letters = [(one.to, one.subject) for one in session.scalars(select(Letter))]
    assert told == [
        ("countersigned", "gus@example.org"),
        ("released", "fay@example.org"),
        ("approved", "cy@example.org"),
        ("submitted", "ann@example.org"),
    ]
    assert letters == [
        ("cy@example.org", "To approve: Cold snap"),
        ("ann@example.org", "Approved: Cold snap"),
        ("gus@example.org", "To countersign now: Cold snap"),
    ]


def test_a_release_that_is_not_approved_is_refused_at_the_terminal_too(
    run: Run, cell: Path
) -> None:
    ok(run(toolkit, "publish", str(cell)))
    refused = run(
        release, "cold-snap", "--to", "care-homes", "--tier", "routine", "--as", "fay@example.org"
    )
    assert refused.exit_code == 1
    assert "has not been submitted" in refused.stderr


def test_a_release_without_an_account_says_how(run: Run, cell: Path) -> None:
    ok(run(toolkit, "publish", str(cell)))
    refused = run(release, "cold-snap", "--to", "care-homes", "--tier", "routine")
    assert refused.exit_code == 1
    assert "say who releases this" in refused.stderr


def test_sign_off_can_be_turned_off(run: Run, cell: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASCADE_SIGN_OFF", "off")
    runtime.settings.cache_clear()
    ok(run(toolkit, "publish", str(cell)))
    ok(run(release, "cold-snap", "--to", "care-homes", "--tier", "routine"))


def test_a_text_is_returned_with_comments_on_lines(run: Run, cell: Path) -> None:
    ok(run(toolkit, "publish", str(cell)))
    ok(run(toolkit, "submit", "cold-snap", "--as", "ann@example.org"))
    back = ("return", "cold-snap", "--as", "cy@example.org", "--comment")

    wrong = run(toolkit, *back, "somewhere: which room?")
    assert wrong.exit_code == 1
    assert "does not begin with the number of a line" in wrong.stderr
    assert "is returned" in ok(run(toolkit, *back, "5: which room?"))


def test_nobody_can_act_as_somebody_without_an_account(run: Run, cell: Path) -> None:
    ok(run(toolkit, "publish", str(cell)))
    refused = run(toolkit, "submit", "cold-snap", "--as", "zoe@example.org")
    assert refused.exit_code == 1
    assert "There is no account for zoe@example.org" in refused.stderr


def test_a_language_that_is_not_there_says_so(run: Run, cell: Path) -> None:
    ok(run(toolkit, "publish", str(cell)))
    refused = run(toolkit, "submit", "cold-snap", "--as", "ann@example.org", "--language", "cy")
    assert "has no version in the language cy" in refused.stderr

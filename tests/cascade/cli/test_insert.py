"""`cascade insert`: a table imported, shown and listed at a terminal."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cascade.cli import main
from tests.cascade.cli.conftest import Run

Said = Callable[..., tuple[str, int]]


@pytest.fixture
def ran(run: Run) -> Said:
    """Runs a command; gives what it said and its exit code."""
    run(main, "db", "upgrade")

    def said(*words: str) -> tuple[str, int]:
        done = run(main, *words)
        return done.output, done.exit_code

    return said


def test_a_table_is_imported_shown_and_listed(ran: Said, tmp_path: Path) -> None:
    file = tmp_path / "hours.csv"
    file.write_text("Place,Name\nWestbury,Mill\n")
    dry, _ = ran("insert", "import", "hours", str(file), "--dry-run")
    assert "1 added" in dry
    assert "There are no inserts" in ran("insert", "list")[0]
    made = json.loads(ran("insert", "import", "hours", str(file), "--title", "Hours", "--json")[0])
    assert (made["revision"], made["added"]) == (1, 1)
    assert "Mill" in ran("insert", "show", "hours")[0]
    assert ran("insert", "list")[0] == "hours  1 row, revision 1  Hours\n"


def test_a_toolkit_is_checked_against_the_tables_there_are(ran: Said, tmp_path: Path) -> None:
    file = tmp_path / "hours.csv"
    file.write_text("Place,Name\nWestbury,Mill\n")
    ran("insert", "import", "hours", str(file))
    text = tmp_path / "a.md"
    text.write_text("---\ntitle: a\ntoolkit: a\n---\n::: table hours columns phone\n:::\n")
    said, code = ran("toolkit", "check", str(text))
    assert code == 1
    assert "unknown-column" in said


@pytest.mark.parametrize("content", ["", "A,A\n1,2\n"])
def test_a_bad_file_ends_with_one_and_changes_nothing(
    ran: Said, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "hours.csv"
    file.write_text(content)
    assert ran("insert", "import", "hours", str(file))[1] == 1
    assert "There are no inserts" in ran("insert", "list")[0]
    assert ran("insert", "show", "hours")[1] == 1

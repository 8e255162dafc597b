"""`cascade audience` and `cascade segment`, run on real files and a real database."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cascade.cli import main, runtime
from tests.cascade.audience.tables import ROWS, text

Command = Callable[..., Result]

BAD = ("Ash House", "vet", "A9", *ROWS[0][3:])


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Runs `cascade` with a database of its own."""
    monkeypatch.setenv("CASCADE_DATABASE_URL", f"sqlite:///{tmp_path}/var/cascade.db")
    runtime.settings.cache_clear()
    runtime.database.cache_clear()
    yield lambda *words, **extra: CliRunner().invoke(main, list(map(str, words)), **extra)
    runtime.database().close()
    runtime.settings.cache_clear()
    runtime.database.cache_clear()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A contacts file with three good lines."""
    path = tmp_path / "contacts.csv"
    path.write_text(text())
    return path


def test_a_good_file_is_imported_and_the_next_step_named(command: Command, file: Path) -> None:
    result = command("audience", "import", file)
    assert result.exit_code == 0
    assert "3 lines: 3 added, 0 changed, 0 unchanged" in result.stdout
    assert "role from “role”" in result.stdout
    assert result.stdout.endswith("Next: cascade segment list\n")
    assert not list(file.parent.glob("*-rejects*"))


def test_json_gives_the_numbers_and_the_rejected_lines(command: Command, file: Path) -> None:
    file.write_text(text(rows=[*ROWS, BAD]))
    result = command("audience", "import", file, "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["added"], found["changed"], found["unchanged"], found["closed"]) == (3, 0, 0, 0)
    assert [set(one) for one in found["rejected"]] == [{"line", "reason"}]
    assert found["rejected"][0]["line"] == 5


def test_a_dry_run_shows_examples_and_writes_nothing(command: Command, file: Path) -> None:
    file.write_text(text(rows=[*ROWS, BAD]))
    result = command("audience", "import", file, "--dry-run")
    assert result.exit_code == 1
    assert "line 2: Oak House: added" in result.stdout
    assert "Nothing was changed." in result.stdout
    assert not list(file.parent.glob("*-rejects*"))
    held = json.loads(command("segment", "list", "--json").stdout)["segments"]
    assert sum(one["organisations"] for one in held) == 0


def test_rejects_are_written_beside_the_file_and_never_over_another(
    command: Command, file: Path
) -> None:
    file.write_text(text(rows=[*ROWS, BAD]))
    first, second = (command("audience", "import", file) for _ in range(2))
    assert f"cascade audience import {file.parent}/contacts-rejects.csv" in first.stdout
    assert f"cascade audience import {file.parent}/contacts-rejects1.csv" in second.stdout
    mended = file.parent / "contacts-rejects.csv"
    mended.write_text(mended.read_text("utf-8-sig").replace("vet", "care home"))
    assert command("audience", "import", mended).exit_code == 0


def test_rejects_go_where_they_are_asked_to(command: Command, file: Path) -> None:
    file.write_text(text(rows=[BAD]))
    elsewhere = file.parent / "mend me.csv"
    assert command("audience", "import", file, "--rejects", elsewhere).exit_code == 1
    assert "“vet” is not known" in elsewhere.read_text("utf-8-sig")
    refused = command("audience", "import", file, "--rejects", file)
    assert refused.exit_code == 2
    assert "would overwrite FILE" in refused.stderr


def test_standard_input_is_read(command: Command) -> None:
    result = command("audience", "import", "-", input=text().encode())
    assert result.exit_code == 0
    assert "3 added" in result.stdout


def test_an_unusable_file_ends_with_one_and_says_why(command: Command, file: Path) -> None:
    file.write_bytes(b"a,b\n1,2\n")
    result = command("audience", "import", file)
    assert result.exit_code == 1
    assert "no column for: organisation, kind" in result.stderr


def test_too_many_closures_end_with_one_and_change_nothing(command: Command, file: Path) -> None:
    command("audience", "import", file)
    homes = [(f"Home {n}", "care home", f"H{n + 5}", *ROWS[0][3:]) for n in range(3)]
    file.write_text(text(rows=homes))
    result = command("audience", "import", file, "--complete")
    assert result.exit_code == 1
    assert "--force" in result.stderr
    shown = json.loads(command("segment", "show", "care-homes", "--json").stdout)
    assert shown["organisations"] == 1


@pytest.mark.parametrize(
    "words", [("import", "nowhere.csv"), ("import",), ("import", "-", "--layout", "x"), ("gather",)]
)
def test_wrong_usage_ends_with_two(command: Command, words: tuple[str, ...]) -> None:
    assert command("audience", *words).exit_code == 2


def test_segments_are_listed_and_shown_with_their_numbers(command: Command, file: Path) -> None:
    command("audience", "import", file)
    listed = command("segment", "list").stdout
    assert "care-homes        1 organisations, 2 contacts (2 with an address" in listed
    shown = command("segment", "show", "gp-practices").stdout
    assert shown.startswith("gp-practices: GP practices\n  1 organisations, 1 contacts")
    as_json = json.loads(command("segment", "show", "care-homes", "--json").stdout)
    assert (as_json["name"], as_json["deputies"]) == ("care-homes", 1)


def test_an_unknown_segment_ends_with_one(command: Command) -> None:
    result = command("segment", "show", "vets")
    assert result.exit_code == 1
    assert "no segment “vets”" in result.stderr

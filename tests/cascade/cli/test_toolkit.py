"""`cascade toolkit`, run on real files and a real database."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cascade.cli import runtime
from cascade.cli.toolkit import toolkit
from tests.cascade.sending.mail import DATA

COLD_SNAP = str(DATA / "toolkits" / "cold-snap.md")
URDU = str(DATA / "toolkits" / "flu-jab.ur.md")

Command = Callable[..., Result]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the database is, once something makes it."""
    return tmp_path / "var" / "cascade.db"


@pytest.fixture
def command(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Runs `cascade toolkit` with a database of its own."""
    monkeypatch.setenv("CASCADE_DATABASE_URL", f"sqlite:///{file}")
    runtime.settings.cache_clear()
    runtime.database.cache_clear()
    yield lambda *words, **extra: CliRunner().invoke(toolkit, words, **extra)
    if file.exists():
        runtime.database().close()
    runtime.settings.cache_clear()
    runtime.database.cache_clear()


def test_check_lists_problems_with_their_lines_and_ends_with_one(
    command: Command, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(
        "---\ntitle: Cold\n---\nDear {{ organisaton }}\n\n::: for pharmacis\nHi\n:::\n"
    )
    result = command("check", str(draft), "--json")
    problems = json.loads(result.stdout)["problems"]
    assert result.exit_code == 1
    assert all(set(one) == {"line", "level", "code", "message"} for one in problems)
    assert {(one["line"], one["level"]) for one in problems} >= {(4, "error"), (6, "error")}
    listed = command("check", str(draft)).stdout
    assert "line 4: error: " in listed
    assert "organisation" in listed


def test_check_knows_the_day_in_england(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text("---\ntitle: Cold\nexpires: 2027-06-30\n---\nText\n")
    night = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
    monkeypatch.setattr("cascade.cli.toolkit.now", lambda: night)
    assert "expired on 2027-06-30" in command("check", str(draft)).stdout


def test_check_of_a_good_toolkit_says_what_is_next(command: Command, file: Path) -> None:
    result = command("check", COLD_SNAP)
    assert result.exit_code == 0
    assert result.stdout.startswith("No problems.")
    assert not file.exists()


def test_check_reads_standard_input(command: Command) -> None:
    result = command("check", "-", input=Path(COLD_SNAP).read_bytes())
    assert result.exit_code == 0


def test_a_file_in_another_encoding_is_refused_with_the_line(
    command: Command, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.md"
    draft.write_bytes(b"---\ntitle: Caf\xe9\n---\n")
    result = command("check", str(draft))
    assert result.exit_code == 1
    assert "Line 2 is not UTF-8" in result.stderr


def test_a_file_that_is_not_there_is_wrong_usage(command: Command) -> None:
    assert command("check", "no-such-file.md").exit_code == 2


def test_publish_makes_a_version_once(command: Command) -> None:
    first = command("publish", COLD_SNAP, "--by", "Ana", "--json")
    again = command("publish", COLD_SNAP, "--json")
    assert first.exit_code == again.exit_code == 0
    made = json.loads(first.stdout)
    assert (made["toolkit"], made["version"], made["published_by"]) == ("cold-snap", 1, "Ana")
    assert json.loads(again.stdout) == made


def test_publish_refuses_a_text_with_errors(command: Command, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text("---\ntitle: Cold\n---\nDear {{ organisaton }}\n")
    result = command("publish", str(draft))
    assert result.exit_code == 1
    assert "line 4:" in result.stderr
    assert json.loads(command("list", "--json").stdout) == {"toolkits": []}


def test_list_names_the_newest_version_in_each_language(command: Command, tmp_path: Path) -> None:
    assert "There are no toolkits yet." in command("list").stdout
    newer = tmp_path / "newer.md"
    newer.write_text(Path(COLD_SNAP).read_text().replace("until Tuesday", "until Wednesday"))
    for each in (COLD_SNAP, URDU, str(newer)):
        assert command("publish", each).exit_code == 0
    listed = json.loads(command("list", "--json").stdout)["toolkits"]
    assert [(one["toolkit"], one["language"], one["version"]) for one in listed] == [
        ("cold-snap", "en", 2),
        ("flu-jab", "ur", 1),
    ]
    assert "cold-snap  version 2 (en)  Cold snap: keep people warm" in command("list").stdout


def test_render_prints_what_a_segment_gets(command: Command) -> None:
    result = command("render", COLD_SNAP, "--segment", "care-homes, pharmacies", "--as", "text")
    assert result.exit_code == 0
    assert "For care homes" in result.stdout
    assert "For pharmacies" in result.stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--segment", "care-hmes", "--as", "html"), 1, "Known: care-homes"),
        (("--segment", " , ", "--as", "html"), 1, "Known: care-homes"),
        (("--segment", "care-homes", "--as", "pdf"), 2, "'pdf' is not one of"),
        (("--segment", "care-homes", "--as", "text", "--language", "ur"), 1, "The file is in “en”"),
        (("--as", "html"), 2, "--segment"),
    ],
)
def test_render_says_what_is_wrong(
    command: Command, words: tuple[str, ...], code: int, says: str
) -> None:
    result = command("render", COLD_SNAP, *words)
    assert result.exit_code == code
    assert says in result.stderr

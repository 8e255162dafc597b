"""A text is read aloud once, where the program for it is there (a small stand-in here)."""

from pathlib import Path

import pytest

from cascade.shelf.speaking import can_speak, spoken

STAND_IN = """#!/bin/sh
[ "$2" = "xx" ] && exit 1
echo "$2" >> "{calls}"
cat > "$5"
"""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a stand-in of espeak-ng was asked for; it writes the text where the sound would be."""
    program = tmp_path / "bin" / "espeak-ng"
    program.parent.mkdir()
    program.write_text(STAND_IN.format(calls=tmp_path / "calls"))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return tmp_path / "calls"


def test_a_text_is_made_once_for_a_language(calls: Path, tmp_path: Path) -> None:
    folder = tmp_path / "spoken"
    assert can_speak()

    for language in ("en", "en-GB", "ur"):
        assert spoken("--help; rm -rf", language, folder) == b"--help; rm -rf"

    assert calls.read_text().split() == ["en", "ur"]
    assert len(list(folder.glob("*.wav"))) == 2


def test_a_language_that_is_not_spoken_leaves_nothing_behind(calls: Path, tmp_path: Path) -> None:
    assert spoken("text", "xx", tmp_path / "spoken") is None
    assert list((tmp_path / "spoken").iterdir()) == []


def test_without_the_program_there_is_no_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert not can_speak()
    assert spoken("text", "en", tmp_path / "spoken") is None
    assert not (tmp_path / "spoken").exists()

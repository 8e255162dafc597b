"""A text is read aloud once, where the program for it is there (else by a small stand-in)."""

import io
import shutil
import wave
from pathlib import Path

import pytest

from cascade.shelf.speaking import can_speak, spoken

STAND_IN = """#!/bin/sh
[ "$2" = "xx" ] && exit 1
echo "$2" >> "{calls}"
[ "$3" = "-q" ] || cat > "$5"
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
    assert can_speak("en-GB")
    assert not can_speak("xx")
    calls.unlink()

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

    assert not can_speak("en")
    assert spoken("text", "en", tmp_path / "spoken") is None
    assert not (tmp_path / "spoken").exists()


HAS_REAL = shutil.which("espeak-ng") is not None


def seconds(content: bytes | None) -> float:
    """How long a sound is."""
    assert content is not None
    with wave.open(io.BytesIO(content)) as sound:
        return sound.getnframes() / sound.getframerate()


@pytest.mark.skipif(not HAS_REAL, reason="espeak-ng is not on this machine")
@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Keep warm."), ("en-GB", "\0--help <b>warm</b>"), ("ur", "سب یہ پڑھ سکتے ہیں۔")],
)
def test_the_real_program_speaks(language: str, text: str, tmp_path: Path) -> None:
    assert can_speak(language)
    assert seconds(spoken(text, language, tmp_path)) > 0.5


@pytest.mark.skipif(not HAS_REAL, reason="espeak-ng is not on this machine")
def test_the_real_program_has_not_every_voice(tmp_path: Path) -> None:
    assert not can_speak("so")
    assert spoken("Salaan", "so", tmp_path) is None


def test_a_long_text_ends_with_a_whole_word(calls: Path, tmp_path: Path) -> None:
    said = spoken("words " * 2_000, "en", tmp_path / "spoken")
    assert said is not None
    assert len(said) < 5_000
    assert said.endswith(b" words")

"""A toolkit read aloud, where the machine has espeak-ng: made once for a text, kept as a file."""

import shutil
import subprocess
import tempfile
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore

PROGRAM = "espeak-ng"
FOLDER = Path("var/spoken")

_LONGEST = 5_000  # characters; six minutes to listen to, and 16 MB
_SECONDS = 60
_one_at_a_time = BoundedSemaphore(1)


def can_speak(language: str) -> bool:
    """Whether the program is there and has a voice for the language."""
    program = shutil.which(PROGRAM)
    voice = _voice(language)
    return program is not None and voice.isalpha() and _has_voice(program, voice)


def spoken(text: str, language: str, folder: Path = FOLDER) -> bytes | None:
    """The text as WAV; None where the program is missing, busy, or doesn't speak the language."""
    program = shutil.which(PROGRAM)
    voice = _voice(language)
    key = sha256("\n".join((voice, text)).encode()).hexdigest()
    file = folder / f"{key}.wav"
    if file.exists():
        return file.read_bytes()
    if program is None or not voice.isalpha() or not _one_at_a_time.acquire(blocking=False):
        return None
    try:
        return _speak(program, _sayable(text), voice, file)
    finally:
        _one_at_a_time.release()


def _sayable(text: str) -> str:
    """Whole words of it, and no zero byte: the program would stop there."""
    text = text.replace("\0", " ")
    return text if len(text) <= _LONGEST else text[:_LONGEST].rpartition(" ")[0] or text[:_LONGEST]


def _voice(language: str) -> str:
    return language.partition("-")[0].lower()


@lru_cache(maxsize=200)
def _has_voice(program: str, voice: str) -> bool:
    """Asked once while we run: it says nothing, and fails where it has no such voice."""
    command = [program, "-v", voice, "-q", "--stdin"]
    try:
        subprocess.run(command, input=b".", check=True, capture_output=True, timeout=_SECONDS)
    except (subprocess.SubprocessError, OSError):
        return False
    return True


def _speak(program: str, text: str, voice: str, file: Path) -> bytes | None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        made = Path(folder) / "spoken.wav"
        command = [program, "-v", voice, "--stdin", "-w", str(made)]
        try:
            # The text goes in by standard input: nothing in it can be an option.
            subprocess.run(
                command, input=text.encode(), check=True, capture_output=True, timeout=_SECONDS
            )
            return made.rename(file).read_bytes()
        except (subprocess.SubprocessError, OSError):
            return None

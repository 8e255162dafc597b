"""A toolkit read aloud, where the machine has espeak-ng: made once for a text, kept as a file."""

import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore

PROGRAM = "espeak-ng"
FOLDER = Path("var/spoken")

_LONGEST = 5_000  # characters; six minutes to listen to, and 16 MB
_SECONDS = 60
_one_at_a_time = BoundedSemaphore(1)


def can_speak() -> bool:
    """Whether the program is there."""
    return shutil.which(PROGRAM) is not None


def spoken(text: str, language: str, folder: Path = FOLDER) -> bytes | None:
    """The text as WAV; None where the program is missing, busy, or doesn't speak the language."""
    program = shutil.which(PROGRAM)
    voice = language.partition("-")[0].lower()
    key = sha256("\n".join((voice, text)).encode()).hexdigest()
    file = folder / f"{key}.wav"
    if file.exists():
        return file.read_bytes()
    if program is None or not voice.isalpha() or not _one_at_a_time.acquire(blocking=False):
        return None
    try:
        return _speak(program, text[:_LONGEST], voice, file)
    finally:
        _one_at_a_time.release()


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

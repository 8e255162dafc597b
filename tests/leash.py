"""Processes of tests that end when the test run does, however it ends.

A run that is killed from outside cleans nothing up, and a worker that it leaves behind would send
its mail to whoever gets the port next.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # prctl(2)


def leashed(*command: str | Path) -> list[str]:
    """The command as one that Linux asks to end (SIGTERM) when this process is gone."""
    words = [str(word) for word in command]
    if sys.platform != "linux":
        return words
    return [sys.executable, __file__, str(os.getpid()), *words]


def _become(parent: int, command: list[str]) -> None:
    # Not in a `preexec_fn`: after a fork of a process with threads little is safe to call.
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == parent:
        os.execv(command[0], [*command])


if __name__ == "__main__":
    _become(int(sys.argv[1]), sys.argv[2:])

"""Waiting for what another thread or process is to do."""

import time
from collections.abc import Callable


def awaited(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)

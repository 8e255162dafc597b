"""A clock that tests set."""

from datetime import datetime


class Clock:
    """It stands still until a test sets it forward."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

"""What is found in a file."""

from dataclasses import dataclass


class Broken(ValueError):
    """The file begins like one of its kind and isn't whole."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was read: its type, its size in pixels (a PDF has none), and what is kept."""

    media_type: str
    extension: str
    content: bytes
    width: int | None = None
    height: int | None = None

"""What is found in a file."""

from dataclasses import dataclass


class Broken(ValueError):
    """The file can't be taken; the words say why, and what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it is kept: its type, and for a picture its size in pixels and a small one."""

    media_type: str
    extension: str
    content: bytes
    width: int | None = None
    height: int | None = None
    thumbnail: bytes | None = None
    """PNG or JPEG like the content, for lists."""

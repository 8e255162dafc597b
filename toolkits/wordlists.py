"""Reads the word lists that come with the package: tab-separated rows, # for remarks."""

from functools import cache
from pathlib import Path

_WORDS = Path(__file__).parent / "words"


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a list in `toolkits/words`."""
    lines = (_WORDS / name).read_text("utf-8").splitlines()
    return tuple(
        tuple(cell.strip() for cell in line.split("\t"))
        for line in lines
        if line.strip() and not line.startswith("#")
    )

"""A file seen as lines of cells: the one form in which every kind of file is imported."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Line = tuple[int, list[str]]
"""The number of a line (or of a workbook's row), counted from 1, and its cells."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One way to read a file: a sheet of a workbook, or a text file with one delimiter."""

    description: str
    lines: Callable[[], Iterator[Line]]
    """Reads the sheet from its beginning, each time it is called."""

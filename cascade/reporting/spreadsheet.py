"""CSV that a spreadsheet may open: what strangers wrote can't become a formula there."""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence

from cascade.audience.cells import guarded

Cell = str | int | float | None


def lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180), one by one."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in itertools.chain([header], rows):
        writer.writerow([neutral(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def neutral(cell: Cell) -> Cell:
    """The cell; text that a spreadsheet would calculate is marked as text with an apostrophe."""
    return guarded(cell) if isinstance(cell, str) else cell

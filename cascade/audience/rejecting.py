"""Write the lines that were left out as a file that can be mended and imported again."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from cascade.audience.cells import guarded
from cascade.audience.headers import PROBLEM
from cascade.audience.layouts import folded_header
from cascade.audience.reading import Table
from cascade.audience.results import Reject


def write_rejects(table: Table, rejected: Iterable[Reject], path: Path) -> None:
    """Write the columns of the table and one more, `problem`, as CSV that Excel opens rightly."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        _write(table, rejected, file)


def rejects_file(table: Table, rejected: Iterable[Reject]) -> bytes:
    """The same as the content of a file."""
    file = io.StringIO(newline="")
    _write(table, rejected, file)
    return file.getvalue().encode("utf-8-sig")


def _write(table: Table, rejected: Iterable[Reject], file: TextIO) -> None:
    reasons = {reject.line: reject.reason for reject in rejected}
    kept = [at for at, t in enumerate(table.columns.header) if folded_header(t) != PROBLEM]
    writer = csv.writer(file)
    writer.writerow([*(guarded(table.columns.header[at]) for at in kept), PROBLEM])
    for line, cells in table.lines():
        if line in reasons:
            row = [cells[at] if at < len(cells) else "" for at in kept]
            writer.writerow([guarded(cell) for cell in (*row, reasons[line])])

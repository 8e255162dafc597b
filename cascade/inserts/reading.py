"""Read a table out of a file: its first line that isn't blank names the columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cascade.audience.reading import content, filled, sheets
from cascade.cleaning import cut
from cascade.errors import BadInput
from toolkits.cleaning import without_hidden
from toolkits.tables import key

MOST_ROWS = 5_000
MOST_COLUMNS = 30
LONGEST_CELL = 500
LONGEST_HEADING = 60
MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Given:
    """A table as somebody gives it: as many cells in each row as there are columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read(source: bytes | Path) -> Given:
    """The table of a CSV file or an Excel workbook; raises BadInput that says where and why."""
    data = content(source)
    if len(data) > MOST_BYTES:
        raise BadInput(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Divide it.")
    candidates = [
        (sum(map(bool, map(str.strip, first[0][1]))), -place, sheet)
        for place, sheet in enumerate(sheets(data))
        if (first := list(islice(filled(sheet), 1)))
    ]
    if not candidates:
        raise BadInput("The file is empty. Its first line names the columns.")
    _, _, sheet = max(candidates, key=lambda one: one[:2])
    lines = filled(sheet)
    number, heading = next(lines)
    columns = _columns(number, [tidy(one) for one in heading])
    rows: list[tuple[str, ...]] = []
    for number, cells in lines:
        if len(rows) == MOST_ROWS:
            raise BadInput(f"The table has more than {MOST_ROWS:,} rows. Divide it.")
        rows.append(_row(number, [tidy(cell) for cell in cells], len(columns)))
    return Given(columns, tuple(rows))


def tidy(cell: str) -> str:
    """A cell on one line, without characters that can't be seen."""
    return " ".join(without_hidden(cell).split())


def too_long(columns: Sequence[str], cells: Sequence[str]) -> list[str]:
    """The columns whose cells are longer than a cell may be."""
    return [column for column, cell in zip(columns, cells, strict=True) if len(cell) > LONGEST_CELL]


def _columns(line: int, heading: list[str]) -> tuple[str, ...]:
    while heading and not heading[-1]:
        heading.pop()
    if len(heading) > MOST_COLUMNS:
        raise BadInput(f"Line {line} names {len(heading)} columns; {MOST_COLUMNS} is the limit.")
    for place, one in enumerate(heading, start=1):
        if not one:
            raise BadInput(f"Column {place} has no name on line {line}. Name it, or delete it.")
        if len(one) > LONGEST_HEADING:
            raise BadInput(
                f"Column {place} has a name of {len(one)} characters; {LONGEST_HEADING} is the "
                "limit. Does the first line name the columns?"
            )
    known: dict[str, str] = {}
    for one in heading:
        if key(one) in known:
            raise BadInput(f"Two columns are called “{cut(one, 60)}”. Name one of them otherwise.")
        known[key(one)] = one
    return tuple(heading)


def _row(line: int, cells: list[str], width: int) -> tuple[str, ...]:
    beyond = [cell for cell in cells[width:] if cell]
    if beyond:
        raise BadInput(
            f"Line {line} has more cells than there are columns: “{cut(beyond[0], 60)}” stands "
            "beyond the last one. Is a comma in a cell without quotation marks around it?"
        )
    longest = max(map(len, cells), default=0)
    if longest > LONGEST_CELL:
        raise BadInput(
            f"Line {line} holds a cell of {longest:,} characters; {LONGEST_CELL} is the limit."
        )
    return tuple(cells[:width]) + ("",) * (width - len(cells))

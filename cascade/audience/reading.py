"""Read a table out of a file: find its sheet, its header and which column is which."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cascade.audience.headers import Columns, likeness, match
from cascade.audience.layouts import LAYOUTS, Layout
from cascade.audience.sheets import Line, Sheet
from cascade.audience.text_files import text_sheets
from cascade.audience.workbooks import workbook_sheets
from cascade.errors import BadInput

_MOST_BYTES = 100_000_000
_HEADER_WITHIN = 20
_NOTHING = " \t\r\n\xa0,;|¬"  # a line of delimiters alone is blank, whichever is the right one
_TABLE_NEEDED = "Give a CSV file or an Excel workbook (.xlsx)."
_NO_TABLE = (
    (b"\xd0\xcf\x11\xe0", "This is an old Excel file (.xls), or one with a password. "),
    (b"%PDF", "This is a PDF. "),
    (b"{\\rtf", "This is a text document (RTF). "),
    (b"\x89PNG", "This is a picture. "),
    (b"\xff\xd8\xff", "This is a picture. "),
    (b"\x1f\x8b", "This is a compressed file. "),
)


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of a file under a header that was understood."""

    description: str
    layout: str
    columns: Columns
    lines: Callable[[], Iterator[Line]]
    """Every line after the header that isn't blank."""


def read_table(source: bytes | Path, layout: str = "auto", given: Collection[str] = ()) -> Table:
    """Find the table in a file, or raise BadInput; fields in `given` need no column."""
    layouts = _layouts(layout)
    data = content(source)
    readings = sheets(data)
    candidates = [
        (likeness(cells, one), -place, -line, sheet, cells, one)
        for place, sheet in enumerate(readings)
        for line, cells in islice(filled(sheet), _HEADER_WITHIN)
        for one in layouts
    ]
    if not candidates:
        raise BadInput(f"The file is empty. {_TABLE_NEEDED}")
    _, _, line, sheet, cells, found = max(
        candidates, key=lambda c: (c[0], len(c[4]) > 1, c[1], c[2])
    )
    columns = match(cells, found, given)
    return Table(sheet.description, found.name, columns, lambda: filled(sheet, after=-line))


def _layouts(name: str) -> Sequence[Layout]:
    if name == "auto":
        return tuple(LAYOUTS.values())
    if name not in LAYOUTS:
        raise BadInput(f"There is no layout “{name}”. Known: auto, {', '.join(LAYOUTS)}.")
    return (LAYOUTS[name],)


def content(source: bytes | Path) -> bytes:
    """The bytes of a file; raises BadInput when they are too many."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > _MOST_BYTES:
        raise BadInput(
            f"The file has {size // 1_000_000:,} MB; {_MOST_BYTES // 1_000_000} MB is the limit. "
            "Split it, and import the parts one after the other."
        )
    return source if isinstance(source, bytes) else source.read_bytes()


def sheets(data: bytes) -> list[Sheet]:
    """Every way to read a file as lines of cells; raises BadInput for what holds no table."""
    for magic, meaning in _NO_TABLE:
        if data.startswith(magic):
            raise BadInput(f"{meaning}{_TABLE_NEEDED}")
    if not data.startswith(b"PK\x03\x04"):
        return text_sheets(data)
    if b"opendocument" in data[:200]:
        raise BadInput(f"This is an OpenDocument file. {_TABLE_NEEDED}")
    return workbook_sheets(data)


def filled(sheet: Sheet, after: int = 0) -> Iterator[Line]:
    """The lines after a certain one that aren't blank."""
    for line, cells in sheet.lines():
        if line > after and any(cell.strip(_NOTHING) for cell in cells):
            yield line, cells

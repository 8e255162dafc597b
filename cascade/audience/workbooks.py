"""Read Excel workbooks (XLSX), after a look at what they would unpack to."""

import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from operator import itemgetter
from typing import TYPE_CHECKING

from cascade.audience.cells import unguarded
from cascade.audience.sheets import Line, Sheet
from cascade.errors import BadInput

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_MOST_BYTES = 200_000_000
_MOST_CELLS = 6_000_000
_MOST_PARTS = 1_000
_ENDLESS = 1 << 62
_CHUNK = 1 << 20
_LONGEST_TAG = 4_096
_OVERLAP = 64  # longer than any reference, so that one across two chunks is still seen
# As nearly everybody writes them; found fast because it begins with fixed letters.
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"'$]+([A-Za-z]{0,3})\$?(\d{1,7})")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_NO_WORKBOOK = (
    "This is not an Excel workbook that can be read. Open it in a spreadsheet program and save it "
    "as “Excel workbook (.xlsx)” or “CSV UTF-8”."
)


def workbook_sheets(data: bytes) -> list[Sheet]:
    """The worksheets of a workbook, in its order."""
    # Loaded here: a process that imports nothing does without its memory.
    from python_calamine import CalamineError, SheetTypeEnum, load_workbook

    try:
        _refuse_bombs(data)
        book = load_workbook(io.BytesIO(data))
        names = [
            sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet
        ]
    except (
        zipfile.BadZipFile,
        zlib.error,
        CalamineError,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
    ):
        raise BadInput(_NO_WORKBOOK) from None
    # Loading a sheet is most of the work; the one in use is kept.
    load = lru_cache(maxsize=1)(book.get_sheet_by_name)
    return [Sheet(f"sheet “{name}” of a workbook", partial(_lines, load, name)) for name in names]


def _lines(load: Callable[[str], "CalamineSheet"], name: str) -> Iterator[Line]:
    from python_calamine import CalamineError

    try:
        for line, cells in enumerate(load(name).iter_rows(), 1):
            yield line, [_text(cell) for cell in cells]
    except CalamineError as error:
        raise BadInput(f"Sheet “{name}” can't be read: {error}. {_NO_WORKBOOK}") from None


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return unguarded(cell) if cell[:1] == "'" else cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return str(cell)


@dataclass(slots=True)
class _Extent:
    """How far the cells of a worksheet reach: calamine makes room for the whole rectangle."""

    rows: int = 1
    columns: int = 0
    nameless: int = 0
    """Cells that don't say where they are: at worst, all in one row."""

    def look(self, part: bytes) -> None:
        found = _PLAIN_CELL.findall(part)
        # Anything that isn't a plain cell, or may hide one, makes the slow search necessary.
        if len(found) < part.count(b"<c") + part.count(b":c") or b"<!" in part:
            found = _REFERENCE.findall(part)
            self.nameless += max(len(_CELL.findall(part)) - len(found), 0)
        if found:
            self.rows = max(self.rows, max(map(int, map(itemgetter(1), found))))
            self.columns = max(self.columns, *map(_column, set(map(itemgetter(0), found))))

    def refuse_too_far(self) -> None:
        columns = max(self.columns, self.nameless)
        if self.rows * columns > _MOST_CELLS:
            raise BadInput(
                f"A sheet of the workbook reaches over {self.rows:,} rows and {columns:,} columns. "
                "Delete the empty rows and columns beyond the table, or save it as “CSV UTF-8” "
                "and import that."
            )


def _refuse_bombs(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS:
            raise BadInput(f"The workbook has {len(parts):,} parts; {_MOST_PARTS:,} is the limit.")
        unpacked = 0
        for part in parts:
            # The size that the archive claims isn't to be trusted: read on until it really ends.
            part.file_size = _ENDLESS
            unpacked += _measured(archive, part, _MOST_BYTES - unpacked)


def _measured(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> int:
    extent, size, tail = _Extent(), 0, b""
    is_sheet = part.filename.startswith("xl/worksheets/")
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > room:
                raise BadInput(
                    f"The workbook unpacks to more than {_MOST_BYTES // 1_000_000} MB. "
                    "Save the sheet with the contacts as “CSV UTF-8” and import that."
                )
            if is_sheet:
                seen, tail = _cut(tail + chunk)
                extent.look(seen)
                extent.refuse_too_far()
    extent.look(tail)
    extent.refuse_too_far()
    return size


def _cut(seen: bytes) -> tuple[bytes, bytes]:
    """Two parts, with no tag across them unless it is very long."""
    cut = seen.rfind(b"<", -_LONGEST_TAG)
    cut = cut if cut > 0 else max(len(seen) - _OVERLAP, 0)
    return seen[:cut], seen[cut:]


@cache
def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number

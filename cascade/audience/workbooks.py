"""Read Excel workbooks (XLSX), after a look at what they would unpack to."""

import datetime
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from cascade.audience.cells import unguarded
from cascade.audience.sheets import Line, Sheet
from cascade.audience.workbook_parts import measured
from cascade.errors import BadInput

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_NO_WORKBOOK = (
    "This is not an Excel workbook that can be read. Open it in a spreadsheet program and save it "
    "as “Excel workbook (.xlsx)” or “CSV UTF-8”."
)


def workbook_sheets(data: bytes) -> list[Sheet]:
    """The worksheets of a workbook, in its order."""
    # Loaded here: a process that imports nothing does without its memory.
    from python_calamine import CalamineError, SheetTypeEnum, load_workbook

    try:
        book = load_workbook(io.BytesIO(measured(data)))
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

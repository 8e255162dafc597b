"""Read delimited text in the encodings and with the delimiters that spreadsheets write."""

import codecs
import csv
import io
from collections.abc import Iterator
from functools import partial

from cascade.audience.cells import unguarded
from cascade.audience.sheets import Line, Sheet
from cascade.errors import BadInput

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", "¬": "not signs (¬)"}

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CALLED = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "utf-16-le": "UTF-16"}
_MOST_LINES_IN_A_CELL = 100
_MOST_CELLS = 2_000
_REMEDY = "Save it from your spreadsheet as “CSV UTF-8” and import that."


def text_sheets(data: bytes) -> list[Sheet]:
    """The file read with each delimiter; which is right shows in its header."""
    encoding = encoding_of(data)
    called = _CALLED.get(encoding, encoding.upper())
    return [
        Sheet(f"{called} text with {name}", partial(_lines, data, encoding, delimiter))
        for delimiter, name in DELIMITERS.items()
    ]


def encoding_of(data: bytes) -> str:
    """The encoding of a text, by its mark or by what it decodes to; BadInput for no text."""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), None) or _unmarked(data)
    try:
        zero = _first_zero(data, encoding)
    except UnicodeDecodeError as error:
        raise BadInput(
            f"Line {_line(data, error.start)} holds bytes that are not text. {_REMEDY}"
        ) from None
    if zero >= 0:
        raise BadInput(f"Line {_line(data, zero)} holds a zero byte: this is no text. {_REMEDY}")
    return encoding


def _unmarked(data: bytes) -> str:
    head = data[:2_000]
    if head[1::2].count(0) > len(head) * 0.2:
        return "utf-16-le"
    if head[0::2].count(0) > len(head) * 0.2:
        return "utf-16-be"
    try:
        data.decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _first_zero(data: bytes, encoding: str) -> int:
    text = data.decode(encoding)
    return data.find(0) if "\0" in text and "16" not in encoding else text.find("\0")


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _lines(data: bytes, encoding: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(
        io.TextIOWrapper(io.BytesIO(data), encoding, newline=""), delimiter=delimiter
    )
    line, last = 1, 1
    try:
        for cells in reader:
            line, last = last, reader.line_num + 1
            _refuse_monsters(line, reader.line_num, cells)
            yield line, [unguarded(cell) if cell[:1] == "'" else cell for cell in cells]
    except csv.Error:
        raise BadInput(
            f"The line after line {last - 1} holds a cell of more than {csv.field_size_limit():,} "
            'characters. Look there for a quotation mark (") that is never closed.'
        ) from None
    if last - line > 1 and data.count(b'"') % 2:
        raise _unclosed(line)


def _refuse_monsters(first: int, last: int, cells: list[str]) -> None:
    if last - first > _MOST_LINES_IN_A_CELL:
        raise _unclosed(first)
    if len(cells) > _MOST_CELLS:
        raise BadInput(
            f"Line {first} has {len(cells):,} values. A table has one line for each contact: "
            "check how the file was saved."
        )


def _unclosed(line: int) -> BadInput:
    return BadInput(
        f'A quotation mark (") that opens on line {line} is never closed, so the lines after it '
        "run into one. Delete or close it, then import again."
    )

"""Walk through a worksheet cell by cell, to learn how far it reaches."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.parsers import expat

from cascade.errors import BadInput

_MOST_CELLS = 6_000_000
_DEEPEST = 200
_LONGEST_PIECE = 4_000_000
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ROW = re.compile(r"[0-9]{1,7}")


class Odd(BadInput):
    """A part of a workbook that isn't written as any program writes it."""

    def __init__(self) -> None:
        super().__init__(
            "The workbook isn't written as spreadsheet programs write them. Open it in one, and "
            "save it as “Excel workbook (.xlsx)” or “CSV UTF-8”."
        )


@dataclass(slots=True)
class Extent:
    """How far the cells of a worksheet reach: who reads it makes room for the whole rectangle."""

    rows: int = 0
    columns: int = 0

    def reach(self, row: int, column: int) -> None:
        """There is a cell at this place, counted from 1."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)

    def refuse_too_far(self) -> None:
        """Raises BadInput when there would be too many cells in the rectangle."""
        if self.rows * self.columns > _MOST_CELLS:
            raise BadInput(
                f"A sheet of the workbook reaches over {self.rows:,} rows and {self.columns:,} "
                "columns. Delete the empty rows and columns beyond the table, or save it as "
                "“CSV UTF-8” and import that."
            )


def extent_of(chunks: Iterable[bytes]) -> Extent:
    """How far the cells of a part reach, with those that don't say where they are."""
    walk = _Walk()
    # As UTF-8 whatever it claims, since that is how it will be read.
    parser = expat.ParserCreate("UTF-8")
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.StartDoctypeDeclHandler = walk.refuse
    fed = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk)
            fed += len(chunk)
            # A tag without end is looked at again from its beginning with every chunk.
            if fed - parser.CurrentByteIndex > _LONGEST_PIECE:
                raise Odd
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise Odd from None
    return walk.extent


class _Walk:
    """Keeps count of rows and columns as a reader does."""

    def __init__(self) -> None:
        self.extent = Extent()
        self._row, self._column = 1, 1
        self._depth = self._cells = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Odd
        name = _local(tag)
        if name == "row" and "r" in attributes:
            self._row = _number(attributes["r"])
        elif name == "c":
            self._cell(attributes.get("r"))

    def end(self, tag: str) -> None:
        self._depth -= 1
        if _local(tag) == "row":
            self._row, self._column = self._row + 1, 1

    def refuse(self, *_: object) -> None:
        """Who declares entities writes something else than is read."""
        raise Odd

    def _cell(self, reference: str | None) -> None:
        row = self._row
        if reference is not None:
            row, self._column = _place(reference)
        self.extent.reach(row, self._column)
        self._column += 1
        self._cells += 1
        if self._cells > _MOST_CELLS:
            self.extent.reach(_MOST_CELLS, _MOST_CELLS)
            self.extent.refuse_too_far()


def _local(tag: str) -> str:
    """A tag without its prefix, which ends at the first colon."""
    return tag.partition(":")[2] or tag


def _number(written: str) -> int:
    if not _ROW.fullmatch(written):
        raise Odd
    return max(int(written), 1)


def _place(reference: str) -> tuple[int, int]:
    """Row and column of a reference such as B7."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise Odd
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return _number(found[2]), column

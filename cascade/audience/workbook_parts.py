"""Unpack a workbook within limits, and pack anew what was measured, so that nothing else is read.

Which parts a reader of workbooks opens is for the workbook itself to say, and archives can hold a
name twice or two lists of their parts. So no name is trusted: every part that can be read as a
sheet is measured, and the reader gets an archive that holds these parts and no others.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from operator import itemgetter

from cascade.audience.extents import Extent, extent_of
from cascade.errors import BadInput

_MOST_BYTES = 200_000_000
_MOST_PARTS = 1_000
_ENDLESS = 1 << 62
_CHUNK = 1 << 20
_READ = (".xml", ".rels")
_ORDER = "calcchain.xml"
"""In which order cells are worked out: cells of every sheet, and of no use to a reader."""
# As nearly everybody writes them; found fast because it begins with fixed letters. To the end of
# the tag, since of two references a reader takes the second.
_PLAIN_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: (?:s|t|cm|vm|ph)="[0-9A-Za-z]*+")*+ ?/?>'
)
_CELL = re.compile(rb"<c[\s/>]")
_PREFIXED_CELL = re.compile(rb":c[\s/>]")


def measured(data: bytes) -> bytes:
    """The workbook with the parts that are read; raises BadInput where they are too large."""
    copy = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as archive,
        zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as kept,
    ):
        parts = archive.infolist()
        _refuse_odd(parts)
        room = _MOST_BYTES
        for part in parts:
            # The size that the archive claims isn't to be trusted: read on until it really ends.
            part.file_size = _ENDLESS
            into = kept if _is_read(part.filename) else None
            room -= _taken_over(archive, part, room, into)
    return copy.getvalue()


def _is_read(name: str) -> bool:
    low = name.lower()
    return low.endswith(_READ) and not low.endswith(_ORDER)


def _refuse_odd(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _MOST_PARTS:
        raise BadInput(f"The workbook has {len(parts):,} parts; {_MOST_PARTS:,} is the limit.")
    names = {part.filename.replace("\\", "/").lstrip("/").lower() for part in parts}
    if len(names) < len(parts):
        raise BadInput(
            "The workbook holds two parts of one name, so nobody can say which of them counts. "
            "Open it in a spreadsheet program and save it anew."
        )


def _taken_over(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int, into: zipfile.ZipFile | None
) -> int:
    """Measure a part, put it into the copy if it is read, and give its size."""
    if into is None:
        return sum(map(len, _chunks(archive, part, room)))
    plain, size = _Plain(), 0
    with into.open(part.filename, "w") as copy:
        for chunk in _chunks(archive, part, room):
            copy.write(chunk)
            plain.look(chunk)
            size += len(chunk)
    plain.end()
    # Anything out of the ordinary is read as a reader would, from the beginning.
    extent = plain.extent if plain.is_plain else extent_of(_chunks(archive, part, room))
    extent.refuse_too_far()
    return size


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> Iterator[bytes]:
    size = 0
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > room:
                raise BadInput(
                    f"The workbook unpacks to more than {_MOST_BYTES // 1_000_000} MB. "
                    "Save the sheet with the contacts as “CSV UTF-8” and import that."
                )
            yield chunk


class _Plain:
    """Finds how far the cells of a part reach, fast, as long as each is written plainly."""

    def __init__(self) -> None:
        self.extent = Extent()
        self.is_plain = True
        self._tail = b""

    def look(self, chunk: bytes) -> None:
        if not self.is_plain:
            return
        seen = self._tail + chunk
        # No tag is cut in two by this; a piece without any is not plain.
        cut = seen.rfind(b"<")
        self.is_plain = len(seen) - cut < _CHUNK
        self._tail = seen[cut:]
        self._measure(seen[:cut])

    def end(self) -> None:
        self._measure(self._tail)

    def _measure(self, seen: bytes) -> None:
        found = _PLAIN_CELL.findall(seen)
        cells = len(_CELL.findall(seen)) + len(_PREFIXED_CELL.findall(seen))
        if len(found) < cells or b"\0" in seen:
            self.is_plain = False
        elif found:
            rows = max(map(int, map(itemgetter(1), found)))
            self.extent.reach(rows, max(map(_column, set(map(itemgetter(0), found)))))


@cache
def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number

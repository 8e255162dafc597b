"""Rejected lines as a file: mended, it can be imported; opened, it runs nothing."""

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cascade.audience.cells import guarded, unguarded
from cascade.audience.reading import read_table
from cascade.audience.rejecting import write_rejects
from cascade.database import Database
from tests.cascade.audience.tables import HEADER, ROWS, load, text

BAD = (
    "Ash House",
    "vet",
    "A9",
    "LE9 9AA",
    "=cmd()",
    "+Lead",
    "zed@ash.example.org",
    "0116 496 0199",
    "",
)


def _rejects(database: Database, source: str, folder: Path) -> Path:
    result = load(database, source)
    file = folder / "rejects.csv"
    write_rejects(read_table(source.encode()), result.rejected, file)
    return file


def test_rejects_are_written_with_the_columns_of_the_file_and_the_problem(
    sqlite_database: Database, tmp_path: Path
) -> None:
    file = _rejects(sqlite_database, text(rows=[*ROWS, BAD]), tmp_path)
    with file.open(encoding="utf-8-sig", newline="") as written:
        header, row = csv.reader(written)
    assert header == [*HEADER, "problem"]
    assert row[:4] == list(BAD[:4])
    assert "“vet” is not known" in row[-1]


def test_no_cell_of_the_file_of_rejects_is_a_formula(
    sqlite_database: Database, tmp_path: Path
) -> None:
    file = _rejects(sqlite_database, text(rows=[BAD]), tmp_path)
    with file.open(encoding="utf-8-sig", newline="") as written:
        cells = [cell for row in csv.reader(written) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_mended_rejects_are_imported_as_they_were_meant(
    sqlite_database: Database, tmp_path: Path
) -> None:
    file = _rejects(sqlite_database, text(rows=[*ROWS, BAD]), tmp_path)
    mended = file.read_text("utf-8-sig").replace("vet", "care home")
    result = load(sqlite_database, mended)
    assert (result.added, result.rejected) == (1, ())
    direct = load(sqlite_database, text(rows=[(BAD[0], "care home", *BAD[2:])]))
    assert direct.unchanged == 1


def test_rejects_that_nobody_mended_are_rejected_for_the_same_reason(
    sqlite_database: Database, tmp_path: Path
) -> None:
    file = _rejects(sqlite_database, text(rows=[BAD]), tmp_path)
    again = load(sqlite_database, file.read_bytes())
    assert [reject.reason for reject in again.rejected] == [
        reject.reason for reject in load(sqlite_database, text(rows=[BAD])).rejected
    ]
    assert "problem" not in again.attributes


@given(st.text(max_size=12) | st.text("'=+-@\t\r＝", max_size=6))
def test_a_guarded_cell_runs_nothing_and_comes_back_as_it_was(cell: str) -> None:
    assert guarded(cell)[:1] not in set("=+-@\t\r\n＝＋－＠")
    assert unguarded(guarded(cell)) == cell

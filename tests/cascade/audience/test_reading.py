"""Files of every sort are read, or refused with their place and the remedy."""

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade.audience.reading import Table, read_table
from cascade.errors import BadInput
from tests.cascade.audience.tables import HEADER, ROWS, text

ACCENTED = (("Café Zoë", "care home", *ROWS[0][2:]), *ROWS)


def _cells(table: Table) -> list[list[str]]:
    return [cells for _, cells in table.lines()]


def _workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "¬"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-32"]
)
def test_every_encoding_with_every_delimiter_reads_the_same(encoding: str, delimiter: str) -> None:
    table = read_table(text(rows=ACCENTED, delimiter=delimiter).encode(encoding))
    assert _cells(table) == [list(row) for row in ACCENTED]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_counts_the_same_lines(ending: str) -> None:
    table = read_table(text().replace("\r\n", ending).encode())
    assert [line for line, _ in table.lines()] == [2, 3, 4]


def test_a_workbook_reads_like_text() -> None:
    rows: list[list[object]] = [list(HEADER), *(list(row) for row in ROWS)]
    rows[1][7] = 1164960123
    table = read_table(_workbook(("Notes", [["Contacts of the county"]]), ("Contacts", rows)))
    assert table.description == "sheet “Contacts” of a workbook"
    assert _cells(table)[0] == [*ROWS[0][:7], "1164960123", ""]
    assert _cells(table)[1:] == [list(row) for row in ROWS[1:]]


def test_lines_before_the_header_and_blank_lines_are_passed_over() -> None:
    source = f"Contacts of the county,,\n\nprinted in November,,\n{text()}\n,,,\n"
    table = read_table(source.encode())
    assert table.columns.header == HEADER
    assert [line for line, _ in table.lines()] == [5, 6, 7]


def test_a_line_break_inside_quotation_marks_keeps_the_count_of_lines() -> None:
    source = 'organisation,kind\n"Oak\nHouse",care home\nElm,GP\n'
    assert [line for line, _ in read_table(source.encode()).lines()] == [2, 4]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"", "file is empty"),
        (b"\n\n , ,\n", "file is empty"),
        (b"\xef\xbb\xbf", "file is empty"),
        (b"one column\nvalue\n", "no column for: organisation, kind. Found: “one column”"),
        (b"organisation,email\n", "no column for: kind. Found: “organisation”, “email”"),
        (b"organisation,kind\nOak\0,care home\n", "Line 2 holds a zero byte"),
        (b"organisation,kind\n\nO\x81k,care home\n", "Line 3 holds bytes that are not text"),
        (b"%PDF-1.7 ...", "This is a PDF. Give a CSV file"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel file"),
        (b"PK\x03\x04" + b"junk" * 100, "not an Excel workbook"),
        (b"organisation,kind\nOak," + b"x" * 10_000_000, "line after line 1 holds a cell of more"),
        (b"a," * 5_000_000, "Line 1 has 5,000,001 values"),
        (b'organisation,kind\n"Oak,care home\nElm,GP\n', "opens on line 2 is never closed"),
        (b"organisation,kind,Email,E-mail\n", "be the email: “Email” and “E-mail”"),
        (b"organisation,kind,Beds,beds \n", "same heading: “Beds”, “beds”"),
    ],
)
def test_what_is_no_table_is_refused_with_place_and_remedy(source: bytes, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        list(read_table(source).lines())
    assert says in str(caught.value)


def test_an_opendocument_file_is_named_as_such() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(BadInput, match="OpenDocument"):
        read_table(buffer.getvalue())


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A small workbook that unpacks to 201 MB."""
    buffer = io.BytesIO(_workbook(("Contacts", [list(HEADER)])))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(201_000_000))
    return buffer.getvalue()


def test_a_workbook_that_unpacks_to_too_much_is_refused(bomb: bytes) -> None:
    assert len(bomb) < 1_000_000
    with pytest.raises(BadInput, match="unpacks to more than 200 MB"):
        read_table(bomb)


def test_a_size_that_the_archive_understates_is_not_believed(bomb: bytes) -> None:
    said = (201_000_000).to_bytes(4, "little")
    assert said in bomb
    with pytest.raises(BadInput, match="unpacks to more than 200 MB"):
        read_table(bomb.replace(said, (10).to_bytes(4, "little")))


def test_a_workbook_with_two_cells_far_apart_takes_no_room() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write(1_000_000, 16_000, "far away")
    with pytest.raises(BadInput, match=r"over 1,000,001 rows and 16,001 columns"):
        read_table(buffer.getvalue())


@pytest.mark.parametrize(
    "far",
    [
        '<c r="XFD1048576"><v>1</v></c>',
        "<c r='XFD1048576'><v>1</v></c>",
        '<c s="1" r="XFD1048576"><v>1</v></c>',
        '<!-- <c r="A1"/> --><c\nr = "xfd1048576"><v>1</v></c>',
        '<c r="XFD1"><v>1</v></c></row><row r="1048576"><c><v>1</v></c>',
    ],
)
def test_a_far_cell_is_seen_however_it_is_written(far: str) -> None:
    sheet = f'<worksheet><sheetData><row r="1"><c r="A1"/>{far}</row></sheetData></worksheet>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    with pytest.raises(BadInput, match="reaches over 1,048,576 rows and 16,384 columns"):
        read_table(buffer.getvalue())


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "big.csv"
    with file.open("wb") as out:
        out.truncate(101_000_000)
    with pytest.raises(BadInput, match="100 MB is the limit"):
        read_table(file)


def test_an_unknown_layout_is_named_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="no layout “ods”. Known: auto, contacts"):
        read_table(b"organisation,kind\n", "ods")


def _read(data: bytes) -> None:
    with suppress(BadInput):
        table = read_table(data)
        assert all(line >= 1 for line, _ in table.lines())


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_any_bytes_at_all_give_a_table_or_a_reason(data: bytes) -> None:
    _read(data)


@settings(max_examples=200)
@given(st.binary(max_size=60), st.sampled_from(("utf-8", "utf-16", "cp1252")))
def test_any_bytes_after_a_header_give_a_table_or_a_reason(data: bytes, encoding: str) -> None:
    _read("organisation,kind\n".encode(encoding) + data)


_BOOK = _workbook(("Contacts", [list(HEADER), *(list(row) for row in ROWS)]))


@settings(max_examples=100)
@given(st.integers(0, len(_BOOK) - 1), st.binary(min_size=1, max_size=8))
def test_any_damage_to_a_workbook_gives_a_table_or_a_reason(at: int, damage: bytes) -> None:
    _read(_BOOK[:at] + damage + _BOOK[at + len(damage) :])


@settings(max_examples=50)
@given(st.integers(0, len(_BOOK) - 1))
def test_any_part_of_a_workbook_gives_a_table_or_a_reason(end: int) -> None:
    _read(_BOOK[:end])

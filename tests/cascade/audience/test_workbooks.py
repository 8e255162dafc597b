"""Workbooks that are made to take a reader's memory: each is refused before it is opened."""

import io
import time
import warnings
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.audience.extents import extent_of
from cascade.audience.reading import sheets
from cascade.errors import BadInput

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
NEAR = '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
FAR = f'{NEAR}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
TOO_FAR = "reaches over 1,048,576 rows and 16,384 columns"


def sheet(rows: str, before: str = "") -> str:
    """A worksheet with these rows."""
    return f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'


def book(*parts: tuple[str, str | bytes], target: str = "worksheets/sheet1.xml") -> bytes:
    """A workbook whose only sheet is said to be at `target`, with these parts."""
    rels = f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="{target}"/>'
    root = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    named = '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets>'
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    always = (
        ("[Content_Types].xml", types),
        ("_rels/.rels", f'<Relationships xmlns="{_RELATED}">{root}</Relationships>'),
        ("xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{named}</workbook>'),
        (
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_RELATED}">{rels}</Relationships>',
        ),
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a name is there twice is what is tried
        for name, content in (*always, *parts):
            archive.writestr(name, content)
    return buffer.getvalue()


def read(data: bytes) -> list[list[str]]:
    return [cells for _, cells in sheets(data)[0].lines()]


@pytest.mark.parametrize(
    ("part", "target"),
    [
        ("xl/worksheets/sheet1.xml", "worksheets/sheet1.xml"),
        ("xl/sheets/sheet1.xml", "sheets/sheet1.xml"),
        ("xl/sheets/sheet1.xml", "/xl/sheets/sheet1.xml"),
        ("XL/Worksheets/SHEET1.XML", "worksheets/sheet1.xml"),
        ("sheet1.xml", "/sheet1.xml"),
        ("sheet1.xml", "../sheet1.xml"),
        ("xl/worksheets/../sheet1.xml", "worksheets/../sheet1.xml"),
        ("/xl/worksheets/sheet1.xml", "worksheets/sheet1.xml"),
        ("xl\\worksheets\\sheet1.xml", "worksheets/sheet1.xml"),
        ("xl/sharedStrings.xml", "sharedStrings.xml"),
        ("xl/styles.xml", "styles.xml"),
        ("xl/_rels/sheet1.rels", "_rels/sheet1.rels"),
        ("docProps/app.xml", "/docProps/app.xml"),
    ],
)
def test_a_far_cell_is_seen_wherever_the_sheet_is(part: str, target: str) -> None:
    with pytest.raises(BadInput, match=TOO_FAR):
        read(book((part, sheet(FAR)), target=target))


@pytest.mark.parametrize(
    ("part", "target"),
    [
        ("xl/worksheets/sheet1.bin", "worksheets/sheet1.bin"),
        ("xl/worksheets/sheet1", "worksheets/sheet1"),
        ("xl/calcChain.xml", "calcChain.xml"),
        ("xl/worksheets/calcchain.XML", "worksheets/calcchain.XML"),
    ],
)
def test_what_is_not_measured_is_not_opened(part: str, target: str) -> None:
    with pytest.raises(BadInput):
        read(book((part, sheet(FAR)), target=target))


@pytest.mark.parametrize(
    "second",
    [
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/SHEET1.xml",
        "/xl/worksheets/sheet1.xml",
        "xl\\worksheets\\sheet1.xml",
    ],
)
@pytest.mark.parametrize("last", [True, False])
def test_two_parts_of_one_name_are_refused(second: str, last: bool) -> None:
    parts = [("xl/worksheets/sheet1.xml", sheet(NEAR)), (second, sheet(FAR))]
    with pytest.raises(BadInput, match="two parts of one name"):
        read(book(*parts[:: 1 if last else -1]))


def test_an_archive_before_the_archive_is_not_read() -> None:
    hidden = book(("xl/worksheets/sheet1.xml", sheet(FAR)))
    outer = book(("xl/worksheets/sheet1.xml", sheet(NEAR)))
    assert read(hidden + outer) == [["Name"]]


@pytest.mark.parametrize(
    "names",
    [
        ("xl/_rels/workbook.bin.rels", "xl/workbook.bin", "xl/worksheets/sheet1.bin"),
        ("content.xml", "META-INF/manifest.xml", "mimetype"),
    ],
)
def test_workbooks_of_other_kinds_are_not_opened(names: tuple[str, ...]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(BadInput, match="not an Excel workbook"):
        read(buffer.getvalue())


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="XFD1"/></row>' + "<row/>" * 1_048_574 + "<row><c><v>1</v></c></row>",
        '<row r="1"><c r="XFD1"/></row><row r="1048576"><c><v>1</v></c></row>',
        '<row r="1"><c r="XFC1"/><c/></row><row r="1048576"><c r="A1048576"/></row>',
        '<x:row xmlns:x="y" r="1"><x:c r="XFD1048576"/></x:row>',
        '<row><c t="x" r="XFD1048576"/></row>',
        '<row><c r="XFC1048576"/><x:y:c xmlns:x="y" r="A1"/><c/></row>',
        f'<row><c r{" " * 2_000_000}="XFD1048576"/></row>',
        f'<row><c t="{">" * 2_000_000}" r="XFD1048576"/></row>',
        f'<row><c r="A1"/><c r="XFD1"/></row>{" " * 3_000_000}<row><c r="A1048576"/></row>',
    ],
)
def test_a_far_cell_is_seen_however_it_is_said(rows: str) -> None:
    with pytest.raises(BadInput, match=TOO_FAR):
        read(book(("xl/worksheets/sheet1.xml", sheet(rows))))


@pytest.mark.parametrize(
    "part",
    [
        sheet('<row><c r="A1" r="XFD1048576"/></row>'),
        sheet("</row>" * 1_048_575 + '<c r="XFD1048576"/><c/>'),
        sheet('<row><c r="A99999999999"/></row>'),
        sheet('<row r="99999999999"><c><v>1</v></c></row>'),
        sheet('<row r="-1"><c><v>1</v></c></row>'),
        sheet(f"<row><c>{'<is>' * 300}{'</is>' * 300}</c></row>"),
        '<!DOCTYPE x [<!ENTITY far "XFD1048576">]>' + sheet('<row><c r="&far;"/></row>'),
        sheet(FAR).encode("utf-16"),
        sheet("<row><c " + "r" * 8_000_000),
    ],
)
def test_what_no_program_writes_is_refused(part: str | bytes) -> None:
    began = time.process_time()
    with pytest.raises(BadInput):
        read(book(("xl/worksheets/sheet1.xml", part)))
    assert time.process_time() - began < 5


def test_cells_that_do_not_say_where_they_are_stand_one_after_the_other() -> None:
    cell = '<c t="inlineStr"><is><t>x</t></is></c>'
    rows = f"<row>{cell * 3}</row>" * 3_000
    assert read(book(("xl/worksheets/sheet1.xml", sheet(rows)))) == [["x"] * 3] * 3_000


def test_a_size_that_a_sheet_claims_takes_no_room() -> None:
    claimed = sheet(NEAR, before='<dimension ref="A1:XFD1048576"/>')
    assert read(book(("xl/worksheets/sheet1.xml", claimed))) == [["Name"]]


def test_the_order_of_calculation_says_nothing_about_a_sheet() -> None:
    chain = f'<calcChain xmlns="{_MAIN}"><c r="A1048576" i="1"/><c r="XFD1" i="2"/></calcChain>'
    parts = (("xl/worksheets/sheet1.xml", sheet(NEAR)), ("xl/calcChain.xml", chain))
    assert read(book(*parts)) == [["Name"]]


@given(st.lists(st.lists(st.tuples(st.booleans(), st.integers(1, 30)), max_size=4), max_size=6))
def test_the_walk_ends_where_the_reader_does(rows: list[list[tuple[bool, int]]]) -> None:
    written = "".join(
        f"<row>{''.join(_cell(number, *one) for one in row)}</row>"
        for number, row in enumerate(rows, 1)
    )
    part = sheet(written)
    found = read(book(("xl/worksheets/sheet1.xml", part)))
    extent = extent_of([part.encode()])
    # The reader begins at the first cell that there is.
    assert len(found) <= extent.rows
    assert max(map(len, found), default=0) <= extent.columns
    assert (extent.rows > 0) == any(rows)


def _cell(row: int, says: bool, column: int) -> str:
    place = f' r="{_letters(column)}{row}"' if says else ""
    return f"<c{place}><v>1</v></c>"


def _letters(column: int) -> str:
    return (chr(64 + (column - 1) // 26) if column > 26 else "") + chr(65 + (column - 1) % 26)

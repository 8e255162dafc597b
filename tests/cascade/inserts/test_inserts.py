"""Inserts: read from files, kept in revisions, compared, changed by hand."""

import io
from datetime import UTC, datetime

import pytest
import xlsxwriter
from hypothesis import given as tried
from hypothesis import strategies as st

import toolkits
from cascade.database import Database
from cascade.errors import BadInput, NotFound, Refused
from cascade.inserts import editing, expanding, keeping, listing, uploads
from cascade.inserts.differences import difference
from cascade.inserts.reading import Given, read
from cascade.inserts.records import Insert, InsertRow

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FILE = b"Place,Name,Open\nWestbury,Mill,9 to 5\nEaston,Old,closed\n"
HOURS = Given(("Place", "Name", "Open"), (("Westbury", "Mill", "9 to 5"), ("Easton", "Old", "-")))


def keep(database: Database, given: Given = HOURS, name: str = "hours") -> None:
    with database.writing() as session:
        insert = keeping.begin(session, name, "", by="Ann", now=NOW)
        keeping.keep(session, insert, given, revision=0, said="Made", by="Ann", now=NOW)


def upload(database: Database, given: Given, *asked: str, name: str = "hours") -> int:
    with database.writing() as session:
        return uploads.keep(
            session, given, name=name, title="", file="a.csv", asked=asked, by="Ann", now=NOW
        ).id


def do(database: Database, number: int) -> None:
    with database.writing() as session:
        waiting = uploads.get(session, number, by="Ann", now=NOW)
        uploads.do(session, waiting, asked=(), by="Ann", now=NOW)


def stands(database: Database, revision: int | None = None) -> Given:
    with database.reading() as session:
        insert = keeping.find(session, "hours")
        return keeping.given(session, insert, revision or insert.revision)


def test_a_csv_file_is_read_in_any_encoding_and_delimiter() -> None:
    plain = read(FILE)
    assert plain.columns == ("Place", "Name", "Open")
    assert plain.rows[0] == ("Westbury", "Mill", "9 to 5")
    assert read(FILE.decode().replace(",", ";").encode("utf-16")) == plain


def test_a_workbook_is_read_from_its_first_line_that_is_not_blank() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(FILE.decode().splitlines(), start=2):
            sheet.write_row(number, 0, line.split(","))
    assert read(file.getvalue()) == read(FILE)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "empty"),
        (b"A,,C\n1,2,3\n", "Column 2 has no name"),
        (b"A,a \n1,2\n", "Two columns"),
        (b"A,B\n1,2,3\n", "Line 2 has more cells"),
        (b"A,B\n1," + b"x" * 501 + b"\n", "Line 2 holds a cell of 501"),
        (",".join(f"C{number}" for number in range(31)).encode(), "names 31 columns"),
        (b"A,B\n" + b"1,2\n" * 5_001, "more than 5,000 rows"),
        (b"A" * 61 + b",B\n", "61 characters"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "picture"),
    ],
)
def test_a_bad_file_is_refused_with_where_and_why(file: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(file)


@tried(st.lists(st.lists(st.text(max_size=4), min_size=2, max_size=2).map(tuple), max_size=6))
def test_a_difference_accounts_for_every_row(rows: list[tuple[str, str]]) -> None:
    before = (("A", "B"), (("x", "1"), ("y", "2"), ("y", "3")))
    found = difference(before, (("A", "B"), tuple(rows)))
    assert found.unchanged + len(found.added) + len(found.changed) == len(rows)
    assert found.unchanged + len(found.removed) + len(found.changed) == 3


def test_a_difference_names_columns_and_pairs_rows_by_their_first_cell() -> None:
    found = difference(
        (("A", "B"), (("x", "1"), ("y", "2"))), (("a", "C"), (("x", "1"), ("z", "2")))
    )
    assert (found.new_columns, found.lost_columns) == (("C",), ("B",))
    assert found.changed == ((("x", ""), ("x", "1")),)
    assert (found.added, found.removed) == ((("z", "2"),), (("y", ""),))


def test_rows_are_paired_by_as_many_cells_as_tell_them_apart() -> None:
    columns = ("Place", "Name", "Open")
    before = (("West", "A", "1"), ("West", "B", "2"))
    after = (("West", "C", "3"), ("West", "B", "4"))
    found = difference((columns, before), (columns, after))
    assert found.changed == ((("West", "B", "2"), ("West", "B", "4")),)
    assert (found.added, found.removed) == ((after[0],), (before[0],))


def test_an_upload_changes_nothing_until_it_is_done(database: Database) -> None:
    keep(database)
    number = upload(database, read(FILE))
    assert stands(database) == HOURS
    do(database, number)
    assert stands(database) == read(FILE)
    assert stands(database, 1) == HOURS


def test_a_table_that_lacks_what_toolkits_show_is_refused(sqlite_database: Database) -> None:
    keep(sqlite_database)
    with pytest.raises(BadInput, match="column “phone”.*Place.*Nothing was changed"):
        upload(sqlite_database, read(FILE), "PLACE", "phone")
    assert stands(sqlite_database) == HOURS


def test_a_difference_of_another_revision_is_not_done(sqlite_database: Database) -> None:
    keep(sqlite_database)
    number = upload(sqlite_database, read(FILE))
    with sqlite_database.writing() as session:
        insert = keeping.find(session, "hours")
        editing.change(session, insert, 2, ["a", "b", "c"], revision=1, by="Bo", now=NOW)
    with pytest.raises(keeping.Overtaken, match="Bo changed"):
        do(sqlite_database, number)
    assert stands(sqlite_database).rows[1] == ("a", "b", "c")


def test_the_table_that_stands_makes_no_revision(sqlite_database: Database) -> None:
    keep(sqlite_database)
    with pytest.raises(Refused, match="very table"):
        do(sqlite_database, upload(sqlite_database, HOURS))


def test_nobody_sees_the_upload_of_another(sqlite_database: Database) -> None:
    number = upload(sqlite_database, HOURS)
    with sqlite_database.reading() as session, pytest.raises(NotFound):
        uploads.get(session, number, by="Bo", now=NOW)


@pytest.mark.parametrize("name", ["", "Hours", "a b", "new", "uploads", "x" * 61, "../a"])
def test_a_name_that_cannot_be_one_is_refused(sqlite_database: Database, name: str) -> None:
    with pytest.raises(BadInput):
        upload(sqlite_database, HOURS, name=name)


def test_rows_are_changed_added_removed_and_taken_again(database: Database) -> None:
    keep(database)
    with database.writing() as session:
        insert = keeping.find(session, "hours")
        before = editing.change(session, insert, 1, [" a\n b", "c"], revision=1, by="Bo", now=NOW)
        session.refresh(insert)
        editing.change(session, insert, 0, ["d"], revision=2, by="Bo", now=NOW)
        session.refresh(insert)
        editing.remove(session, insert, 2, revision=3, by="Bo", now=NOW)
    assert before == HOURS.rows[0]
    assert stands(database).rows == (("a b", "c", ""), ("d", "", ""))
    with database.writing() as session:
        insert = keeping.find(session, "hours")
        editing.take_again(session, insert, 1, revision=4, by="Bo", now=NOW)
        told = listing.revisions(session, insert, page=1, size=10)
    assert stands(database) == HOURS
    assert [one.said for one in told.lines][0] == "Revision 1 taken up again"


def test_one_changed_row_is_one_new_line_in_the_database(sqlite_database: Database) -> None:
    keep(sqlite_database)
    with sqlite_database.writing() as session:
        insert = keeping.find(session, "hours")
        editing.change(session, insert, 2, ["a"], revision=1, by="Bo", now=NOW)
        assert session.query(InsertRow).count() == 3


@pytest.mark.parametrize(("cells", "field"), [([""], "cell-1"), (["a", "x" * 501], "cell-2")])
def test_a_row_with_mistakes_says_at_which_cell(
    sqlite_database: Database, cells: list[str], field: str
) -> None:
    keep(sqlite_database)
    with sqlite_database.writing() as session:
        insert = keeping.find(session, "hours")
        with pytest.raises(BadInput) as caught:
            editing.change(session, insert, 1, cells, revision=1, by="Bo", now=NOW)
    assert caught.value.problems[0].startswith(f"{field}: ")


def test_rows_are_searched_sorted_and_paged(sqlite_database: Database) -> None:
    keep(sqlite_database)
    with sqlite_database.reading() as session:
        insert = keeping.find(session, "hours")

        def found(search: str = "", sort: int = 0, page: int = 1, size: int = 10) -> list[int]:
            lines = listing.rows(
                session, insert, 1, search=search, sort=sort, page=page, size=size
            ).lines
            return [number for number, _ in lines]

        assert found("MILL") == [1]
        assert found(sort=1) == [2, 1]
        assert found(page=2, size=1) == [2]
        assert found(sort=99) == [1, 2]


def test_inserts_are_found_by_name_and_title(sqlite_database: Database) -> None:
    keep(sqlite_database)
    with sqlite_database.reading() as session:
        for search, total in (("HOU", 1), ("%", 0), ("", 1)):
            assert listing.listing(session, search=search, page=1, size=9).total == total


def test_a_document_is_expanded_with_the_newest_table(sqlite_database: Database) -> None:
    keep(sqlite_database)
    document = toolkits.parse("---\ntitle: a\n---\n::: table hours columns name\n:::\n")
    with sqlite_database.reading() as session:
        shown = expanding.expanded(session, document)
    assert toolkits.text(shown, ()) == "- Name: Mill\n- Name: Old"


def test_another_table_of_the_same_name_and_revision_is_not_mistaken(
    sqlite_database: Database,
) -> None:
    keep(sqlite_database)
    with sqlite_database.writing() as session:
        assert expanding.now(session, ["hours"])[0].rows == HOURS.rows
        session.query(InsertRow).delete()
        session.query(Insert).update({"name": "former"})
    keep(sqlite_database, Given(("A",), (("other",),)))
    with sqlite_database.reading() as session:
        assert expanding.now(session, ["hours"])[0].rows == (("other",),)

"""What an import puts into the database, and what it leaves alone."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from cascade.audience.importing import Options, import_table
from cascade.audience.reading import read_table
from cascade.audience.records import Contact, Organisation, Segment
from cascade.database import Database
from cascade.errors import Refused
from tests.cascade.audience.tables import HEADER, NOW, ROWS, load, stored, text


def test_a_first_import_adds_organisations_and_contacts(sqlite_database: Database) -> None:
    result = load(sqlite_database, text())
    assert (result.lines, result.added, result.rejected) == (3, 3, ())
    assert (result.organisations.added, result.contacts.added) == (2, 3)
    oak, elm = stored(sqlite_database, Organisation)
    assert (oak["key"], oak["kind"], oak["postcode"]) == ("H1", "care-homes", "LE1 1AA")
    assert elm["kind"] == "gp-practices"
    contacts = stored(sqlite_database, Contact)
    assert [c["deputy"] for c in contacts] == [0, 1, 0]
    assert {c["organisation_id"] for c in contacts[:2]} == {oak["id"]}


def test_the_same_file_twice_changes_nothing(database: Database) -> None:
    load(database, text())
    before = stored(database, Organisation), stored(database, Contact)
    with database.writing() as session:
        later = NOW + timedelta(days=1)
        result = import_table(session, read_table(text().encode()), later, Options())
    assert (result.added, result.changed, result.unchanged) == (0, 0, 3)
    assert (stored(database, Organisation), stored(database, Contact)) == before


def test_a_changed_cell_changes_its_row_only(database: Database) -> None:
    load(database, text())
    result = load(database, text().replace("Ann Lee", "Ann Lea"))
    assert (result.changed, result.unchanged) == (1, 2)
    assert [(e.what, e.before, e.after) for e in result.examples] == [
        ("name", "Ann Lee", "Ann Lea")
    ]
    assert stored(database, Contact)[0]["name"] == "Ann Lea"


def test_a_dry_run_shows_the_difference_and_changes_nothing(database: Database) -> None:
    load(database, text())
    changed = (
        text().replace("LE2 2BB", "LE2 2BD") + "New Home,care home,H2,,,,n@new.example.org,,\n"
    )
    result = load(database, changed, dry_run=True)
    assert result.dry_run
    assert (result.added, result.changed, result.unchanged) == (1, 1, 2)
    assert ("postcode", "LE2 2BB", "LE2 2BD") in [
        (e.what, e.before, e.after) for e in result.examples
    ]
    assert len(stored(database, Organisation)) == 2
    assert stored(database, Organisation)[1]["postcode"] == "LE2 2BB"


def test_an_empty_cell_or_a_missing_column_erases_nothing(sqlite_database: Database) -> None:
    load(sqlite_database, text())
    less = text(("organisation", "kind", "code", "email"), [(*ROWS[1][:3], ROWS[1][6])])
    result = load(sqlite_database, less)
    assert (result.changed, result.unchanged) == (0, 1)
    bob = stored(sqlite_database, Contact)[1]
    assert (bob["name"], bob["role"], bob["deputy"]) == ("Bob Ray", "Deputy", 1)


def test_columns_nobody_knows_become_attributes_with_numbers_as_numbers(database: Database) -> None:
    header = ("Organisation", "Type", "Beds", "Rating", "Ref no")
    load(database, text(header, [("Oak House", "care home", "42", "Good", "007")]))
    attributes = stored(database, Organisation)[0]["attributes"]
    assert attributes == {"beds": 42, "rating": "Good", "ref-no": "007"}
    load(database, text(header, [("Oak House", "care home", "43", "", "007")]))
    attributes = stored(database, Organisation)[0]["attributes"]
    assert attributes == {"beds": 43, "rating": "Good", "ref-no": "007"}


def test_a_file_without_codes_finds_the_organisations_that_have_one(
    sqlite_database: Database,
) -> None:
    load(sqlite_database, text())
    by_name = (
        "The OAK house",
        "care homes",
        "",
        "le11aa",
        "Eve",
        "Cook",
        "eve@oak.example.org",
        "",
        "2",
    )
    result = load(sqlite_database, text(rows=[by_name]))
    assert (result.organisations.added, result.contacts.added) == (0, 1)
    assert {c["organisation_id"] for c in stored(sqlite_database, Contact)[::3]} == {1}


def test_an_organisation_known_by_name_gets_its_code_later(sqlite_database: Database) -> None:
    load(sqlite_database, text(rows=[(*ROWS[0][:2], "", *ROWS[0][3:])]))
    result = load(sqlite_database, text(rows=[ROWS[0]]))
    assert (result.added, result.changed) == (0, 1)
    assert [o["key"] for o in stored(sqlite_database, Organisation)] == ["H1"]


def test_a_name_that_two_codes_share_is_rejected_with_the_codes(sqlite_database: Database) -> None:
    twins = [("Boots", "pharmacy", code, "LE1 1AA", "", "", "", "", "") for code in ("F1", "F2")]
    load(sqlite_database, text(rows=twins))
    result = load(sqlite_database, text(rows=[("Boots", "pharmacy", "", "LE1 1AA", *ROWS[0][4:])]))
    assert [reject.line for reject in result.rejected] == [2]
    assert "F1, F2" in result.rejected[0].reason


def test_one_name_in_two_kinds_is_two_organisations(sqlite_database: Database) -> None:
    rows = [("Hope", kind, "", "LE1 1AA", *ROWS[0][4:]) for kind in ("charity", "care home")]
    result = load(sqlite_database, text(rows=rows))
    assert result.organisations.added == 2
    assert load(sqlite_database, text(rows=rows[::-1])).unchanged == 2


def test_a_contact_known_by_phone_gets_its_address_later(sqlite_database: Database) -> None:
    phone_only = (*ROWS[0][:6], "", "0116 496 0123", "")
    load(sqlite_database, text(rows=[phone_only]))
    result = load(
        sqlite_database, text(rows=[(*ROWS[0][:6], "ann@oak.example.org", "0116 496 0123", "")])
    )
    assert (result.contacts.added, result.contacts.changed) == (0, 1)
    assert [c["email"] for c in stored(sqlite_database, Contact)] == ["ann@oak.example.org"]


def test_an_organisation_may_come_without_any_contact(sqlite_database: Database) -> None:
    result = load(sqlite_database, text(("organisation", "kind"), [("Oak House", "care home")]))
    assert (result.added, result.organisations.added, result.contacts.added) == (1, 1, 0)
    assert stored(sqlite_database, Contact) == []


def test_a_line_that_repeats_a_contact_is_merged(sqlite_database: Database) -> None:
    with_phone = (*ROWS[0][:7], "0116 496 0123", "")
    result = load(sqlite_database, text(rows=[ROWS[0], with_phone]))
    assert (result.lines, result.added, result.merged) == (2, 1, 1)
    assert stored(sqlite_database, Contact)[0]["phone"] == "+441164960123"


def test_lines_that_contradict_each_other_are_rejected_with_both_numbers(
    sqlite_database: Database,
) -> None:
    other = (*ROWS[0][:4], "Zed", *ROWS[0][5:])
    result = load(sqlite_database, text(rows=[*ROWS, other]))
    assert [reject.line for reject in result.rejected] == [2, 5]
    assert all("line 2" in r.reason and "line 5" in r.reason for r in result.rejected)
    assert [c["name"] for c in stored(sqlite_database, Contact)] == ["Bob Ray", "Cy Dee"]


def test_one_code_with_two_names_is_rejected_and_leaves_nothing(sqlite_database: Database) -> None:
    other = ("Ash Lodge", *ROWS[0][1:6], "x@ash.example.org", "", "")
    result = load(sqlite_database, text(rows=[ROWS[0], other]))
    assert [reject.line for reject in result.rejected] == [2, 3]
    assert stored(sqlite_database, Organisation) == []


def test_every_line_is_counted_once(sqlite_database: Database) -> None:
    rows = [
        *ROWS,
        ROWS[0],
        ("Bad", "vet", *ROWS[0][2:]),
        ("Oak House", "care home", "H1", *[""] * 6),
    ]
    result = load(sqlite_database, text(rows=rows))
    counted = result.added + result.changed + result.unchanged + result.merged
    assert counted + len(result.rejected) == result.lines == 6


def test_good_lines_are_imported_although_others_are_rejected(sqlite_database: Database) -> None:
    result = load(sqlite_database, text(rows=[*ROWS, ("Bad", "vet", *ROWS[0][2:])]))
    assert (result.added, len(result.rejected)) == (3, 1)
    known = "care-homes, gp-practices, voluntary-sector, pharmacies, universities"
    assert result.rejected[0].reason.endswith(f"“vet” is not known: use one of {known}")


def test_a_kind_that_a_segment_asks_for_is_known(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        session.add(Segment(name="vets", title="Vets", rule={"kind": ["vets"]}))
    assert load(sqlite_database, text(rows=[("Paws", "Vet", *ROWS[0][2:])])).rejected == ()
    assert stored(sqlite_database, Organisation)[0]["kind"] == "vets"


def test_a_kind_can_be_given_for_the_whole_file(sqlite_database: Database) -> None:
    result = load(
        sqlite_database, text(("Name", "E-mail"), [("Oak", "a@oak.example.org")]), kind="care-homes"
    )
    assert result.added == 1
    assert stored(sqlite_database, Organisation)[0]["kind"] == "care-homes"


def _homes(count: int) -> str:
    rows = [
        (f"Home {n}", "care home", f"H{n}", "", "", "", f"a@h{n}.example.org", "", "")
        for n in range(count)
    ]
    return text(rows=rows)


def test_what_a_file_leaves_out_stays_open_unless_it_is_complete(database: Database) -> None:
    load(database, _homes(20))
    assert load(database, _homes(19)).closed == 0
    result = load(database, _homes(19), complete=True)
    assert (result.closed, result.examples[-1].what, result.examples[-1].organisation) == (
        1,
        "closed",
        "Home 19",
    )
    closed = [o["name"] for o in stored(database, Organisation) if o["closed_at"]]
    assert closed == ["Home 19"]


def test_a_complete_file_closes_only_the_kinds_it_holds(sqlite_database: Database) -> None:
    load(sqlite_database, text())
    load(sqlite_database, _homes(20))
    result = load(sqlite_database, text(rows=[ROWS[2]]), complete=True)
    assert result.closed == 0


def test_half_a_file_is_not_taken_for_closures(sqlite_database: Database) -> None:
    load(sqlite_database, _homes(20))
    with pytest.raises(Refused, match="leaves out 10 of the 20 open organisations"):
        load(sqlite_database, _homes(10), complete=True)
    assert all(o["closed_at"] is None for o in stored(sqlite_database, Organisation))
    shown = load(sqlite_database, _homes(10), complete=True, dry_run=True)
    assert shown.closed == 10
    assert "refuse it without --force" in " ".join(shown.notes)
    assert load(sqlite_database, _homes(10), complete=True, force=True).closed == 10


def test_a_rejected_line_keeps_its_organisation_open(sqlite_database: Database) -> None:
    load(sqlite_database, _homes(20))
    spoiled = _homes(20).replace("a@h19.example.org", "not an address")
    result = load(sqlite_database, spoiled, complete=True)
    assert (len(result.rejected), result.closed) == (1, 0)


def test_nobody_is_closed_when_a_line_does_not_say_who_it_is(sqlite_database: Database) -> None:
    load(sqlite_database, _homes(20))
    result = load(sqlite_database, _homes(19) + ",care home,,,,,x@example.org,,\n", complete=True)
    assert result.closed == 0
    assert "Nobody is closed" in " ".join(result.notes)


def test_a_closed_organisation_opens_again_when_a_file_names_it(sqlite_database: Database) -> None:
    load(sqlite_database, _homes(20))
    load(sqlite_database, _homes(19), complete=True)
    result = load(sqlite_database, _homes(20))
    assert (result.changed, result.unchanged) == (1, 19)
    assert all(o["closed_at"] is None for o in stored(sqlite_database, Organisation))


_word = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
_line = st.tuples(
    _word,
    st.sampled_from(("care home", "GP", "pharmacy", "vet")),
    st.sampled_from(("", "A1", "B2")),
    st.sampled_from(("", "LE1 1AA", "nowhere")),
    _word,
    _word,
    st.sampled_from(("", "a@x.example.org", "B@X.example.org", "@")),
    st.sampled_from(("", "0116 496 0123", "7700900123", "1")),
    st.sampled_from(("", "0", "yes", "2", "?!")),
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_line, max_size=8))
def test_any_table_imported_twice_changes_nothing(
    sqlite_database: Database, rows: list[tuple[str, ...]]
) -> None:
    data = text(HEADER, rows).encode()
    with Session(sqlite_database.engine) as session:
        first = import_table(session, read_table(data), NOW, Options())
        again = import_table(session, read_table(data), NOW, Options())
        session.rollback()
    assert (again.added, again.changed) == (0, 0)
    assert again.unchanged == first.added
    assert again.rejected == first.rejected

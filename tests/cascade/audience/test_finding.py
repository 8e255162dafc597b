"""Organisations and contacts are found by how their words begin, and kept in step."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cascade.audience import contact_editing, editing, finding
from cascade.audience.checking import GivenContact, GivenOrganisation
from cascade.audience.importing import Options, import_table
from cascade.audience.reading import read_table
from cascade.audience.records import SearchWord
from cascade.audience.search_words import LONGEST, learn_everything, of_contact, plain_words
from cascade.database import Database
from tests.cascade.audience.people import NOW, home, person


def organisations(database: Database, search: str) -> tuple[int, ...]:
    with database.reading() as session:
        return finding.found_organisations(session, search, ())


def contacts(database: Database, search: str) -> tuple[int, ...]:
    with database.reading() as session:
        return finding.found_contacts(session, search, ())


def words(database: Database) -> set[tuple[str, int, str]]:
    query = select(SearchWord.about, SearchWord.row_id, SearchWord.word)
    with database.reading() as session:
        return {(row[0], row[1], row[2]) for row in session.execute(query)}


@pytest.mark.parametrize(
    "search",
    [
        *("st marys", "St. Mary’s", "mary's", "CAFÉ", "cafe", "caf mar", "le1 1aa", "le11aa"),
        *("LE1", "h1", "ambleby", "ann", "ann@oak.example.org", "ann@", "oak.example.org"),
        *("@oak.example.org", "lee ann", "oak.ex"),
    ],
)
def test_an_organisation_is_found_by_its_words_and_its_people(
    database: Database, search: str
) -> None:
    with database.writing() as session:
        one = home(session, "St Mary's Café", code="H1", place="Ambleby", postcode="LE1 1AA")
        person(session, one, "Ann Lee", email="ann@oak.example.org")
        person(
            session,
            home(session, "Other", code="X9", place="Oadby"),
            "Bo",
            email="bo@elm.example.org",
        )

    assert organisations(database, search) == (one.id,)


@pytest.mark.parametrize(
    "search",
    ["%", "_", "c%f", "m_rys", "ary", "*", "'", "", " ", "ann bo", "st lee", "a" * 400, "\0"],
)
def test_nothing_is_found_by_anything_else(database: Database, search: str) -> None:
    with database.writing() as session:
        one = home(session, "St Mary's Café")
        person(session, one, "Ann Lee", email="ann@oak.example.org")

    assert organisations(database, search) == ()


def test_a_change_is_found_and_what_was_before_is_not(database: Database) -> None:
    with database.writing() as session:
        one = home(session, "Oak House")
        ann = person(session, one, "Ann Lee", email="ann@oak.example.org")
    with database.writing() as session:
        given = GivenOrganisation("Elm House", "care-homes", place="Ambleby")
        editing.change(session, one.id, given, seen=one.updated_at, now=NOW)
        other = GivenContact("Bo Ray", "", "bo@elm.example.org")
        contact_editing.change(session, ann.id, other, seen=ann.updated_at, now=NOW)

    assert organisations(database, "elm") == organisations(database, "house") == (one.id,)
    assert contacts(database, "bo@elm.example.org") == (ann.id,)
    assert organisations(database, "oak") == contacts(database, "ann") == ()


def test_an_import_keeps_words_in_step(database: Database, tmp_path: Path) -> None:
    for file in (
        "organisation,kind,code,contact,email\nOak,care home,H1,Ann,ann@oak.example.org\n",
        (
            "organisation,kind,code,contact,email\nElm,care home,H1,Eve,ann@oak.example.org\n"
            "Elm,care home,H1,Bo,bo@elm.example.org\nAsh,care home,H2,,\n"
        ),
    ):
        path = tmp_path / "contacts.csv"
        path.write_text(file)
        with database.writing() as session:
            import_table(session, read_table(path), NOW, Options())
    kept = words(database)
    with database.writing() as session:
        learn_everything(session)

    assert kept == words(database)
    assert {word for _, _, word in kept} >= {"elm", "ash", "eve", "bo@elm.example.org", "h2"}
    assert organisations(database, "oak") != ()  # by the domain of the address
    assert "oak" not in {word for _, _, word in kept}


def test_no_more_are_found_than_can_be_shown(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST", 2)
    with database.writing() as session:
        for number in range(5):
            home(session, f"Oak {number}")

    assert len(organisations(database, "oak")) == 3


@given(st.text(max_size=100))
def test_words_are_fit_for_the_index_and_of_some_length(written: str) -> None:
    found = plain_words(written)

    assert all(1 <= len(word) <= LONGEST for word in found)


def test_an_address_is_one_word_and_so_is_its_domain() -> None:
    assert of_contact("", "a.b@oak.example.org") == {"a.b@oak.example.org", "oak.example.org"}
    assert finding.contact_words("A.B@Oak.example.org,") == ("a.b@oak.example.org",)
    assert finding.contact_words("@Oak.example.org") == ("oak.example.org",)

"""Whether somebody can be written to at an organisation is known after every change."""

from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from cascade.audience import contact_editing, editing, merging
from cascade.audience.checking import GivenContact
from cascade.audience.importing import Options, import_table
from cascade.audience.listing import Wanted, organisations
from cascade.audience.reach import note_everybodys_reach
from cascade.audience.reading import read_table
from cascade.audience.records import Organisation
from cascade.database import Database
from tests.cascade.audience.people import LATER, NOW, home, person


def unreached(session: Session) -> list[str]:
    """Names of the open ones that nobody can write to."""
    found = organisations(session, Wanted(no_address=True))
    assert found.total == len(found.stretch.lines)
    return [one.name for one in found.stretch.lines]


def test_an_organisation_is_reached_from_its_first_address_to_its_last(
    database: Database,
) -> None:
    with database.writing() as session:
        oak = home(session)
        assert unreached(session) == ["Oak House"]
        by_phone = person(session, oak, "Bo", phone="020 7946 0018")
        assert unreached(session) == ["Oak House"]
        ann = person(session, oak, email="ann@oak.example.org")
        assert unreached(session) == []
        contact_editing.set_closed(session, ann.id, closed=True, now=NOW)
        assert unreached(session) == ["Oak House"]
        given = GivenContact("Bo", phone="020 7946 0018", email="bo@oak.example.org")
        contact_editing.change(session, by_phone.id, given, seen=by_phone.updated_at, now=LATER)
        assert unreached(session) == []


def test_closing_and_opening_an_organisation_keeps_it(database: Database) -> None:
    with database.writing() as session:
        oak = home(session)
        editing.set_closed(session, oak.id, closed=True, now=NOW)
        assert unreached(session) == []
        closed = organisations(session, Wanted(no_address=True, closed=True))
        assert [one.name for one in closed.stretch.lines] == ["Oak House"]
        editing.set_closed(session, oak.id, closed=False, now=NOW)
        assert unreached(session) == ["Oak House"]


def test_merging_takes_the_addresses_along(database: Database) -> None:
    with database.writing() as session:
        oak, elm = home(session), home(session, "Elm House")
        person(session, elm, email="ann@elm.example.org")
        seen = (oak.updated_at, elm.updated_at)
        merging.merge(session, oak.id, elm.id, seen=seen, now=LATER)
        assert unreached(session) == []


def test_an_import_notes_it_too(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        load(
            session,
            tmp_path,
            "Oak House,care home,H1,Ann Lee,020 7946 0018,",
            "Elm House,care home,H2,Bo,,bo@elm.example.org",
        )
        assert unreached(session) == ["Oak House"]
        load(session, tmp_path, "Oak House,care home,H1,Ann Lee,,ann@oak.example.org")
        assert unreached(session) == []


def load(session: Session, folder: Path, *lines: str) -> None:
    """Import these lines."""
    file = folder / "contacts.csv"
    file.write_text("\n".join(("organisation,kind,code,contact,phone,email", *lines)))
    import_table(session, read_table(file), NOW, Options())


def test_it_can_be_noted_of_everybody_at_once(database: Database) -> None:
    with database.writing() as session:
        person(session, home(session), email="ann@oak.example.org")
        home(session, "Elm House")
        session.execute(update(Organisation).values(has_address=False))
        note_everybodys_reach(session)
        assert unreached(session) == ["Elm House"]

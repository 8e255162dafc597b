"""Organisations are found, and turned over page by page."""

import pytest

from cascade.audience import contact_editing, editing, listing
from cascade.audience.listing import Wanted
from cascade.database import Database
from tests.cascade.audience.people import NOW, home, person


def names(database: Database, wanted: Wanted) -> list[str]:
    with database.reading() as session:
        return [one.name for one in listing.organisations(session, wanted).stretch.lines]


@pytest.fixture
def county(database: Database) -> Database:
    with database.writing() as session:
        oak = home(session, code="H1", postcode="LE1 1AA")
        person(session, oak, email="ann@oak.example.org")
        home(session, "Elm Surgery", kind="gp-practices", place="Oadby")
        ash = home(session, "Ash 50% House")
        bob = person(session, ash, "Bob Ray", email="bob@ash.example.org")
        contact_editing.set_closed(session, bob.id, closed=True, now=NOW)
        gone = home(session, "Gone House")
        editing.set_closed(session, gone.id, closed=True, now=NOW)
    return database


FOUND = [
    (Wanted(), ["Ash 50% House", "Elm Surgery", "Oak House"]),
    (Wanted("HOUSE"), ["Ash 50% House", "Oak House"]),
    (Wanted("le1 1"), ["Oak House"]),
    (Wanted("h1"), ["Oak House"]),
    (Wanted("@ash"), ["Ash 50% House"]),
    (Wanted("ann lee"), ["Oak House"]),
    (Wanted("50%"), ["Ash 50% House"]),
    (Wanted("%"), []),
    (Wanted(kind="gp-practices"), ["Elm Surgery"]),
    (Wanted(place="oadBY"), ["Elm Surgery"]),
    (Wanted(closed=True), ["Gone House"]),
    (Wanted(no_address=True), ["Ash 50% House", "Elm Surgery"]),
    (Wanted("house", no_address=True), ["Ash 50% House"]),
    (Wanted("nothing"), []),
]


def test_organisations_are_found(county: Database) -> None:
    for wanted, found in FOUND:
        assert names(county, wanted) == found, wanted
        with county.reading() as session:
            assert listing.organisations(session, wanted).total == len(found), wanted


def test_pages_follow_each_other_in_both_directions(database: Database) -> None:
    with database.writing() as session:
        for number in range(7):
            home(session, "Same Name" if number < 5 else f"A{number}", code=f"H{number}")
    with database.reading() as session:
        first = listing.organisations(session, Wanted(), size=3).stretch
        second = listing.organisations(session, Wanted(), after=first.after or 0, size=3).stretch
        third = listing.organisations(session, Wanted(), after=second.after or 0, size=3).stretch
        back = listing.organisations(session, Wanted(), before=third.before or 0, size=3).stretch
        begin = listing.organisations(session, Wanted(), before=back.before or 0, size=3).stretch

    numbers = [one.id for some in (first, second, third) for one in some.lines]
    assert len(numbers) == len(set(numbers)) == 7
    assert (first.before, third.after) == (None, None)
    assert [one.id for one in back.lines] == [one.id for one in second.lines]
    assert [one.id for one in begin.lines] == [one.id for one in first.lines]
    assert begin.before is None


def test_a_place_to_go_on_from_that_is_none_is_the_beginning(county: Database) -> None:
    with county.reading() as session:
        assert (
            listing.organisations(session, Wanted(), after=99).stretch.lines[0].name
            == "Ash 50% House"
        )


def test_a_total_is_counted_only_so_far(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "COUNTED", 2)
    with database.writing() as session:
        for number in range(5):
            home(session, code=f"H{number}")
        assert listing.organisations(session, Wanted()).total == 3

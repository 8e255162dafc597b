"""Segments: the first five, their rules, and whom they hold."""

from typing import Any

import pytest
from sqlalchemy import select

from cascade.audience.records import Contact, Organisation, Segment
from cascade.audience.segments import FIRST, condition, find, known, seed, size, sizes
from cascade.database import Database
from cascade.errors import BadInput, NotFound
from tests.cascade.audience.tables import HEADER, NOW, ROWS, load, text

PLACES = (
    (
        "Oak",
        "care home",
        "H1",
        "LE1 1AA",
        "Leicester",
        "42",
        "Manager",
        "ur",
        "a@oak.example.org",
        "0",
    ),
    (
        "Elm",
        "care home",
        "H2",
        "L2 2BB",
        "Liverpool",
        "7.5",
        "Cook",
        "en-GB",
        "b@elm.example.org",
        "0",
    ),
    ("Ash", "pharmacy", "F1", "LE10 1CC", "Hinckley", "many", "Manager", "", "", "1"),
)
PLACES_HEADER = (
    "organisation",
    "kind",
    "code",
    "postcode",
    "town",
    "beds",
    "role",
    "language",
    "email",
    "deputy",
)


def _names(database: Database, rule: dict[str, Any]) -> set[str]:
    segment = Segment(name="test", title="Test", rule=rule)
    same = Contact.organisation_id == Organisation.id
    with database.reading() as session:
        query = select(Organisation.name).outerjoin(Contact, same).where(condition(segment))
        return set(session.scalars(query))


def test_the_first_five_are_put_in_once(database: Database) -> None:
    for _ in range(2):
        with database.writing() as session:
            seed(session)
    with database.reading() as session:
        assert known(session) == FIRST
        assert find(session, "care-homes").rule == {"kind": ["care-homes"]}


def test_rules_hold_over_organisations_and_contacts(database: Database) -> None:
    with_names = [
        (*row[:6], row[6], row[7], row[8] or "c@ash.example.org", row[9]) for row in PLACES
    ]
    load(database, text(PLACES_HEADER, with_names))
    for rule, names in (
        ({}, {"Oak", "Elm", "Ash"}),
        ({"kind": ["care-homes"]}, {"Oak", "Elm"}),
        ({"kind": "pharmacies"}, {"Ash"}),
        ({"place": ["leicester", "HINCKLEY"]}, {"Oak", "Ash"}),
        ({"postcode_area": ["L"]}, {"Elm"}),
        ({"postcode_area": ["LE"]}, {"Oak", "Ash"}),
        ({"postcode_area": ["LE1"]}, {"Oak"}),
        ({"attributes": {"beds": 42}}, {"Oak"}),
        ({"attributes": {"beds": ["7.5", "many"]}}, {"Elm", "Ash"}),
        ({"attributes": {"nothing": "here"}}, set()),
        ({"role": ["manager"], "kind": ["care-homes"]}, {"Oak"}),
        ({"language": ["en", "ur"]}, {"Oak", "Elm"}),
    ):
        assert _names(database, rule) == names, rule


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"colour": ["red"]}, "unknown part “colour”"),
        ({"kind": 5}, "“kind” takes a list of texts"),
        ({"kind": [5]}, "“kind” takes a list of texts"),
        ({"postcode_area": ["LE1 1AA"]}, "“LE1 1AA” is no postcode area"),
        ({"attributes": ["beds"]}, "“attributes” takes names"),
    ],
)
def test_a_rule_that_is_not_understood_is_named(rule: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        condition(Segment(name="test", title="Test", rule=rule))


def test_a_segment_counts_organisations_contacts_and_deputies(database: Database) -> None:
    no_address = ("Oak House", "care home", "H1", "", "Di Foe", "Cook", "", "", "2")
    bare = ("Fir House", "care home", "H9", "", "", "", "", "", "")
    load(database, text(HEADER, [*ROWS, no_address, bare]))
    with database.writing() as session:
        seed(session)
        one = size(session, find(session, "care-homes"))
        assert (one.organisations, one.contacts) == (2, 3)
        assert (one.with_address, one.without_address, one.deputies) == (2, 1, 2)


def test_what_is_closed_is_not_counted(sqlite_database: Database) -> None:
    load(sqlite_database, text())
    with sqlite_database.writing() as session:
        seed(session)
        session.get_one(Organisation, 1).closed_at = NOW
        assert [one.organisations for one in sizes(session)] == [0, 1, 0, 0, 0]


def test_an_unknown_segment_is_named_with_the_known_ones(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        seed(session)
        with pytest.raises(NotFound, match="no segment “vets”. Known: care-homes, gp-practices"):
            find(session, "vets")

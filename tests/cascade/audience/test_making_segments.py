"""Segments are made of what somebody asks for, and tell who is in them and why."""

from typing import Any

import pytest

from cascade.audience import making_segments
from cascade.audience.listing import Stretch
from cascade.audience.making_segments import Asked
from cascade.audience.membership import Member, members
from cascade.audience.segments import find, seed
from cascade.database import Database
from cascade.errors import BadInput
from tests.cascade.audience.people import home, person


@pytest.fixture
def county(database: Database) -> Database:
    with database.writing() as session:
        seed(session)
        oak = home(session, postcode="LE1 1AA")
        person(session, oak, role="Manager", language="ur", email="ann@oak.example.org")
        person(session, oak, "Bob", role="Cook", deputy="1")
        home(session, "Elm Lodge", place="Oadby", postcode="L1 1AA")
        home(session, "Ash Surgery", kind="gp-practices")
    return database


def who(found: Stretch[Member]) -> list[tuple[Any, ...]]:
    return [(one.name, one.why, [each.name for each in one.contacts]) for one in found.lines]


def test_a_segment_is_counted_before_it_is_kept(county: Database) -> None:
    asked = Asked("Homes in Ambleby & Oadby", ("care-homes",), ("ambleby", "Oadby"))
    with county.reading() as session:
        size = making_segments.count(session, asked)
    assert (size.name, size.organisations, size.contacts) == ("homes-in-ambleby-and-oadby", 2, 2)

    with county.writing() as session:
        kept = making_segments.keep(session, asked)
        assert kept.rule == {"kind": ["care-homes"], "place": ["ambleby", "Oadby"]}
        assert find(session, "homes-in-ambleby-and-oadby").id == kept.id


def test_who_is_in_it_is_told_with_the_parts_that_matched(county: Database) -> None:
    homes = Asked("Homes", ("care-homes",), areas=("le",))
    managers = Asked("Managers", roles=("manager",), languages=("Urdu",))
    with county.writing() as session:
        of_homes = members(session, making_segments.keep(session, homes))
        of_managers = members(session, making_segments.keep(session, managers))

    why = (("kind", "care-homes"), ("postcode", "LE1 1AA"))
    assert who(of_homes) == [("Oak House", why, ["Ann Lee", "Bob"])]
    assert who(of_managers) == [("Oak House", (), ["Ann Lee"])]


def test_an_organisation_without_contacts_is_in_a_segment_of_its_kind(county: Database) -> None:
    with county.reading() as session:
        found = members(session, find(session, "gp-practices"))
    assert who(found) == [("Ash Surgery", (("kind", "gp-practices"),), [])]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Asked(""), "title"),
        (Asked("!!", ("care-homes",)), "title"),
        (Asked("x" * 121, ("care-homes",)), "title"),
        (Asked("New", ("care-homes",)), "title"),
        (Asked("Care homes", ("care-homes",)), "title"),
        (Asked("Some"), "kinds"),
        (Asked("Some", ("vets",)), "kinds"),
        (Asked("Some", areas=("L1 1AA",)), "areas"),
        (Asked("Some", languages=("klingonese",)), "languages"),
    ],
)
def test_what_makes_no_segment_is_said_at_its_field(
    sqlite_database: Database, asked: Asked, field: str
) -> None:
    with sqlite_database.writing() as session:
        seed(session)
    with sqlite_database.writing() as session, pytest.raises(BadInput) as refused:
        making_segments.keep(session, asked)
    assert field in [problem.partition(": ")[0] for problem in refused.value.problems]

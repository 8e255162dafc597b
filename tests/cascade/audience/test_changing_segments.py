"""Changing a segment: the difference first."""

import pytest
from sqlalchemy import select

from cascade.audience import changing_segments, making_segments
from cascade.audience.changing_segments import Difference, change, difference, mark
from cascade.audience.making_segments import Asked, asked_of
from cascade.audience.records import Segment
from cascade.audience.segments import find, seed
from cascade.database import Database
from cascade.errors import BadInput, Overtaken
from tests.cascade.audience.people import home, person

HOMES = Asked("Care homes", ("care-homes",))


@pytest.fixture
def county(database: Database) -> Database:
    """Two care homes in two places and a surgery without contacts."""
    with database.writing() as session:
        seed(session)
        oak = home(session, postcode="LE1 1AA")
        person(session, oak, role="Manager", language="ur", email="ann@oak.example.org")
        person(session, oak, "Bob", role="Cook", deputy="1")
        elm = home(session, "Elm Lodge", place="Oadby")
        person(session, elm, "Cy", role="Cook")
        home(session, "Ash Surgery", kind="gp-practices", attributes="beds: 20")
    return database


def differs(county: Database, asked: Asked, name: str = "care-homes") -> Difference:
    with county.reading() as session:
        return difference(session, find(session, name), asked)


@pytest.mark.parametrize(
    ("asked", "coming", "going"),
    [
        (HOMES, (0, (), 0), (0, (), 0)),
        (Asked("Homes", ("care-homes",), ("oadby",)), (0, (), 0), (1, ("Oak House",), 2)),
        (
            Asked("All", ("care-homes", "gp-practices")),
            (1, ("Ash Surgery",), 0),
            (0, (), 0),
        ),
        (Asked("Cooks", ("care-homes",), roles=("cook",)), (0, (), 0), (0, (), 1)),
        (
            Asked("Surgeries", ("gp-practices",)),
            (1, ("Ash Surgery",), 0),
            (2, ("Elm Lodge", "Oak House"), 3),
        ),
        (
            Asked("Urdu", languages=("Urdu",)),
            (0, (), 0),
            (1, ("Elm Lodge",), 2),
        ),
    ],
)
def test_who_would_come_in_and_go_out_is_told(
    county: Database, asked: Asked, coming: tuple[object, ...], going: tuple[object, ...]
) -> None:
    found = differs(county, asked)
    assert (found.coming.organisations, found.coming.names, found.coming.contacts) == coming
    assert (found.going.organisations, found.going.names, found.going.contacts) == going
    assert found.before.organisations == 2


def test_an_attribute_that_is_not_there_keeps_nobody_from_coming_in(county: Database) -> None:
    with county.writing() as session:
        rule = {"kind": ["care-homes", "gp-practices"], "attributes": {"beds": "20"}}
        session.add(Segment(name="beds", title="Beds", rule=rule))
        session.flush()
        plain = Segment(name="x", title="X", rule={"kind": ["care-homes", "gp-practices"]})
        moved = changing_segments._moved(session, plain.rule, rule, "beds")
    assert moved.names == ("Elm Lodge", "Oak House")


def test_a_change_keeps_the_name_and_the_attributes(county: Database) -> None:
    with county.writing() as session:
        rule = {"kind": "care-homes", "attributes": {"beds": "20"}}
        session.add(Segment(name="beds", title="Beds", rule=rule))
        session.flush()
        segment = find(session, "beds")
        assert asked_of(segment) == Asked("Beds", ("care-homes",))
        change(session, "beds", Asked("Care homes", places=("Oadby",)), seen=mark(segment))
    with county.reading() as session:
        kept = find(session, "beds")
        assert kept.title == "Care homes"
        assert kept.rule == {"place": ["Oadby"], "attributes": {"beds": "20"}}


def test_what_somebody_else_has_changed_is_not_written_over(county: Database) -> None:
    with county.writing() as session:
        seen = mark(find(session, "care-homes"))
        change(session, "care-homes", Asked("Homes", ("care-homes",)), seen=seen)
    with county.writing() as session, pytest.raises(Overtaken):
        change(session, "care-homes", HOMES, seen=seen)
    with county.reading() as session:
        assert session.scalar(select(Segment.title).where(Segment.name == "care-homes")) == "Homes"


@pytest.mark.parametrize("asked", [Asked(""), Asked("Homes"), Asked("Homes", ("vets",))])
def test_what_makes_no_segment_changes_none(county: Database, asked: Asked) -> None:
    with pytest.raises(BadInput):
        differs(county, asked)


def test_a_new_segment_can_not_take_the_name_of_another(county: Database) -> None:
    with county.reading() as session, pytest.raises(BadInput):
        making_segments.made(session, HOMES)

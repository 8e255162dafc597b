"""Whom a release leaves out: page by page, on both engines, as the release counts them."""

from datetime import datetime

import pytest
from sqlalchemy import delete

from cascade.audience.records import Contact, Organisation, Suppression
from cascade.database import Database
from cascade.errors import NotFound
from cascade.sending.headcount import headcount
from cascade.sending.left_out import left_out
from cascade.sending.states import Tier
from tests import world

HOMES = ("care-homes",)


@pytest.fixture
def county(database: Database, now: datetime) -> Database:
    """Five homes: the first has no address, the second unsubscribed, the third complained."""
    with database.writing() as session:
        world.add_people(session, 5, now=now)
        world.publish_toolkit(session, now=now)
        one, two, three = (session.get_one(Contact, number) for number in (1, 2, 3))
        one.email = None
        for contact, reason in ((two, "unsubscribed"), (three, "complained")):
            session.add(Suppression(email=contact.email, reason=reason, created_at=now))
    return database


@pytest.mark.parametrize(
    ("tier", "why", "expected"),
    [
        (Tier.URGENT, "no-address", ["Care-Homes 0"]),
        (Tier.ROUTINE, "unsubscribed", ["Care-Homes 1"]),
        (Tier.URGENT, "unsubscribed", []),
        (Tier.URGENT, "complained", ["Care-Homes 2"]),
        (Tier.URGENT, "no-contact", []),
        (Tier.URGENT, "overlap", []),
    ],
)
def test_each_obstacle_has_its_list(
    county: Database, tier: Tier, why: str, expected: list[str]
) -> None:
    with county.reading() as session:
        found = left_out(session, headcount(session, HOMES, tier), why, page=1, size=10)

    assert [one.organisation for one in found.lines] == expected
    assert found.total == len(expected)


def test_the_lists_are_as_long_as_the_release_says(county: Database, now: datetime) -> None:
    with county.writing() as session:
        planned = world.send(session, now, tier=Tier.ROUTINE)
        counted = headcount(session, HOMES, Tier.ROUTINE)
        for one in planned.suppressed:
            listed = left_out(session, counted, str(one["reason"]), page=1, size=1)
            assert listed.total == one["count"]


def test_pages_together_show_everybody_once(database: Database, now: datetime) -> None:
    with database.writing() as session:
        world.add_people(session, 7, now=now)
        world.seed(session)
        for number in range(1, 8):
            session.get_one(Contact, number).email = None
    with database.reading() as session:
        counted = headcount(session, HOMES, Tier.URGENT)
        pages = [
            left_out(session, counted, "no-address", page=page, size=3) for page in (1, 2, 3, 4)
        ]

    assert [len(one.lines) for one in pages] == [3, 3, 1, 0]
    assert {one.total for one in pages} == {7}
    assert len({line.organisation_id for one in pages for line in one.lines}) == 7


def test_who_is_in_several_segments_is_listed_with_all_of_them(
    county: Database, now: datetime
) -> None:
    with county.writing() as session:
        world.add_people(session, 1, kind="pharmacies", now=now)
        both = [session.get_one(Contact, number) for number in (4, 6)]
        both[0].email, both[1].email = "Both@one.example.org", "both@one.example.org"
        session.flush()
        counted = headcount(session, (*HOMES, "pharmacies"), Tier.URGENT)
        found = left_out(session, counted, "overlap", page=1, size=10)

    assert [(one.address, one.segments) for one in found.lines] == [
        ("Both@one.example.org", ("care-homes", "pharmacies"))
    ]


def test_who_was_removed_since_the_count_is_listed_no_more(county: Database, now: datetime) -> None:
    with county.writing() as session:
        counted = headcount(session, HOMES, Tier.URGENT)
        session.execute(delete(Contact).where(Contact.id == 1))
        session.execute(delete(Organisation).where(Organisation.id == 1))
        found = left_out(session, counted, "no-address", page=1, size=10)

    assert found.lines == ()


def test_a_segment_that_is_none_is_said(county: Database) -> None:
    with county.reading() as session, pytest.raises(NotFound, match="no segment called “x”"):
        headcount(session, ["x"], Tier.URGENT)

"""A cascade keeps the look it was released with, and the names that its segments had."""

from datetime import datetime
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from cascade.audience.segments import find
from cascade.database import Database
from cascade.look import changing
from cascade.look.changing import Change
from cascade.look.logos import GivenLogo
from cascade.look.wearing import kept
from cascade.reporting.heading import heading
from cascade.sending.compositor import Compositor
from cascade.sending.records import Cascade, Delivery
from cascade.sending.view import view
from tests.cascade.look.test_changing import picture
from tests.world import IDENTITY, LINKS, add_people, publish_toolkit, send

WEST = Change("West Cell", "West", "west@example.org", "ask@example.org", "#330072")


@pytest.fixture
def database(sqlite_database: Database, now: datetime) -> Database:
    with sqlite_database.writing() as session:
        add_people(session, 2, now=now)
        publish_toolkit(session, now=now)
    return sqlite_database


def wear(database: Database, now: datetime, look: Change) -> None:
    with database.writing() as session:
        seen = changing.mark(kept(session))
        changing.change(session, look, IDENTITY, seen=seen, by="ann@example.org", now=now)


def released(database: Database, now: datetime) -> int:
    with database.writing() as session:
        cascade = send(session, now, again=True).cascade
    assert cascade is not None
    return cascade


def mailed(database: Database, now: datetime, cascade: int) -> bytes:
    """The first message of a cascade, made by a process that has just begun."""
    with database.reading() as session:
        one = session.scalars(select(Delivery).where(Delivery.cascade_id == cascade)).first()
        assert one is not None
        variant = Compositor(LINKS, IDENTITY).variant(session, one.variant_id)
        return bytes(variant.outgoing(one.id, one.address, one.slots, now=now).body)


def test_a_change_acts_on_the_next_release_and_on_no_message_of_the_last(
    database: Database, now: datetime
) -> None:
    before = released(database, now)
    plain = mailed(database, now, before)
    wear(database, now, WEST)
    first = released(database, now)
    as_west = mailed(database, now, first)
    wear(database, now, Change("East Cell", "East", "east@example.org", "", ""))
    second = released(database, now)

    assert mailed(database, now, before) == plain
    assert mailed(database, now, first) == as_west
    said = message_from_bytes(as_west, policy=policy.default)
    assert said["From"] == "West <west@example.org>"
    assert said["Reply-To"] == "ask@example.org"
    assert "west@" not in mailed(database, now, second).decode()
    with database.reading() as session:
        senders = {
            one.cascade_id: getattr(view(session, one.id, LINKS, IDENTITY), "sender", "")
            for one in session.scalars(select(Delivery))
        }
    assert senders == {before: "County Comms", first: "West Cell", second: "East Cell"}


def test_mails_begin_with_a_header_only_where_a_colour_or_a_logo_is_set(
    database: Database, now: datetime
) -> None:
    def html(cascade: int) -> str:
        body = message_from_bytes(mailed(database, now, cascade), policy=policy.default)
        part = body.get_body(("html",))
        assert part is not None
        return str(part.get_content())

    plain = html(released(database, now))
    wear(database, now, Change("West", "", "west@example.org", "", "", False, _logo("A <b>")))
    with_logo = html(released(database, now))

    assert '"masthead"' not in plain
    assert 'bgcolor="#005eb8"' in with_logo
    assert 'alt="A &lt;b&gt;" width="180" height="45"' in with_logo
    assert "https://cascade.example.org/logo/" in with_logo


def test_a_segment_that_is_renamed_changes_no_message_of_a_past_release(
    database: Database, now: datetime
) -> None:
    cascade = released(database, now)
    before = mailed(database, now, cascade)
    with database.writing() as session:
        find(session, "care-homes").title = "Homes of another name"

    assert mailed(database, now, cascade) == before
    with database.writing() as session:
        assert heading(session, cascade).segments == {"care-homes": "Care homes"}
        session.get_one(Cascade, cascade).segment_titles = None  # from before they were kept
    with database.reading() as session:
        assert heading(session, cascade).segments == {"care-homes": "Homes of another name"}


def _logo(alt: str) -> GivenLogo:
    return GivenLogo(picture(), alt)

"""Releasing: who gets it, what is frozen, and what is refused."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from cascade.audience.records import Contact, Organisation
from cascade.audience.suppression import suppress
from cascade.database import Database
from cascade.errors import NeedsAgain, NotFound, Refused
from cascade.library.publish import find
from cascade.sending.headcount import headcount
from cascade.sending.plan import Release, foresee
from cascade.sending.records import (
    Cascade,
    CascadeOrganisation,
    Delivery,
    DeliveryOrganisation,
    OrganisationCounter,
    Variant,
)
from cascade.sending.states import Tier
from tests import world


def test_a_release_plans_one_delivery_for_each_person(database: Database, now: datetime) -> None:
    with database.writing() as session:
        world.add_people(session, 3)
        world.add_people(session, 2, kind="gp-practices")
        world.add_people(session, 4, kind="pharmacies")
        world.publish_toolkit(session, now=now)
        planned = world.send(session, now, to=("care-homes", "gp-practices"))

    assert (planned.organisations, planned.recipients, planned.variants) == (5, 5, 2)
    assert planned.segments["care-homes"] == {"organisations": 3, "recipients": 3}
    assert planned.cascade
    assert world.states(database, planned.cascade) == {"planned": 5}
    assert world.counted(database, planned.cascade) == {"planned": 5}
    with database.reading() as session:
        slots = session.scalars(select(Delivery.slots).order_by(Delivery.id)).first()
    assert slots == {
        "organisation": "Care-Homes 0",
        "contact": "Pat 1",
        "role": "Manager",
        "place": "Ambleby",
        "code": "",
    }


def test_who_is_in_two_segments_gets_one_message_with_both_sections(
    database: Database, now: datetime
) -> None:
    with database.writing() as session:
        home, practice = (
            *world.add_people(session, 1),
            *world.add_people(session, 1, kind="gp-practices"),
        )
        session.execute(update(Contact).values(email="Shared@both.example.org"))
        world.publish_toolkit(session, now=now)
        planned = world.send(session, now, to=("gp-practices", "care-homes"))

    assert (planned.organisations, planned.recipients) == (2, 1)
    with database.reading() as session:
        assert session.scalars(select(Variant.segments)).all() == ["care-homes,gp-practices"]
        served = session.scalars(select(DeliveryOrganisation.organisation_id)).all()
        slots = session.scalars(select(Delivery.slots)).one()
    assert set(served) == {home, practice}
    assert slots["organisation"] == "Care-Homes 0 and Gp-Practices 0"


def test_deputies_closed_contacts_and_people_without_address_are_not_written_to(
    database: Database, now: datetime
) -> None:
    with database.writing() as session:
        ids = world.add_people(session, 5)
        for organisation, values in zip(
            ids, ({}, {"deputy": 1}, {"closed_at": now}, {"email": None}, {}), strict=True
        ):
            if values:
                chosen = Contact.organisation_id == organisation
                session.execute(update(Contact).where(chosen).values(values))
        closed = Organisation.id == ids[4]
        session.execute(update(Organisation).where(closed).values(closed_at=now))
        world.publish_toolkit(session, now=now)
        planned = world.send(session, now)

    assert (planned.organisations, planned.recipients) == (4, 1)
    assert {(one["reason"], one["count"]) for one in planned.suppressed} == {
        ("no-address", 1),
        ("no-contact", 2),
    }
    with database.reading() as session:
        reached = session.scalar(select(func.count()).select_from(CascadeOrganisation))
        counted = session.scalar(select(func.sum(OrganisationCounter.organisations)))
    assert reached == counted == 4, "organisations with nobody to write to stay outstanding"


def test_an_unsubscribed_address_gets_urgent_messages_and_no_routine_ones(
    sqlite_database: Database, now: datetime
) -> None:
    with sqlite_database.writing() as session:
        world.add_people(session, 2)
        world.publish_toolkit(session, now=now)
        session.execute(
            update(Contact).where(Contact.id == 1).values(email="Pat1@care-homes.example.org")
        )
        suppress(session, "pat1@care-homes.example.org", "unsubscribed", now)
        urgent = world.send(session, now, tier=Tier.URGENT)
        routine = world.send(session, now, tier=Tier.ROUTINE, again=True)

    assert (urgent.recipients, routine.recipients) == (2, 1)
    assert routine.suppressed == [{"reason": "unsubscribed", "count": 1}]


def test_what_is_foreseen_shows_the_same_numbers_and_writes_nothing(
    database: Database, now: datetime
) -> None:
    with database.writing() as session:
        world.add_people(session, 7)
        world.publish_toolkit(session, now=now)
    with database.reading() as session:
        wanted = Release(find(session, "cold-snap"), ["care-homes"], Tier.URGENT, "Ann")
        counted = headcount(session, wanted.segments, wanted.tier)
        planned = foresee(session, wanted, counted, now, sign_off=False)

    assert planned.cascade is None
    assert planned.recipients == 7
    assert len(planned.sample) == 5
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Cascade)) == 0


def test_the_examples_are_of_each_variant_the_largest_first(
    sqlite_database: Database, now: datetime
) -> None:
    with sqlite_database.writing() as session:
        world.add_people(session, 7)
        world.add_people(session, 1, kind="pharmacies")
        world.add_people(session, 2, kind="gp-practices")
        world.publish_toolkit(session, now=now)
        segments = ["care-homes", "pharmacies", "gp-practices"]
        wanted = Release(find(session, "cold-snap"), segments, Tier.URGENT, "Ann")
        counted = headcount(session, wanted.segments, wanted.tier)
        planned = foresee(session, wanted, counted, now, sign_off=False)

    assert planned.variants == 3
    assert [one["segments"] for one in planned.sample] == [
        *("care-homes", "gp-practices", "pharmacies"),
        *("care-homes", "care-homes"),
    ]
    assert len({one["contact_id"] for one in planned.sample}) == 5


def test_the_same_version_to_the_same_segments_within_a_day_asks_for_again(
    sqlite_database: Database, now: datetime
) -> None:
    with sqlite_database.writing() as session:
        world.add_people(session, 1)
        world.publish_toolkit(session, now=now)
        world.send(session, now)
        with pytest.raises(NeedsAgain, match="same segments as cascade 1 on"):
            world.send(session, now + timedelta(hours=23))
        world.send(session, now + timedelta(hours=23), again=True)
        world.send(session, now + timedelta(hours=48))


def test_a_release_that_reaches_nobody_is_refused_with_what_to_do(
    sqlite_database: Database, now: datetime
) -> None:
    with sqlite_database.writing() as session:
        world.publish_toolkit(session, now=now)
        with pytest.raises(Refused, match="Add or import contacts"):
            world.send(session, now)


def test_a_segment_that_does_not_exist_is_named_with_those_that_do(
    sqlite_database: Database, now: datetime
) -> None:
    with sqlite_database.writing() as session:
        world.publish_toolkit(session, now=now)
        with pytest.raises(NotFound, match=r"hospitals.*Known: care-homes"):
            world.send(session, now, to=("hospitals",))


def test_a_toolkit_with_nothing_for_a_segment_is_not_sent_to_it(
    sqlite_database: Database, now: datetime
) -> None:
    text = (
        "---\ntitle: Only homes\ntoolkit: homes\nlead: ICB\nkey_messages: [Keep warm.]\n"
        "action: Read it.\n---\n::: for care-homes\nFor you.\n:::\n"
    )
    with sqlite_database.writing() as session:
        world.add_people(session, 1, kind="pharmacies")
        world.publish_toolkit(session, text, now)
        with pytest.raises(Refused, match="nothing to say to pharmacies"):
            world.send(session, now, to=("pharmacies",), toolkit="homes")


def test_a_later_time_schedules_and_the_deadline_counts_from_then(
    sqlite_database: Database, now: datetime
) -> None:
    later = now + timedelta(days=2, hours=1)
    with sqlite_database.writing() as session:
        world.add_people(session, 1)
        world.publish_toolkit(session, now=now)
        planned = world.send(session, now, tier=Tier.IMMEDIATE, send_at=later)
        cascade = session.get_one(Cascade, planned.cascade)

    assert cascade.state == "scheduled"
    assert cascade.deadline_at == later + timedelta(hours=1)


def test_a_toolkit_that_is_over_by_then_is_refused_with_its_last_day(
    sqlite_database: Database,
) -> None:
    night = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)
    with sqlite_database.writing() as session:
        world.add_people(session, 1)
        text = world.TOOLKIT.replace("title:", "expires: 2027-06-30\ntitle:", 1)
        world.publish_toolkit(session, text)
        with pytest.raises(Refused, match=re.escape("(30 June 2027)")):
            world.send(session, night)
        assert world.send(session, night - timedelta(hours=1)).cascade


def test_a_toolkit_may_hold_for_ever(sqlite_database: Database, now: datetime) -> None:
    with sqlite_database.writing() as session:
        world.add_people(session, 1)
        text = world.TOOLKIT.replace("title:", "expires: 9999-12-31\ntitle:", 1)
        world.publish_toolkit(session, text)
        assert world.send(session, now).cascade


def test_everybody_gets_their_own_language_where_there_is_one(
    sqlite_database: Database, now: datetime
) -> None:
    urdu = world.TOOLKIT.replace("lead:", "language: ur\nlead:")
    with sqlite_database.writing() as session:
        ids = world.add_people(session, 3)
        for organisation, language in zip(ids, ("ur", "ur-PK", "pl"), strict=True):
            chosen = Contact.organisation_id == organisation
            session.execute(update(Contact).where(chosen).values(language=language))
        world.publish_toolkit(session, now=now)
        world.publish_toolkit(session, urdu, now)
        planned = world.send(session, now)

    assert planned.variants == 2

"""The times of tiers: set within limits, kept by what was released before."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.database import Database
from cascade.errors import BadInput
from cascade.sending import tiers
from cascade.sending.claim import claim
from cascade.sending.pace import Limits
from cascade.sending.record import gives_up
from cascade.sending.records import Cascade
from cascade.sending.states import POLICIES, Tier
from cascade.sending.sweep import start_scheduled
from cascade.sending.tiers import Change
from tests import world

HOUR = timedelta(hours=1)
WANTED = Change(
    confirm_within=2 * HOUR,
    working_time=False,
    give_up_after=5 * HOUR,
    tolerance=timedelta(minutes=10),
)


def change(database: Database, now: datetime, tier: Tier, wanted: Change) -> None:
    with database.writing() as session:
        tiers.change(session, tier, wanted, by="jo@example.org", now=now)


def test_without_a_change_the_defaults_hold(sqlite_database: Database) -> None:
    with sqlite_database.reading() as session:
        assert tiers.policies(session) == POLICIES


def test_a_change_holds_for_its_tier_until_it_is_put_back(
    database: Database, now: datetime
) -> None:
    change(database, now, Tier.URGENT, WANTED)

    with database.writing() as session:
        changed = tiers.policies(session)
        tiers.reset(session, Tier.URGENT)
    with database.reading() as session:
        assert tiers.policies(session) == POLICIES
    assert changed[Tier.IMMEDIATE] == POLICIES[Tier.IMMEDIATE]
    assert changed[Tier.URGENT] == replace(
        POLICIES[Tier.URGENT],
        confirm_within=2 * HOUR,
        working_time=False,
        give_up_after=5 * HOUR,
        tolerance=timedelta(minutes=10),
    )


@pytest.mark.parametrize(
    ("tier", "wanted", "field"),
    [
        (Tier.URGENT, replace(WANTED, confirm_within=timedelta(minutes=14)), "confirm_within"),
        (Tier.URGENT, replace(WANTED, confirm_within=timedelta(days=15)), "confirm_within"),
        (Tier.URGENT, replace(WANTED, confirm_within=None), "confirm_within"),
        (Tier.ROUTINE, WANTED, "confirm_within"),
        (
            Tier.URGENT,
            replace(WANTED, confirm_within=81 * HOUR, working_time=True),
            "confirm_within",
        ),
        (Tier.URGENT, replace(WANTED, give_up_after=timedelta(minutes=29)), "give_up_after"),
        (Tier.URGENT, replace(WANTED, give_up_after=timedelta(days=8)), "give_up_after"),
        (Tier.URGENT, replace(WANTED, tolerance=timedelta(0)), "tolerance"),
        (Tier.URGENT, replace(WANTED, tolerance=timedelta(days=30)), "tolerance"),
    ],
)
def test_what_is_no_sensible_time_is_refused_at_its_field(
    sqlite_database: Database, now: datetime, tier: Tier, wanted: Change, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        change(sqlite_database, now, tier, wanted)

    assert [one.partition(":")[0] for one in refused.value.problems] == [field]


@given(
    span=st.timedeltas(min_value=timedelta(minutes=15), max_value=timedelta(days=7)),
    late=st.timedeltas(min_value=timedelta(minutes=5), max_value=timedelta(days=7)),
)
def test_a_frozen_policy_says_what_it_was(span: timedelta, late: timedelta) -> None:
    kept = tiers.frozen(replace(POLICIES[Tier.URGENT], give_up_after=span, tolerance=late))

    assert tiers.give_up_after(Tier.URGENT, kept) == span
    assert tiers.tolerance(Cascade(tier="urgent", policy=kept)) == late


def test_a_cascade_from_before_has_the_defaults() -> None:
    old = Cascade(tier="urgent", policy=None)

    assert tiers.tolerance(old) == POLICIES[Tier.URGENT].tolerance
    assert tiers.give_up_after(Tier.URGENT, None) == POLICIES[Tier.URGENT].give_up_after


def test_a_release_has_the_deadline_and_keeps_the_times_of_its_day(
    database: Database, now: datetime
) -> None:
    change(database, now, Tier.URGENT, WANTED)
    with database.writing() as session:
        world.add_people(session, 1)
        world.publish_toolkit(session, now=now)
        number = world.send(session, now, send_at=now + HOUR).cascade or 0
        tiers.reset(session, Tier.URGENT)

    with database.writing() as session:
        cascade = session.get_one(Cascade, number)
        assert cascade.deadline_at == now + 3 * HOUR
        # Eleven minutes late: more than it was released with, less than the default.
        start_scheduled(session, now + HOUR + timedelta(minutes=11))
        session.refresh(cascade)
        assert cascade.state == "held"


def test_how_long_a_message_is_tried_does_not_change_under_way(
    database: Database, now: datetime
) -> None:
    with database.writing() as session:
        world.add_people(session, 1)
        world.publish_toolkit(session, now=now)
        number = world.send(session, now).cascade or 0
    change(database, now, Tier.URGENT, WANTED)

    with database.writing() as session:
        [claimed] = claim(session, number, holder="test", now=now, limits=Limits())

    tried = claimed._replace(tried_at=now)
    assert not gives_up(tried, now + 6 * HOUR)
    assert gives_up(tried, now + POLICIES[Tier.URGENT].give_up_after)

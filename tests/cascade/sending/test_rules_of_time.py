"""Deadlines in working time, waits between attempts, buckets that fill, circuits that open."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.database import Database
from cascade.errors import Refused
from cascade.sending import circuit, control
from cascade.sending.deadlines import LONDON, after_working_time, is_working_day
from cascade.sending.pace import Allowance, Limits
from cascade.sending.record import wait
from cascade.sending.records import Cascade
from cascade.sending.states import CascadeState, Lane, Tier
from cascade.sending.sweep import start_scheduled
from tests import world
from tests.cascade.planted import plant


def london(words: str) -> datetime:
    """A moment on the clock in England."""
    return datetime.fromisoformat(words).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-18 09:30", 4, "2026-11-18 13:30"),
        ("2026-11-18 15:00", 4, "2026-11-19 11:00"),
        ("2026-11-20 16:00", 4, "2026-11-23 12:00"),  # over a weekend
        ("2026-11-21 03:00", 4, "2026-11-23 13:00"),  # on a Saturday
        ("2026-12-24 16:00", 4, "2026-12-29 12:00"),  # Christmas, and Boxing Day in lieu
        ("2026-11-18 09:00", 20, "2026-11-20 13:00"),
    ],
)
def test_working_hours_skip_nights_weekends_and_bank_holidays(
    start: str, hours: int, end: str
) -> None:
    assert after_working_time(london(start), timedelta(hours=hours)) == london(end)


@given(
    minutes=st.integers(0, 700 * 24 * 60),
    hours=st.integers(1, 40),
)
def test_a_working_deadline_is_in_working_time_and_never_early(minutes: int, hours: int) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    end = after_working_time(begin, timedelta(hours=hours)).astimezone(LONDON)
    assert end - begin >= timedelta(hours=hours)
    assert is_working_day(end.date())
    assert 9 <= end.hour <= 17


@given(lane=st.sampled_from(Lane), attempts=st.integers(1, 40))
def test_waits_grow_to_a_limit_and_differ(lane: Lane, attempts: int) -> None:
    waited = wait(lane, attempts)
    assert timedelta(seconds=10) < waited <= timedelta(hours=1.25)
    assert waited != wait(lane, attempts)


def test_a_bucket_fills_with_time_up_to_one_second_s_worth(
    database: Database, now: datetime
) -> None:
    limits = Limits(together=10, domains={"nhs.example.org": 2, "*": 4})

    def taken(at: datetime, domain: str) -> int:
        with database.writing() as session:
            allowance = Allowance(session, limits, at)
            return sum(allowance.take(domain) for _ in range(20))

    assert taken(now, "nhs.example.org") == 2
    assert taken(now, "nhs.example.org") == 0
    assert taken(now + timedelta(seconds=1.5), "nhs.example.org") == 2
    assert taken(now + timedelta(hours=5), "nhs.example.org") == 2
    assert [taken(now + timedelta(hours=5), f"{n}.example.org") for n in range(3)] == [4, 4, 0]


def test_who_is_ahead_goes_on_account_of_the_next_second(database: Database, now: datetime) -> None:
    limits = Limits(together=5, domains={"*": 3})

    def taken(at: datetime, *, ahead: bool) -> int:
        with database.writing() as session:
            allowance = Allowance(session, limits, at)
            return sum(allowance.take("example.org", ahead=ahead) for _ in range(20))

    assert taken(now, ahead=False) == 3
    assert taken(now, ahead=True) == 3
    assert taken(now + timedelta(seconds=1), ahead=False) == 0
    assert taken(now + timedelta(seconds=2), ahead=False) == 3


def test_a_circuit_opens_for_longer_each_time_and_closes_when_it_works(
    database: Database, now: datetime
) -> None:
    with database.writing() as session:
        waits = [circuit.failed(session, "email", "refused", now) - now for _ in range(8)]
        assert waits == sorted(waits)
        assert waits[0] == timedelta(seconds=1)
        assert waits[-1] == circuit.LONGEST_PAUSE
        assert circuit.is_open(session, "email", now)
        assert not circuit.is_open(session, "email", now + timedelta(minutes=1))
        circuit.worked(session, "email")
    with database.reading() as session:
        assert not circuit.is_open(session, "email", now)


def test_a_schedule_starts_at_its_time_and_one_that_is_long_over_waits_for_a_person(
    sqlite_database: Database, now: datetime
) -> None:
    with sqlite_database.writing() as session:
        world.add_people(session, 1)
        world.publish_toolkit(session, now=now)
        soon = world.send(session, now, send_at=now + timedelta(minutes=5)).cascade
        late = world.send(
            session, now, tier=Tier.IMMEDIATE, send_at=now + timedelta(minutes=6), again=True
        ).cascade
        start_scheduled(session, now)
        assert session.get_one(Cascade, soon).state == CascadeState.SCHEDULED
        start_scheduled(session, now + timedelta(minutes=5))
        assert session.get_one(Cascade, soon, populate_existing=True).state == "sending"
        start_scheduled(session, now + timedelta(minutes=37))
        assert session.get_one(Cascade, late, populate_existing=True).state == "held"
        control.resume(session, late or 0, by="Ann", now=now + timedelta(minutes=38))
        assert session.get_one(Cascade, late, populate_existing=True).state == "sending"


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (CascadeState.SENT, control.pause),
        (CascadeState.SENT, control.withdraw),
        (CascadeState.WITHDRAWN, control.resume),
        (CascadeState.SENDING, control.resume),
    ],
)
def test_what_cannot_be_done_now_is_refused_with_the_state(
    sqlite_database: Database, now: datetime, state: CascadeState, act: object
) -> None:
    with sqlite_database.writing() as session:
        cascade = plant(session, now, ["care-homes"]).cascade
        session.get_one(Cascade, cascade).state = state
        session.flush()
        with pytest.raises(Refused, match=state.value):
            act(session, cascade, by="Ann", now=now)  # type: ignore[operator]

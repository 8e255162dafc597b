"""States move only from where they may come from, and counters stay in step."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from cascade.database import Database
from cascade.sending.records import Counter, Delivery, Event
from cascade.sending.states import COMES_FROM, DeliveryState, Grade
from cascade.sending.transitions import Change, apply, change
from tests import world
from tests.cascade.planted import plant

steps = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 2]),
        st.none() | st.sampled_from(DeliveryState),
        st.none() | st.sampled_from(Grade),
    ),
    max_size=25,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_whatever_is_reported_the_counters_say_what_the_rows_say(
    sqlite_database: Database,
    now: datetime,
    steps: list[tuple[int, DeliveryState | None, Grade | None]],
) -> None:
    with sqlite_database.writing() as session:
        prefix = f"{session.scalar(select(func.count()).select_from(Delivery))}-"
        planted = plant(session, now, ["care-homes", "care-homes", "pharmacies"], prefix=prefix)
        for which, state, grade in steps:
            before = session.get_one(Delivery, planted.deliveries[which], populate_existing=True)
            old_state, old_grade = before.state, before.grade
            change(session, before.id, now=now, event="test", state=state, grade=grade)
            after = session.get_one(Delivery, before.id, populate_existing=True)
            if after.state != old_state:
                assert old_state in COMES_FROM[DeliveryState(after.state)]
            if after.grade > old_grade:
                assert after.state == DeliveryState.BOUNCED
    assert world.states(sqlite_database, planted.cascade) == world.counted(
        sqlite_database, planted.cascade
    )


def test_a_report_that_comes_too_late_is_an_event_and_changes_nothing(
    database: Database, now: datetime
) -> None:
    with database.writing() as session:
        planted = plant(session, now, ["care-homes"], state=DeliveryState.BOUNCED, grade=Grade.F)
        moved = change(
            session,
            planted.deliveries[0],
            now=now,
            event="delivered",
            state=DeliveryState.DELIVERED,
        )
        events = session.scalars(select(Event.kind)).all()
    assert not moved
    assert events == ["delivered"]
    assert world.counted(database, planted.cascade) == {"bounced": 1}


@pytest.mark.parametrize(
    ("grade", "after"), [(Grade.E, "F"), (Grade.D, "F"), (Grade.C, "C"), (Grade.A, "A")]
)
def test_a_bounce_takes_back_what_a_server_said_and_not_what_a_person_said(
    sqlite_database: Database, now: datetime, grade: Grade, after: str
) -> None:
    with sqlite_database.writing() as session:
        planted = plant(session, now, ["care-homes"], grade=grade)
        change(
            session, planted.deliveries[0], now=now, event="bounced", state=DeliveryState.BOUNCED
        )
        assert session.get_one(Delivery, planted.deliveries[0]).grade == after


def test_many_changes_share_a_transaction_and_are_counted_once(
    database: Database, now: datetime
) -> None:
    with database.writing() as session:
        planted = plant(session, now, ["care-homes"] * 50)
        changes = [
            Change(one, "delivered", "", DeliveryState.DELIVERED, Grade.D)
            for one in planted.deliveries
        ]
        assert apply(session, changes, now) == set(planted.deliveries)
        assert apply(session, changes, now) == set()
    assert world.counted(database, planted.cascade) == {"delivered": 50}


def test_a_missing_counter_is_made(sqlite_database: Database, now: datetime) -> None:
    with sqlite_database.writing() as session:
        planted = plant(session, now, ["care-homes"])
        session.execute(delete(Counter).where(Counter.state == "delivered"))
        change(session, planted.deliveries[0], now=now, event="x", state=DeliveryState.DELIVERED)
    assert world.counted(sqlite_database, planted.cascade) == {"delivered": 1}

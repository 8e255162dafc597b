"""Changes of state: conditional, recorded as events, and in step with the counters."""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Table, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from cascade.sending.records import Counter, Delivery, Event
from cascade.sending.states import COMES_FROM, DeliveryState, Grade

_COUNTERS: Table = Counter.__table__  # type: ignore[assignment]

Cell = tuple[int, str, str]
"""A counter's key: variant, state, grade."""


def count(session: Session, moves: Mapping[Cell, int]) -> None:
    """Add to the counters, in one order everywhere so that two writers can't block each other."""
    rows = [
        {"variant_id": variant, "state": str(state), "grade": str(grade), "deliveries": by}
        for (variant, state, grade), by in sorted(moves.items())
        if by
    ]
    if not rows:
        return
    dialect = session.get_bind().dialect.name
    statement = (postgresql_insert if dialect == "postgresql" else sqlite_insert)(_COUNTERS)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["variant_id", "state", "grade"],
            set_={"deliveries": _COUNTERS.c.deliveries + statement.excluded.deliveries},
        ),
        rows,
    )


def moved(
    before: Iterable[tuple[int, str, str]], state: DeliveryState, grade: Grade | None = None
) -> Mapping[Cell, int]:
    """The counters' changes when these (variant, state, grade) all move to one state."""
    tally: Tally[Cell] = Tally()
    for variant, old_state, old_grade in before:
        tally[variant, str(old_state), str(old_grade)] -= 1
        tally[variant, str(state), str(grade or old_grade)] += 1
    return tally


def change(
    session: Session,
    delivery_id: int,
    *,
    now: datetime,
    event: str,
    detail: str = "",
    state: DeliveryState | None = None,
    grade: Grade | None = None,
) -> bool:
    """Record what happened to one delivery, and move it if it may move.

    The event is kept in any case. The state moves only from where it may come from, the grade only
    to a better one; a bounce takes back what a server had said, never what a person said.
    Returns whether anything but the list of events changed.
    """
    row = session.execute(
        select(Delivery.variant_id, Delivery.state, Delivery.grade)
        .where(Delivery.id == delivery_id)
        .with_for_update()
    ).one()
    new_state = state if state and row.state in COMES_FROM[state] else DeliveryState(row.state)
    new_grade = _graded(Grade(row.grade), grade, bounced=_bounces(row.state, new_state))
    session.execute(
        insert(Event).values(delivery_id=delivery_id, at=now, kind=event, detail=detail)
    )
    if (new_state, new_grade) == (row.state, row.grade):
        return False
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(state=new_state, grade=new_grade, changed_at=now)
    )
    count(session, moved([tuple(row)], new_state, new_grade))
    return True


def _bounces(old: str, new: DeliveryState) -> bool:
    return new is DeliveryState.BOUNCED and old != new


def _graded(old: Grade, reported: Grade | None, *, bounced: bool) -> Grade:
    if bounced and old in (Grade.D, Grade.E):
        old = Grade.F
    return min(old, reported) if reported else old

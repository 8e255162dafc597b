"""Changes of state: conditional, recorded as events, and in step with the counters."""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from cascade.sending.driver import Statement, execute_many, moment
from cascade.sending.records import Delivery
from cascade.sending.states import COMES_FROM, DeliveryState, Grade

_DELIVERIES: Table = Delivery.__table__  # type: ignore[assignment]

Cell = tuple[int, str, str]
"""A counter's key: variant, state, grade."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a delivery, and where that moves it."""

    delivery_id: int
    event: str
    detail: str = ""
    state: DeliveryState | None = None
    grade: Grade | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    """Further columns to set when the state moves."""


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
    """Record what happened to one delivery; whether anything but its list of events changed."""
    return bool(apply(session, [Change(delivery_id, event, detail, state, grade)], now))


def apply(
    session: Session,
    changes: Sequence[Change],
    now: datetime,
    tally: Mapping[Cell, int] | None = None,
) -> set[int]:
    """Record each change and make those that may be made; gives the deliveries that moved.

    The event is kept in any case. A state moves only from where it may come from, a grade only
    to a better one; a bounce takes back what a server had said, never what a person said.
    `tally`: moves made before in the same transaction, to be counted together with these.
    """
    tally = Tally(tally)
    before = _locked(session, [one.delivery_id for one in changes]) if changes else {}
    moves: dict[tuple[Any, ...], list[int]] = {}
    for one in changes:
        old = before[one.delivery_id]
        new = _after(old, one)
        if new != old:
            tally[old] -= 1
            tally[new] += 1
            before[one.delivery_id] = new
            moves.setdefault(_columns(one, old, new, now), []).append(one.delivery_id)
    for columns, ids in moves.items():
        session.execute(update(_DELIVERIES).where(_DELIVERIES.c.id.in_(ids)).values(dict(columns)))
    record_events(session, [(one.delivery_id, one.event, one.detail) for one in changes], now)
    count(session, tally)
    return {one for ids in moves.values() for one in ids}


def record_events(session: Session, events: Iterable[tuple[int, str, str]], now: datetime) -> None:
    """Keep what happened: (delivery, kind, detail) each."""
    at = moment(session, now)
    rows = [
        {"delivery": delivery, "at": at, "kind": str(kind), "detail": detail}
        for delivery, kind, detail in events
    ]
    if rows:
        execute_many(session, _RECORD_EVENT, rows)


def count(session: Session, moves: Mapping[Cell, int]) -> None:
    """Add to the counters, once a transaction and in one order, so that no two block each other."""
    rows = [
        {"variant": variant, "state": str(state), "grade": str(grade), "by": by}
        for (variant, state, grade), by in sorted(moves.items())
        if by
    ]
    if rows:
        execute_many(session, _COUNT, rows)


_EVENTS = "INSERT INTO events (delivery_id, at, kind, detail) "
_RECORD_EVENT = Statement(
    f"{_EVENTS} VALUES (:delivery, :at, :kind, :detail)",
    f"{_EVENTS} SELECT * FROM "
    "unnest(:delivery::bigint[], :at::timestamptz[], :kind::text[], :detail::text[])",
)
_COUNTERS = "INSERT INTO counters (variant_id, state, grade, deliveries) "
_ADDING = (
    " ON CONFLICT (variant_id, state, grade) "
    "DO UPDATE SET deliveries = counters.deliveries + excluded.deliveries"
)
_COUNT = Statement(
    f"{_COUNTERS} VALUES (:variant, :state, :grade, :by) {_ADDING}",
    # In the order of the lists, which is the order of the locks.
    f"{_COUNTERS} SELECT * FROM unnest(:variant::bigint[], :state::text[], :grade::text[], "
    f":by::int[]) {_ADDING}",
)


def _locked(session: Session, ids: Iterable[int]) -> dict[int, Cell]:
    rows = session.execute(
        select(Delivery.id, Delivery.variant_id, Delivery.state, Delivery.grade)
        .where(Delivery.id.in_(set(ids)))
        .order_by(Delivery.id)
        .with_for_update()
    ).all()
    return {row.id: (row.variant_id, row.state, row.grade) for row in rows}


def _after(old: Cell, one: Change) -> Cell:
    moves = one.state is not None and old[1] in COMES_FROM[one.state]
    state = str(one.state) if moves else old[1]
    grade = old[2]
    if moves and one.state is DeliveryState.BOUNCED and grade in (Grade.D, Grade.E):
        grade = str(Grade.F)
    return old[0], state, min(grade, str(one.grade)) if one.grade else grade


def _columns(one: Change, old: Cell, new: Cell, now: datetime) -> tuple[Any, ...]:
    """What to set, in a form that tells which deliveries can share one statement."""
    values: dict[str, Any] = {"grade": new[2]}
    if new[1] != old[1]:
        values |= {"state": new[1], "changed_at": now, "claim_id": None, **one.values}
    return tuple(values.items())

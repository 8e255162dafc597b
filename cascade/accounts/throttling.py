"""Failed tries, counted for each account and each address, so that nobody can go on guessing.

A try is counted before it's judged, and counting waits for who counts the same name: tries made
at the same time can't slip past the limit together.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cascade.accounts.records import Throttle

WINDOW = timedelta(minutes=15)
LIMITS: Mapping[str, int] = MappingProxyType(
    {"account": 10, "address": 50, "reset": 3, "take": 3, "subscribe": 3}
    | {"public": 20, "subscriber": 20}
)
"""Tries within the window, by what a name begins with: `account:someone@example.org`.

`take`: links of their own for one address; `public`: forms without an account from one place;
`subscribe`: letters to one address, `subscriber`: from one place."""

_INSERT: Mapping[str, Any] = MappingProxyType(
    {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
)


def blocked(session: Session, names: Sequence[str], now: datetime) -> bool:
    """Whether one of them has used up its tries."""
    rows = session.execute(
        select(Throttle.name, Throttle.failures).where(
            Throttle.name.in_(names), Throttle.since > now - WINDOW
        )
    )
    return any(row.failures >= _limit(row.name) for row in rows)


def allows(session: Session, names: Sequence[str], now: datetime) -> bool:
    """Count a try for each of them; whether it is within the limit of all."""
    # Who is blocked already writes nothing and waits for nobody.
    return not blocked(session, names, now) and failed(session, names, now)


def failed(session: Session, names: Sequence[str], now: datetime) -> bool:
    """Count a failed try for each of them; whether that is within the limit of all."""
    if not names:
        return True
    fresh = _INSERT[session.get_bind().dialect.name](Throttle).values(
        # Always in the same order: two transactions never wait for each other's rows.
        [{"name": name, "failures": 1, "since": now} for name in sorted(set(names))]
    )
    over = Throttle.since <= now - WINDOW
    counted = fresh.on_conflict_do_update(
        index_elements=[Throttle.name],
        set_={
            "failures": case((over, 1), else_=Throttle.failures + 1),
            "since": case((over, now), else_=Throttle.since),
        },
    ).returning(Throttle.name, Throttle.failures)
    rows = session.execute(counted).all()
    return all(row.failures <= _limit(row.name) for row in rows)


def taken_back(session: Session, names: Sequence[str]) -> None:
    """The last try of each of them didn't fail after all."""
    session.execute(
        update(Throttle)
        .where(Throttle.name.in_(names), Throttle.failures > 0)
        .values(failures=Throttle.failures - 1)
    )


def cleared(session: Session, name: str) -> None:
    """Forget the failed tries of one name."""
    session.execute(delete(Throttle).where(Throttle.name == name))


def _limit(name: str) -> int:
    return LIMITS[name.partition(":")[0]]

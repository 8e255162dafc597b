"""Failed tries, counted for each account and each address, so that nobody can go on guessing.

A try is counted before it's judged, and counting waits for who counts the same name: tries made
at the same time can't slip past the limit together.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cascade.accounts.records import Throttle
from cascade.cleaning import cut

WINDOW = timedelta(minutes=15)
DAY = timedelta(days=1)
LIMITS: Mapping[str, int] = MappingProxyType(
    {"account": 10, "address": 50, "reset": 3, "take": 3, "subscribe": 3}
    | {"public": 20, "subscriber": 20}
)
"""Tries within the window, by what a name begins with: `account:someone@example.org`.

`take`: links of their own for one address; `public`: forms without an account from one place;
`subscribe`: letters to one address, `subscriber`: from one place."""
DAILY: Mapping[str, int] = MappingProxyType({"subscribe": 6})
"""Tries within a day, beside those: four times an hour, for ever, fills a mailbox too."""
_PLACES = frozenset({"address", "public", "subscriber"})
"""What is counted by where a request comes from."""
_DAILY_KINDS: Mapping[str, int] = MappingProxyType(
    {f"{kind}-daily": limit for kind, limit in DAILY.items()}
)
_NETWORK = 64
"""Bits of an address of IPv6 that its holder can't choose: the rest is theirs to change."""
_LONGEST_PLACE = 45

_INSERT: Mapping[str, Any] = MappingProxyType(
    {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
)


def place(address: str) -> str:
    """What an address counts as: of IPv6 its network, of which anybody has all addresses."""
    try:
        found = ip_address(address)
    except ValueError:
        return cut(address, _LONGEST_PLACE)
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((int(found), _NETWORK), strict=False))


def blocked(session: Session, names: Sequence[str], now: datetime) -> bool:
    """Whether one of them has used up its tries."""
    rows = session.execute(
        select(Throttle.name, Throttle.failures).where(
            Throttle.name.in_(_counted(names)), ~_over(now)
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
        [{"name": name, "failures": 1, "since": now} for name in sorted(_counted(names))]
    )
    over = _over(now)
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
        .where(Throttle.name.in_(_counted(names)), Throttle.failures > 0)
        .values(failures=Throttle.failures - 1)
    )


def cleared(session: Session, name: str) -> None:
    """Forget the failed tries of one name."""
    session.execute(delete(Throttle).where(Throttle.name.in_(_counted([name]))))


def forget(session: Session, now: datetime) -> None:
    """Delete what counts no more."""
    session.execute(delete(Throttle).where(_over(now)))


def _counted(names: Iterable[str]) -> set[str]:
    """The rows that names are counted in."""
    found = set()
    for name in names:
        kind, _, what = name.partition(":")
        what = place(what) if kind in _PLACES else what
        found.add(f"{kind}:{what}")
        if kind in DAILY:
            found.add(f"{kind}-daily:{what}")
    return found


def _over(now: datetime) -> ColumnElement[bool]:
    """Condition on rows: their window has passed."""
    is_daily = or_(*(Throttle.name.startswith(f"{kind}:") for kind in _DAILY_KINDS))
    return and_(Throttle.since <= now - WINDOW, or_(Throttle.since <= now - DAY, not_(is_daily)))


def _limit(name: str) -> int:
    kind = name.partition(":")[0]
    return _DAILY_KINDS.get(kind) or LIMITS[kind]

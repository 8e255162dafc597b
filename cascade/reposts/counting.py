"""Counts of links that were followed and frames that were shown: by day, and of no reader.

They are gathered in memory and written a few seconds later, all in one transaction.
"""

import re
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from cascade.reposts.records import EmbedCount, Taker, TakerVisit

OTHERS = "others"
UNKNOWN = "unknown"
MOST_SITES = 50
"""Of one toolkit on one day; what invented names come to beyond that is counted as others."""
_MOST_HELD = 2_000
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_MACHINES = re.compile(
    r"bot|crawl|spider|slurp|preview|scan|monitor|fetch|curl|wget|python|java/|go-http|headless"
    r"|facebookexternalhit|whatsapp|okhttp|axios|libwww|httpclient",
    re.IGNORECASE,
)

Followed = tuple[int, date]
Shown = tuple[int, date, str]

_INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(slots=True)
class Batch:
    """What was counted since the last time it was written."""

    followed: Counter[Followed] = field(default_factory=Counter)
    shown: Counter[Shown] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return bool(self.followed or self.shown)


class Gathering:
    """Takes counts from any thread; never holds more than some thousand."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._batch = Batch()

    def follow(self, taker: int, day: date) -> None:
        """Somebody followed a taker's link."""
        with self._lock:
            if len(self._batch.followed) < _MOST_HELD or (taker, day) in self._batch.followed:
                self._batch.followed[taker, day] += 1

    def show(self, toolkit: int, day: date, site: str) -> None:
        """A toolkit was shown in a frame of a site."""
        with self._lock:
            one = (toolkit, day, site)
            if len(self._batch.shown) >= _MOST_HELD and one not in self._batch.shown:
                one = (toolkit, day, OTHERS)
            self._batch.shown[one] += 1

    def take(self) -> Batch:
        """Everything so far; counting begins anew."""
        with self._lock:
            taken, self._batch = self._batch, Batch()
        return taken


def write(session: Session, batch: Batch) -> None:
    """Add a batch to what is kept."""
    known = set(
        session.scalars(select(Taker.id).where(Taker.id.in_({one for one, _ in batch.followed})))
    )
    followed = [
        {"taker_id": taker, "day": day, "visits": count}
        for (taker, day), count in sorted(batch.followed.items())
        if taker in known
    ]
    shown = [
        {"toolkit_id": toolkit, "day": day, "site": site, "shown": count}
        for (toolkit, day, site), count in sorted(_bounded(session, batch.shown).items())
    ]
    _add(session, TakerVisit, followed, "visits")
    _add(session, EmbedCount, shown, "shown")


def site_of(referrer: str) -> str:
    """The host that a Referer names, and nothing else of it."""
    try:
        host = (urlsplit(referrer).hostname or "").lower().rstrip(".")
    except ValueError:
        return UNKNOWN
    return host if _HOST.fullmatch(host) and host != OTHERS else UNKNOWN


def is_machine(agent: str) -> bool:
    """Whether a program says of itself that it is one, or says nothing."""
    return not agent.strip() or _MACHINES.search(agent) is not None


def _bounded(session: Session, shown: Counter[Shown]) -> Counter[Shown]:
    """With names beyond the limit of their toolkit and day made into others."""
    found: Counter[Shown] = Counter()
    for toolkit, day in sorted({(toolkit, day) for toolkit, day, _ in shown}):
        there = set(
            session.scalars(
                select(EmbedCount.site).where(
                    EmbedCount.toolkit_id == toolkit, EmbedCount.day == day
                )
            )
        )
        # What was shown most comes in first.
        for (one, when, site), count in shown.most_common():
            if (one, when) != (toolkit, day):
                continue
            is_kept = site in there or len(there) < MOST_SITES
            there |= {site} if is_kept else set()
            found[toolkit, day, site if is_kept else OTHERS] += count
    return found


def _add(session: Session, table: Any, rows: list[dict[str, Any]], count: str) -> None:
    if not rows:
        return
    fresh = _INSERT[session.get_bind().dialect.name](table)
    total = getattr(table, count) + getattr(fresh.excluded, count)
    keys = [one.name for one in table.__table__.primary_key]
    session.execute(fresh.on_conflict_do_update(index_elements=keys, set_={count: total}), rows)

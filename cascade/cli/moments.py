"""Moments as people type them: `14:30`, `2026-11-21 14:30`, `+2h`."""

import re
from datetime import datetime, time, timedelta

from cascade.errors import BadInput
from cascade.sending.deadlines import LONDON

_SPAN = re.compile(r"\+?(\d+(?:\.\d+)?) ?(m|min|minutes?|h|hours?|d|days?)$", re.IGNORECASE)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def moment(words: str, now: datetime) -> datetime:
    """The moment meant, in England's time where none is said; raises BadInput with examples."""
    words = words.strip()
    span = _SPAN.match(words)
    if span:
        return now + timedelta(**{_UNITS[span[2][0].lower()]: float(span[1])})
    if re.fullmatch(r"\d{1,2}:\d\d", words):
        return _next(words, now)
    try:
        said = datetime.fromisoformat(words)
    except ValueError:
        raise BadInput(
            f"“{words}” is not a time. Write it like 14:30, 2026-11-21 14:30 or +2h."
        ) from None
    return said if said.tzinfo else said.replace(tzinfo=LONDON)


def _next(words: str, now: datetime) -> datetime:
    """The next time the clock shows this."""
    hour, _, minute = words.partition(":")
    try:
        at = time(int(hour), int(minute))
    except ValueError:
        raise BadInput(f"“{words}” is not a time of day. Write it like 14:30.") from None
    here = now.astimezone(LONDON)
    chosen = datetime.combine(here.date(), at, LONDON)
    return chosen if chosen > here else datetime.combine(here.date() + timedelta(1), at, LONDON)

"""Send windows: the moments of the week at which what is not urgent goes out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from cascade import adjustments
from cascade.errors import BadInput
from cascade.sending.deadlines import LONDON, is_working_day

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
MOST = 20
_NAME = "windows"
_NAMED = re.compile(r"([A-Za-z]+)\s+(\d{1,2})[:.](\d{2})")
_LOOK_AHEAD = 60
"""Days: longer than any row of bank holidays."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A weekday, 0 for Monday, and a time on the clocks of England."""

    weekday: int
    at: time

    def __str__(self) -> str:
        return f"{DAYS[self.weekday]} {self.at:%H:%M}"


DEFAULT = tuple(Window(day, time(9)) for day in range(len(DAYS)))
"""When working time begins."""


def windows(session: Session) -> tuple[Window, ...]:
    """The windows that hold now, from Monday on."""
    kept = adjustments.read(session, _NAME)
    return tuple(window(line) for line in kept["windows"]) if kept else DEFAULT


def upcoming(session: Session, now: datetime) -> datetime:
    """The next window after this moment; none is on a bank holiday of England."""
    return next_of(windows(session), now)


def next_of(every: Sequence[Window], now: datetime) -> datetime:
    """The first of these windows after a moment, on a working day."""
    today = now.astimezone(LONDON).date()
    days = (today + timedelta(days=ahead) for ahead in range(_LOOK_AHEAD))
    return next(
        moment
        for day in days
        if is_working_day(day)
        for one in sorted(every)
        if one.weekday == day.weekday() and (moment := datetime.combine(day, one.at, LONDON)) > now
    )


def change(session: Session, lines: Iterable[str], *, by: str, now: datetime) -> None:
    """Let these be the windows; raises BadInput that names the line that is none."""
    wanted = {window(line) for line in lines if line.strip()}
    if not wanted:
        raise BadInput("No window.", ["windows: enter at least one, such as Monday 10:00"])
    if len(wanted) > MOST:
        raise BadInput("Too many.", [f"windows: enter {MOST} windows at most"])
    said = [str(one) for one in sorted(wanted)]
    adjustments.put(session, _NAME, {"windows": said}, by=by, now=now)


def reset(session: Session) -> None:
    """Put the windows back to the beginning of each working day."""
    adjustments.reset(session, _NAME)


def window(line: str) -> Window:
    """`Monday 10:00` as people type it; raises BadInput for what is none."""
    found = _NAMED.fullmatch(line.strip())
    day = found[1].capitalize() if found else ""
    days = [number for number, name in enumerate(DAYS) if len(day) > 2 and name.startswith(day)]
    if not found or not days or int(found[2]) > 23 or int(found[3]) > 59:
        words = f"“{line.strip()[:40]}” is no window: enter a working day and a time"
        raise BadInput("That is no window.", [f"windows: {words}, such as Monday 10:00"])
    return Window(days[0], time(int(found[2]), int(found[3])))

"""Times as people in England read them; `strftime` would follow the locale of the process."""

from datetime import date, datetime

from cascade.sending.deadlines import LONDON

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_NAMED_HOURS = {(0, 0): "midnight", (12, 0): "midday"}


def moment(at: datetime) -> str:
    """A time as people in England read it: `Saturday 21 November 2026, 2:00pm`."""
    local = at.astimezone(LONDON)
    date = f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"
    named = _NAMED_HOURS.get((local.hour, local.minute))
    half = "pm" if local.hour >= 12 else "am"
    return f"{date}, {named or f'{local.hour % 12 or 12}:{local.minute:02}{half}'}"


def day(of: date) -> str:
    """A day as people in England read it: `21 November 2026`."""
    return f"{of.day} {_MONTHS[of.month - 1]} {of.year}"


def short_moment(at: datetime) -> str:
    """A time for a subject line: `14:00 Sat 21 Nov`."""
    local = at.astimezone(LONDON)
    day, month = _DAYS[local.weekday()][:3], _MONTHS[local.month - 1][:3]
    return f"{local.hour:02}:{local.minute:02} {day} {local.day} {month}"

"""What was chosen for a release so far, as it stands in the address of its pages."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import StringField

from cascade.sending.deadlines import LONDON
from cascade.sending.states import Tier
from cascade.web.account_forms import AccountForm

_FURTHEST = timedelta(days=366)
_LONGEST_KEY = 43
_LONGEST_MOMENT = 40
WHEN = ("now", "window", "at")


@dataclass(frozen=True, slots=True)
class Choices:
    """To whom, how urgent, when; what isn't chosen yet is empty."""

    segments: tuple[str, ...] = ()
    tier: Tier | None = None
    send_at: datetime | None = None
    """None: now."""
    exercise: bool = False
    again: bool = False
    key: str = ""
    """Of the page that it was released on."""
    when: str = ""
    """Empty: as usual in its tier."""
    date: str = ""
    time: str = ""
    window: str = ""
    """The send window that the last look showed, as its form carries it."""

    @property
    def timing(self) -> str:
        """`now`, `window` or `at`: as it was chosen, else as usual in its tier."""
        return self.when or _usual(self.tier)

    def address(self) -> dict[str, Any]:
        """The choices for the address of another page."""
        return {
            "segment": list(self.segments) or None,
            "tier": self.tier,
            "when": self.when or None,
            "date": self.date or None,
            "time": self.time or None,
            "exercise": "yes" if self.exercise else None,
        }

    def promised(self, now: datetime) -> datetime | None:
        """The window that was shown, while it is still to come; None: another must be shown."""
        try:
            shown = datetime.fromisoformat(self.window)
        except ValueError:
            return None
        if shown.tzinfo is None or not now < shown <= now + _FURTHEST:
            return None
        return shown

    def audited(self, toolkit: str) -> dict[str, object]:
        """What the audit trail says of the release."""
        return {
            "toolkit": toolkit,
            "segments": list(self.segments),
            "tier": self.tier,
            "exercise": self.exercise,
        }


class WhenForm(AccountForm):
    """When it goes out."""

    when = StringField("When")
    date = StringField("Date")
    time = StringField("Time")

    def is_right(self, now: datetime) -> bool:
        """Whether this names a moment that is still to come; else says what to do."""
        if self.when.data not in (None, "", *WHEN):
            self.blame("when", "Choose when it goes out")
        if self.when.data != "at":
            return not self.problems()
        at = _moment(self.date.data or "", self.time.data or "")
        if at is None:
            self.blame("date", "Enter a date and a time, such as 2026-12-01 and 09:30")
        elif at <= now:
            self.blame("date", "Enter a time that is still to come")
        elif at - now > _FURTHEST:
            self.blame("date", "Enter a time within a year")
        return not self.problems()


def of(asked: MultiDict[str, str], window: datetime) -> Choices:
    """What an address, or a form that repeats it, has chosen; `window`: the next send window."""
    tier = asked.get("tier", "")
    when, day, clock = (asked.get(name, "").strip() for name in ("when", "date", "time"))
    chosen = Tier(tier) if tier in list(Tier) else None
    when = when if when in WHEN else ""
    return Choices(
        segments=tuple(dict.fromkeys(one for one in asked.getlist("segment") if one)),
        tier=chosen,
        send_at=_send_at(when or _usual(chosen), day, clock, window),
        exercise=asked.get("exercise") == "yes",
        again=asked.get("again") == "yes",
        key=asked.get("key", "")[:_LONGEST_KEY],
        when=when,
        date=day[:10],
        time=clock[:5],
        window=asked.get("window", "")[:_LONGEST_MOMENT],
    )


def _usual(tier: Tier | None) -> str:
    return "window" if tier is Tier.ROUTINE else "now"


def _send_at(when: str, day: str, clock: str, window: datetime) -> datetime | None:
    if when == "window":
        return window
    return _moment(day, clock) if when == "at" else None


def _moment(day: str, clock: str) -> datetime | None:
    """A moment on the clocks of England; None for what is none."""
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), LONDON)
    except ValueError:
        return None

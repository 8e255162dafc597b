"""The forms of bulletins, their issues and subscribers."""

from collections.abc import Mapping
from datetime import date, time
from types import MappingProxyType
from typing import Self

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)

from cascade.bulletins import schedules
from cascade.bulletins.heading_words import HEADING_WORDS
from cascade.bulletins.making import Wanted
from cascade.bulletins.records import Bulletin, Issue, IssueEntry
from cascade.bulletins.schedules import DAYS, KINDS, WEEKS, Schedule
from cascade.web.account_forms import AccountForm, Line

_LARGEST = 2**31 - 1
_MOST_DATES = 200
_SCHEDULE = ("kind", "at", "weekday", "start", "day", "week", "rule", "days", "dates")


class _Seen(AccountForm):
    """A form that knows which revision it began from."""

    revision = HiddenField()

    @property
    def seen(self) -> int:
        """0, which no row has, when that isn't a number."""
        given = self.revision.data or ""
        is_number = given.isascii() and given.isdecimal() and len(given) < 10
        return int(given) if is_number else 0


class BulletinForm(_Seen):
    """A bulletin, with its schedule."""

    kinds = KINDS
    weekdays = MappingProxyType({str(number): day for number, day in enumerate(DAYS)})
    weeks = MappingProxyType(
        {"0": "On a day of the month"} | {str(n): f"On the {word}" for n, word in WEEKS.items()}
    )

    name = Line("Short name")
    title = Line("Title")
    segments = SelectMultipleField("Segments", validate_choice=False, choices=[])
    kind = RadioField("How often it comes out", validate_choice=False, choices=[])
    weekday = SelectField("Day of the week", validate_choice=False)
    week = SelectField("When in the month", validate_choice=False)
    day = Line("Day of the month")
    start = Line("First date")
    rule = Line("Rule")
    days = Line("Working days after")
    dates = TextAreaField("Dates, such as those of the board")
    at = Line("Time")
    cut_off_hours = Line("Cut-off, in hours before")
    sender_name = Line("Name of the sender (optional)")
    reply_to = Line("Address for answers (optional)")
    languages = Line("Languages")
    headings = BooleanField("Put items below headings")
    contents = BooleanField("Begin with a list of what is in it, from three items on")

    @classmethod
    def blank(cls) -> Self:
        """What a new bulletin begins as."""
        return cls(
            data={
                "kind": "weekly",
                "weekday": "1",
                "week": "0",
                "at": "10:00",
                "cut_off_hours": "24",
                "languages": "en",
                "headings": True,
                "contents": True,
            }
        )

    @classmethod
    def of(cls, row: Bulletin) -> Self:
        """The form as the bulletin stands."""
        kept = schedules.read(row.schedule)
        return cls(
            data={
                "revision": str(row.revision),
                "name": row.name,
                "title": row.title,
                "segments": row.segments,
                "kind": kept.kind,
                "weekday": str(kept.weekday),
                "week": str(kept.week),
                "day": str(kept.day or ""),
                "start": kept.start.isoformat() if kept.start else "",
                "rule": kept.rule,
                "days": str(kept.days) if kept.kind == "after" else "",
                "dates": "\n".join(one.isoformat() for one in kept.dates),
                "at": f"{kept.at:%H:%M}",
                "cut_off_hours": str(row.cut_off_hours),
                "sender_name": row.sender_name,
                "reply_to": row.reply_to,
                "languages": ", ".join(row.languages),
                "headings": row.headings,
                "contents": row.contents,
            }
        )

    def wanted(self, name: str = "") -> Wanted | None:
        """What was filled in; None, with the problems shown, when it can't be read."""
        schedule = self.schedule()
        hours = self._number("cut_off_hours", "0")
        if schedule is None or self.problems():
            return None
        return Wanted(
            name=name or self.name.text.lower(),
            title=self.title.text,
            segments=self.segments.data or [],
            schedule=schedule,
            languages=(self.languages.data or "").replace(",", " ").split(),
            sender_name=self.sender_name.text,
            reply_to=self.reply_to.text,
            headings=bool(self.headings.data),
            contents=bool(self.contents.data),
            cut_off_hours=hours,
        )

    def schedule(self) -> Schedule | None:
        """When it comes out; None, with the problems shown, when that can't be read."""
        kind = self.kind.data or ""
        at = self._time()
        monthly = kind == "monthly"
        made = Schedule(
            kind=kind,
            at=at or time(10),
            weekday=self._number("weekday", "0") if kind in ("weekly", "monthly") else 0,
            start=self._date() if kind in ("fortnightly", "quarterly", "rule") else None,
            day=self._number("day", "0") if monthly and self.week.data == "0" else 0,
            week=self._week() if monthly else 0,
            rule=self.rule.text if kind == "rule" else "",
            days=self._number("days", "0") if kind == "after" else 0,
            dates=self._dates() if kind == "after" else (),
        )
        return None if self.schedule_is_wrong else made

    @property
    def schedule_is_wrong(self) -> bool:
        """Whether something of the schedule could not be read, wherever else something is."""
        return any(self[name].errors for name in _SCHEDULE)

    def _week(self) -> int:
        given = self.week.data or "0"
        return int(given) if given in self.weeks else 9

    def _number(self, name: str, usual: str) -> int:
        given = "".join((self[name].data or usual).split())
        if not (given.isascii() and given.isdecimal() and len(given) < 6):
            self.blame(name, "Enter a whole number in digits, such as 3")
            return 0
        return int(given)

    def _time(self) -> time | None:
        try:
            hours, minutes = self.at.text.replace(".", ":").split(":")
            return time(int(hours), int(minutes))
        except ValueError:
            self.blame("at", "Enter a time, such as 10:00")
            return None

    def _date(self) -> date | None:
        try:
            return date.fromisoformat(self.start.text) if self.start.text else None
        except ValueError:
            self.blame("start", "Enter a date, such as 2026-12-01")
            return None

    def _dates(self) -> tuple[date, ...]:
        lines = (self.dates.data or "").replace(",", " ").split()[:_MOST_DATES]
        try:
            return tuple(sorted({date.fromisoformat(one) for one in lines}))
        except ValueError:
            self.blame("dates", "Enter dates such as 2026-12-01, one on each line")
            return ()


class WordsForm(_Seen):
    """What an issue begins with."""

    lead = Line("The sentence it begins with (optional)")
    note = TextAreaField("A note by the editor, in Markdown (optional)")

    @classmethod
    def of(cls, issue: Issue) -> Self:
        return cls(revision=str(issue.revision), lead=issue.lead, note=issue.note)


class ItemForm(_Seen):
    """What an editor does with one item."""

    headings: Mapping[str, str] = HEADING_WORDS

    heading = SelectField("Heading", validate_choice=False)
    note = TextAreaField("A note by the editor, in Markdown (optional)")
    whole = BooleanField("Print all of its text")
    asks = BooleanField("Ask readers whether they have used it")

    @classmethod
    def of(cls, issue: Issue, entry: IssueEntry) -> Self:
        return cls(
            data={
                "revision": str(issue.revision),
                "heading": entry.heading,
                "note": entry.note,
                "whole": entry.whole,
                "asks": entry.asks,
            }
        )


class TakeInForm(_Seen):
    """A toolkit to take in by hand."""

    toolkit = Line("Another toolkit, by its short name")


class SubscribeForm(AccountForm):
    """Who wants a bulletin."""

    email = Line("Email address")

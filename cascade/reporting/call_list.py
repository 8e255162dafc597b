"""The outstanding list as CSV, to be phoned from: a line for each person."""

from collections.abc import Iterable, Iterator

from cascade.reporting.outstanding import Outstanding
from cascade.reporting.people import Person
from cascade.reporting.spreadsheet import Cell, lines
from cascade.reporting.words import DELIVERY_WORDS
from cascade.sending.moments import moment

HEADER = (
    *("call_first", "segments", "organisation", "code", "place", "postcode", "deadline_passed"),
    *("contact", "role", "phone", "email", "deputy", "message", "grade"),
    *("last_event", "last_event_at", "last_detail", "asked_by", "comment"),
)


def as_csv(organisations: Iterable[Outstanding]) -> Iterator[str]:
    """The lines of the file, as the organisations come."""
    return lines(HEADER, (row for one in organisations for row in _rows(one)))


def _rows(one: Outstanding) -> Iterator[tuple[Cell, ...]]:
    asked_by = f"{one.call.name}, {one.call.role}" if one.call else ""
    comment = one.call.comment if one.call else ""
    about = (
        _yes(one.call_me),
        " ".join(one.segments),
        one.name,
        one.code,
        one.place,
        one.postcode,
        "" if one.deadline_passed is None else _yes(one.deadline_passed),
    )
    for cells in map(_person, one.people) if one.people else [_NOBODY]:
        yield (*about, *cells, asked_by, comment)


def _person(person: Person) -> tuple[Cell, ...]:
    return (
        person.name,
        person.role,
        person.phone,
        person.email,
        person.deputy,
        DELIVERY_WORDS[person.state],
        person.grade,
        person.last_event,
        moment(person.last_event_at) if person.last_event_at else "",
        person.last_detail,
    )


_NOBODY: tuple[Cell, ...] = ("", "", "", "", "", "nobody is known there", "", "", "", "")


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"

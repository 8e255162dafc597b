"""The outstanding list for a terminal: who asked for a call first, then segment by segment."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from cascade.reporting.outstanding import Outstanding
from cascade.reporting.people import Person
from cascade.reporting.words import DELIVERY_WORDS
from cascade.sending.moments import short_moment


def outstanding_text(organisations: Iterable[Outstanding]) -> Iterator[str]:
    """The lines of the list, as the organisations come."""
    empty = True
    for heading, group in groupby(organisations, _heading):
        empty = False
        yield f"{heading}:"
        for one in group:
            yield from _organisation(one)
        yield ""
    if empty:
        yield "Nobody: every organisation has confirmed."


def _heading(one: Outstanding) -> str:
    if one.call_me:
        return "Asked for a call"
    if one.deadline_passed is None:
        return f"Not asked to confirm ({', '.join(one.segments)})"
    late = ", and the deadline has passed" if one.deadline_passed else ""
    return f"Not confirmed{late} ({', '.join(one.segments)})"


def _organisation(one: Outstanding) -> Iterator[str]:
    yield "  " + ", ".join(filter(None, (one.name, one.place, one.postcode)))
    if one.call:
        comment = f": “{one.call.comment}”" if one.call.comment else ""
        asked_at = short_moment(one.call.at)
        yield f"      asked by {one.call.name}, {one.call.role}, at {asked_at}{comment}"
    for person in one.people:
        yield f"      {_person(person)}"
    if not one.people:
        yield "      nobody is known there"


def _person(person: Person) -> str:
    who = ", ".join(filter(None, (person.name, person.role))) or "unnamed contact"
    reach = filter(None, (person.phone, person.email))
    return " · ".join([who, *reach, DELIVERY_WORDS[person.state]])

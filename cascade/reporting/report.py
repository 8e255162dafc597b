"""The report of a cascade: figures, each with its denominator and how well it is known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cascade.evidence.confirm import ANSWERS
from cascade.reporting.answers import Answered, Staff, answered, staff
from cascade.reporting.counts import Row
from cascade.reporting.funnel import Funnel, funnel, status
from cascade.reporting.spreadsheet import Cell, lines
from cascade.reporting.words import DELIVERY_WORDS
from cascade.sending.states import GRADE_MEANING, DeliveryState, Grade

OWN_RECORD = "own record"
"""The grade of what nobody outside has to vouch for: that a message waits, or was not sent."""

PERSON = "A, B"

_STATE_GRADES: Mapping[str, str] = {
    DeliveryState.ACCEPTED: Grade.E,
    DeliveryState.DELIVERED: Grade.D,
    DeliveryState.BOUNCED: Grade.F,
    DeliveryState.FAILED: Grade.F,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that can be printed alone: it says of how many it is, and who says so."""

    segment: str
    figure: str
    value: int
    of: int
    of_what: str
    grade: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about one cascade at one moment."""

    made_at: datetime
    funnel: Funnel
    figures: tuple[Figure, ...]


HEADER = (
    *("cascade", "title", "exercise", "segment", "figure", "value", "of", "denominator"),
    *("grade", "meaning", "made_at"),
)


def report(session: Session, cascade_id: int, *, now: datetime) -> Report:
    """The report of a cascade as it stands; raises NotFound."""
    known = funnel(session, cascade_id)
    said, passed_on = answered(session, cascade_id), staff(session, cascade_id)
    figures = [*_figures(known.total, said, None), _staff("all", passed_on)]
    for row in known.segments:
        figures += _figures(row, said, row.name)
        figures.append(_staff(row.name, [one for one in passed_on if row.name in one.segments]))
    return Report(now, known, tuple(figures))


def as_mapping(report: Report) -> dict[str, Any]:
    """The report as JSON gives it."""
    return {
        "made_at": report.made_at,
        **status(report.funnel),
        "state_words": report.funnel.state_words,
        "figures": list(report.figures),
        "grade_meanings": {str(grade): words for grade, words in GRADE_MEANING.items()},
    }


def as_csv(report: Report) -> Iterator[str]:
    """The report as lines of CSV: one figure in each, complete in itself."""
    return lines(HEADER, (_cells(report, one) for one in report.figures))


def _cells(report: Report, one: Figure) -> tuple[Cell, ...]:
    return (
        report.funnel.id,
        report.funnel.title,
        "EXERCISE" if report.funnel.exercise else "",
        one.segment,
        one.figure,
        one.value,
        one.of,
        one.of_what,
        one.grade,
        one.meaning,
        report.made_at.isoformat(),
    )


def _figures(row: Row, said: Answered, segment: str | None) -> Iterator[Figure]:
    yield from _organisations(row, said, segment)
    yield from _messages(row)


def _organisations(row: Row, said: Answered, segment: str | None) -> Iterator[Figure]:
    for figure, value, grade, meaning in (
        ("confirmed", row.confirmed, PERSON, "a named person there has answered"),
        ("outstanding", row.outstanding, Grade.F, "nobody there has answered"),
    ):
        yield Figure(row.name, figure, value, row.organisations, "organisations", grade, meaning)
    for answer, words in ANSWERS.items():
        number = said.organisations(segment, answer)
        yield Figure(row.name, answer, number, row.confirmed, "confirmed", PERSON, words)


def _messages(row: Row) -> Iterator[Figure]:
    for state, number in row.states.items():
        grade = _STATE_GRADES.get(state, OWN_RECORD)
        words = DELIVERY_WORDS[state]
        yield Figure(row.name, state, number, row.recipients, "messages", grade, words)
    for grade_, words in GRADE_MEANING.items():
        number = row.grades[grade_]
        figure = f"best evidence {grade_}"
        yield Figure(row.name, figure, number, row.recipients, "messages", grade_, words)


def _staff(name: str, passed_on: Sequence[Staff]) -> Figure:
    people, answers = sum(one.people for one in passed_on), sum(one.answers for one in passed_on)
    words = "members of staff that people say they passed it on to"
    return Figure(name, "staff", people, answers, "answers with a number", PERSON, words)

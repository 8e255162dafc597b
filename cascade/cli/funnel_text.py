"""The funnel of a cascade for a terminal."""

from collections.abc import Iterator
from datetime import datetime

from cascade.cli.tables import bar, duration, number, share, table
from cascade.reporting.counts import Row
from cascade.reporting.funnel import Funnel
from cascade.sending.moments import moment
from cascade.sending.states import GRADE_MEANING

_HEADER = ("", "Confirmed", "", "of organisations", "Accepted", "Waiting", "Lost", "of messages")

_NOT = "not asked for"


def funnel_text(funnel: Funnel, now: datetime) -> str:
    """Where the cascade stands, a row for each segment, and what the figures rest on."""
    rows = [_cells(row, funnel.asks) for row in (funnel.total, *funnel.segments)]
    return "\n".join([*_heading(funnel, now), "", table(_HEADER, rows), "", *_evidence(funnel)])


def _heading(funnel: Funnel, now: datetime) -> Iterator[str]:
    if funnel.exercise:
        yield "EXERCISE EXERCISE EXERCISE: these are not real figures"
    yield f"Cascade {funnel.id}: {funnel.title}"
    yield f"{funnel.toolkit}, version {funnel.version} · {funnel.tier} · {funnel.state_words}"
    if funnel.reason:
        yield funnel.reason
    if funnel.goes_out:
        yield f"Goes out: {moment(funnel.send_at)}"
    else:
        yield f"First sent: {moment(funnel.send_at) if funnel.has_begun else 'nothing was sent'}"
    if funnel.deadline_at is None:
        yield "No confirmation is asked for."
    else:
        left = (funnel.deadline_at - now).total_seconds()
        when = f"in {duration(left)}" if left > 0 else f"{duration(left)} ago"
        yield f"Confirm by: {moment(funnel.deadline_at)} ({when})"
    for words, seconds in (("Half", funnel.seconds_to_50), ("Nine in ten", funnel.seconds_to_90)):
        if seconds is not None:
            yield f"{words} of the organisations had confirmed after {duration(seconds)}."


def _cells(row: Row, asks: bool) -> tuple[str, ...]:
    return (
        row.title,
        f"{number(row.confirmed)}  {share(row.confirmed, row.organisations):>4}" if asks else _NOT,
        bar(row.confirmed, row.organisations) if asks else "",
        number(row.organisations),
        number(row.accepted_or_better),
        number(row.waiting),
        number(row.lost),
        number(row.recipients),
    )


def _evidence(funnel: Funnel) -> Iterator[str]:
    total = funnel.total
    if funnel.asks:
        yield "Confirmed: a named person there has answered (grades A and B)."
    elif total.confirmed:
        yield f"{number(total.confirmed)} organisations have answered all the same."
    yield "Accepted: their server has taken it (grade E or better). Lost: bounced or failed."
    if len(funnel.segments) > 1:
        yield "Who is in two segments is in both rows, and once in all together."
    yield ""
    yield f"Best evidence for each of {number(total.recipients)} messages:"
    for grade, words in GRADE_MEANING.items():
        found = total.grades[grade]
        yield f"  {grade}  {number(found):>9}  {share(found, total.recipients):>4}  {words}"
    if funnel.suppressed:
        yield ""
        yield "Left out at the release: " + ", ".join(
            f"{number(count)} {reason}" for reason, count in sorted(funnel.suppressed.items())
        )

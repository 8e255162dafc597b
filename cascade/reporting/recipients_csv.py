"""A cascade's recipients as CSV, a line for each message, read as they are sent."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from cascade.reporting import selection
from cascade.reporting.recipients import Recipient, filled, last_answers
from cascade.reporting.selection import Wanted
from cascade.reporting.spreadsheet import Cell, lines

AT_ONCE = 500
"""Messages read in one go while streaming."""
HEADER = (
    *("organisation", "contact", "role", "place", "address", "segments"),
    *("state", "grade", "answer", "last_change", "message"),
)


def as_csv(session: Session, cascade_id: int, wanted: Wanted) -> Iterator[str]:
    """Everything that is wanted, variant by variant; where it is sorted is left to the reader."""
    return lines(HEADER, (_cells(one) for one in every(session, cascade_id, wanted)))


def every(session: Session, cascade_id: int, wanted: Wanted) -> Iterator[Recipient]:
    """All of them, however many rows must be looked at."""
    known = selection.shares(session, cascade_id, wanted.segment)
    names = {one.variant: one.segments for one in known}
    for variant in selection.counted(known, wanted):
        rows = session.execute(
            selection.every_of(wanted, variant).execution_options(yield_per=AT_ONCE)
        )
        for part in rows.partitions():
            answers = last_answers(session, [row.id for row in part])
            for row in part:
                yield filled(row, names[row.variant_id], answers.get(row.id, ""))


def _cells(one: Recipient) -> tuple[Cell, ...]:
    return (
        one.organisation,
        one.contact,
        one.role,
        one.place,
        one.address,
        " ".join(one.segments),
        one.state_words,
        one.grade,
        one.answer,
        one.changed_at.isoformat(),
        one.delivery_id,
    )

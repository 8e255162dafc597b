"""Change an insert by hand: one row at a time, or a former revision taken up again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from cascade.errors import BadInput, NotFound
from cascade.inserts import keeping
from cascade.inserts.reading import LONGEST_CELL, MOST_ROWS, Given, tidy, too_long
from cascade.inserts.records import Insert

Row = tuple[str, ...]


def row(session: Session, insert: Insert, number: int) -> Row:
    """A row as it stands, by its place from 1; raises NotFound."""
    rows = keeping.given(session, insert, insert.revision).rows
    if not 0 < number <= len(rows):
        raise NotFound(f"“{insert.name}” has no row {number}.")
    return rows[number - 1]


def change(
    session: Session,
    insert: Insert,
    number: int,
    cells: Sequence[str],
    *,
    revision: int,
    by: str,
    now: datetime,
) -> Row:
    """Put other cells into a row, or with 0 into a new one at the end; gives the row as it was.

    Raises BadInput (`cell-1: …`) and keeping.Overtaken.
    """
    before = row(session, insert, number) if number else ()
    made = _cells(insert, cells)
    rows = list(keeping.given(session, insert, insert.revision).rows)
    if number:
        rows[number - 1] = made
        said = f"Row {number} changed"
    elif len(rows) >= MOST_ROWS:
        raise BadInput(f"The table has {MOST_ROWS:,} rows already, which is the limit.")
    else:
        rows.append(made)
        said = f"Row {len(rows)} added"
    _keep(session, insert, rows, revision, said, by, now)
    return before


def remove(
    session: Session, insert: Insert, number: int, *, revision: int, by: str, now: datetime
) -> Row:
    """Take a row out; gives what it was. Raises NotFound and keeping.Overtaken."""
    before = row(session, insert, number)
    rows = list(keeping.given(session, insert, insert.revision).rows)
    del rows[number - 1]
    _keep(session, insert, rows, revision, f"Row {number} removed", by, now)
    return before


def take_again(
    session: Session, insert: Insert, old: int, *, revision: int, by: str, now: datetime
) -> int:
    """Make a former revision the newest; gives its number. Raises keeping.Overtaken."""
    was = keeping.given(session, insert, old)
    said = f"Revision {old} taken up again"
    return keeping.keep(session, insert, was, revision=revision, said=said, by=by, now=now)


def _keep(
    session: Session,
    insert: Insert,
    rows: Sequence[Row],
    revision: int,
    said: str,
    by: str,
    now: datetime,
) -> None:
    made = Given(tuple(insert.columns), tuple(rows))
    keeping.keep(session, insert, made, revision=revision, said=said, by=by, now=now)


def _cells(insert: Insert, cells: Sequence[str]) -> Row:
    made = tuple(tidy(cell) for cell in cells[: len(insert.columns)])
    made += ("",) * (len(insert.columns) - len(made))
    problems = [
        f"cell-{insert.columns.index(one) + 1}: Use {LONGEST_CELL} characters at most"
        for one in too_long(insert.columns, made)
    ]
    if not any(made):
        problems.append("cell-1: Fill in at least one cell, or remove the row")
    if problems:
        raise BadInput("The row has mistakes.", problems)
    return made

"""What a table would change: rows added, changed and removed."""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from toolkits.tables import key

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows that differ, and columns; what only moved is counted apart."""

    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    changed: tuple[tuple[Row, Row], ...]
    """Before and after of rows whose first cells, as many as tell rows apart, are the same."""
    unchanged: int
    new_columns: tuple[str, ...]
    lost_columns: tuple[str, ...]
    telling: int
    """How many cells at the beginning tell rows apart."""

    def __str__(self) -> str:
        added, changed, removed = map(len, (self.added, self.changed, self.removed))
        return f"{added:,} added, {changed:,} changed, {removed:,} removed"


def difference(
    before: tuple[Sequence[str], Sequence[Row]], after: tuple[Sequence[str], Sequence[Row]]
) -> Difference:
    """What differs between two tables, each its columns and its rows, in the columns of the new."""
    old_columns, new_columns = before[0], after[0]
    old = [_as(new_columns, old_columns, row) for row in before[1]]
    same = Counter(old) & Counter(after[1])
    gone, come = _without(old, same), _without(after[1], same)
    width = _telling(old, after[1], len(new_columns))
    waiting: dict[Row, deque[Row]] = {}
    for row in gone:
        waiting.setdefault(_head(row, width), deque()).append(row)
    changed, added = [], []
    for row in come:
        if others := waiting.get(_head(row, width)):
            changed.append((others.popleft(), row))
        else:
            added.append(row)
    left = Counter(row for others in waiting.values() for row in others)
    return Difference(
        tuple(added),
        tuple(_only(gone, left)),
        tuple(changed),
        same.total(),
        _lacking(new_columns, old_columns),
        _lacking(old_columns, new_columns),
        width,
    )


def _telling(old: Sequence[Row], new: Sequence[Row], columns: int) -> int:
    """How many cells at the beginning tell all rows apart; 1 when not even all but one do."""
    for width in range(1, columns):
        if all(len({_head(row, width) for row in rows}) == len(rows) for rows in (old, new)):
            return width
    return 1


def _head(row: Row, width: int) -> Row:
    return tuple(map(key, row[:width]))


def _as(columns: Sequence[str], own: Sequence[str], row: Row) -> Row:
    cells = dict(zip(map(key, own), row, strict=True))
    return tuple(cells.get(key(one), "") for one in columns)


def _without(rows: Sequence[Row], taken: "Counter[Row]") -> list[Row]:
    left = taken.copy()
    kept = []
    for row in rows:
        if left[row]:
            left[row] -= 1
        else:
            kept.append(row)
    return kept


def _only(rows: Sequence[Row], wanted: "Counter[Row]") -> list[Row]:
    kept = []
    for row in rows:
        if wanted[row]:
            wanted[row] -= 1
            kept.append(row)
    return kept


def _lacking(columns: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    there = set(map(key, others))
    return tuple(one for one in columns if key(one) not in there)

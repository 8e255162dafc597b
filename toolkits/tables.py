"""Tables kept as data, and what a fence asks of one: columns, rows, order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

RECIPIENT_SLOTS = ("organisation", "place", "code")
"""Slots that rows may be chosen by."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands; two are the same when their names and digests are."""

    name: str
    digest: str
    title: str = field(compare=False)
    columns: tuple[str, ...] = field(compare=False)
    rows: tuple[tuple[str, ...], ...] = field(compare=False)
    """Cells as plain text, as many in each row as there are columns."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A column and what must stand in it: a value, or that of a recipient's slot."""

    column: str
    value: str = ""
    slot: str = ""


@dataclass(frozen=True, slots=True)
class TableQuery:
    """What a fence asks of an insert; no columns: all of them, no sort: the order of the file."""

    name: str
    columns: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    sort: str = ""

    @property
    def slots(self) -> tuple[str, ...]:
        """The recipient's slots that it asks for."""
        return tuple(one.slot for one in self.where if one.slot)

    def named(self) -> Iterator[str]:
        """Every column that it names."""
        yield from self.columns
        yield from (one.column for one in self.where)
        if self.sort:
            yield self.sort


def key(words: str) -> str:
    """Words as they are compared: without regard to case and to how many spaces there are."""
    return " ".join(words.casefold().split())


def position(table: Table, column: str) -> int:
    """Where a column stands; raises ValueError when the table has none of that name."""
    return [key(one) for one in table.columns].index(key(column))


def missing(query: TableQuery, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that a query names and a table of these columns doesn't have."""
    there = {key(one) for one in columns}
    return tuple(dict.fromkeys(one for one in query.named() if key(one) not in there))


def chosen(table: Table, query: TableQuery) -> tuple[tuple[str, ...], ...]:
    """The whole rows that meet all conditions but those of the recipient, in order."""
    wanted = [(position(table, one.column), key(one.value)) for one in query.where if not one.slot]
    rows = [row for row in table.rows if all(key(row[at]) == value for at, value in wanted)]
    if query.sort:
        at = position(table, query.sort)
        rows.sort(key=lambda row: key(row[at]))
    return tuple(rows)


class Rows:
    """The rows of a query by what its recipient's slots hold."""

    def __init__(self, table: Table, query: TableQuery) -> None:
        self._slots = query.slots
        at = [position(table, one.column) for one in query.where if one.slot]
        self._found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for row in chosen(table, query):
            self._found.setdefault(tuple(key(row[one]) for one in at), []).append(row)

    def of(self, values: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
        """The rows for one recipient; a mailbox of several organisations has several codes."""
        return tuple(row for held in _combined(self._slots, values) for row in self._get(held))

    def first(self) -> tuple[tuple[str, ...], ...]:
        """The rows of the first that there are any for: an example."""
        return tuple(next(iter(self._found.values()), ()))

    def _get(self, held: tuple[str, ...]) -> list[tuple[str, ...]]:
        # What is empty fits nobody: who has no place isn't at a place without a name.
        return self._found.get(held, []) if all(held) else []


def _combined(slots: tuple[str, ...], values: Mapping[str, str]) -> list[tuple[str, ...]]:
    held: list[tuple[str, ...]] = [()]
    for slot in slots:
        said = values.get(slot, "")
        several = [key(one) for one in said.split(",")] if slot == "code" else [key(said)]
        held = [(*before, one) for before in held for one in dict.fromkeys(several)]
    return held

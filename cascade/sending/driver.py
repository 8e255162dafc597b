"""Statements given straight to the database's driver, inside the session's transaction.

For what runs thousands of times a second, or for thousands of rows: SQLAlchemy takes ten times as
long to put such a statement together and hand it on as SQLite takes to carry it out.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

_NAME = re.compile(r"(?<!:):(\w+)")  # and not a cast, `::text`


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with `:name` parameters, for each engine; the same text unless given twice."""

    sqlite: str
    postgresql: str = field(default="")

    @classmethod
    def on_ids(cls, text: str) -> "Statement":
        """A statement on many rows: `{ids}` stands after the column, `:ids` comes from `listed`."""
        return cls(
            text.format(ids="IN (SELECT value FROM json_each(:ids))"),
            text.format(ids="= ANY(:ids::bigint[])"),
        )

    def __post_init__(self) -> None:
        object.__setattr__(self, "postgresql", _NAME.sub(r"%(\1)s", self.postgresql or self.sqlite))


def is_sqlite(session: Session) -> bool:
    """Which of the two engines this is."""
    return session.get_bind().dialect.name == "sqlite"


def execute(
    session: Session, statement: Statement, values: Mapping[str, Any]
) -> Sequence[tuple[Any, ...]]:
    """Run it once; gives the rows that it returns."""
    raw = _raw(session)
    if is_sqlite(session):
        rows: Sequence[tuple[Any, ...]] = raw.execute(statement.sqlite, values).fetchall()
    else:
        rows = raw.execute(statement.postgresql, values).fetchall()
    return rows


def execute_many(
    session: Session, statement: Statement, values: Sequence[Mapping[str, Any]]
) -> None:
    """Run it for each set of values; on PostgreSQL once, with a list for each name (`unnest`)."""
    if is_sqlite(session):
        _raw(session).executemany(statement.sqlite, values)
    else:
        lists = {name: [one[name] for one in values] for name in values[0]}
        _raw(session).execute(statement.postgresql, lists)


def insert(
    session: Session, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Stream rows into a table: COPY where there is one."""
    names = ", ".join(columns)
    if is_sqlite(session):
        marks = ", ".join("?" * len(columns))
        _raw(session).executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        return
    with (
        _raw(session).cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def listed(session: Session, ids: Sequence[int]) -> str:
    """Row numbers as one parameter: a text, because psycopg puts lists together piece by piece."""
    return json.dumps(ids) if is_sqlite(session) else f"{{{','.join(map(str, ids))}}}"


def moment(session: Session, at: datetime) -> Any:
    """A moment as the driver takes it, the same as `UtcDateTime` writes it."""
    if is_sqlite(session):
        return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return at


def moment_text(session: Session, at: datetime) -> str:
    """A moment for `insert`: written out once, not again for every row."""
    return str(moment(session, at))


def _raw(session: Session) -> Any:
    return session.connection().connection.driver_connection

"""Small tables for the tests, and a short way to import them."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, select

from cascade.audience.importing import Options, import_table
from cascade.audience.reading import read_table
from cascade.audience.records import Contact, Organisation
from cascade.audience.results import ImportResult
from cascade.database import Database

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
HEADER = ("organisation", "kind", "code", "postcode", "contact", "role", "email", "phone", "deputy")
ROWS = (
    (
        "Oak House",
        "care home",
        "H1",
        "LE1 1AA",
        "Ann Lee",
        "Manager",
        "ann@oak.example.org",
        "",
        "",
    ),
    (
        "Oak House",
        "care home",
        "H1",
        "LE1 1AA",
        "Bob Ray",
        "Deputy",
        "bob@oak.example.org",
        "",
        "1",
    ),
    ("Elm Surgery", "GP practice", "P1", "LE2 2BB", "Cy Dee", "Lead", "cy@elm.example.org", "", ""),
)


def text(
    header: Sequence[str] = HEADER, rows: Sequence[Sequence[str]] = ROWS, delimiter: str = ","
) -> str:
    """The table as CSV."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows([header, *rows])
    return buffer.getvalue()


def load(database: Database, source: str | bytes, **options: Any) -> ImportResult:
    """Import a file in a transaction of its own; a dry run only gets one to read in."""
    data = source.encode() if isinstance(source, str) else source
    given = ("kind",) if options.get("kind") else ()
    opened = database.reading if options.get("dry_run") else database.writing
    with opened() as session:
        return import_table(session, read_table(data, given=given), NOW, Options(**options))


def stored(database: Database, record: type[Organisation | Contact]) -> list[dict[str, Any]]:
    """Every row of a table, in the order of their numbers."""
    table = record.__table__
    assert isinstance(table, Table)
    with database.reading() as session:
        rows = session.execute(select(table).order_by(table.c.id)).mappings()
        return [dict(row) for row in rows]

"""Everything that a database holds, so that two moments can be compared."""

from typing import Any

from sqlalchemy import select

from cascade.database import Base, Database


def dump(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in the order of its columns."""
    with database.reading() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }

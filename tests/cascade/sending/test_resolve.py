"""Resolving segments: what it costs. Who is found is tested with the release, in test_plan."""

from contextlib import closing
from typing import Any

from sqlalchemy import Connection, event, text

from cascade.audience import segments
from cascade.database import Database, connect
from cascade.sending.resolve import named, resolve
from tests import world


def test_no_table_is_read_once_per_row_of_another_where_statistics_are_missing(
    new_postgresql_url: str,
) -> None:
    with closing(connect(new_postgresql_url)) as database:
        with database.writing() as session:
            segments.seed(session)
            world.add_people(session, 3000)
            # A restored or freshly filled database: one table analysed, its neighbour not yet.
            session.execute(text("ANALYZE organisations"))
        plan = _plan(database)

    assert "Hash" in plan
    assert "Nested Loop" not in plan


def _plan(database: Database) -> str:
    """How PostgreSQL goes about the question for the members of a segment."""
    plans: list[str] = []

    def explain(connection: Connection, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "LEFT OUTER JOIN contacts" in statement:
            asking = connection.connection.cursor()
            asking.execute(f"EXPLAIN {statement}", values)
            plans.extend(row[0] for row in asking.fetchall())

    with database.reading() as session:
        event.listen(session.connection(), "before_cursor_execute", explain)
        resolve(session, named(session, ["care-homes"]))
    return "\n".join(plans)

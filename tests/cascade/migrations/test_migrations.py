"""The migrations make the very tables that the records describe."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from cascade import migrations
from cascade.database import Base, Database, connect
from cascade.migrations.tables import EVERY_RECORD, in_records


def test_the_migrations_lead_to_the_tables_that_the_records_describe(database: Database) -> None:
    assert len(EVERY_RECORD) == 12
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": in_records}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_a_database_that_had_every_migration_is_current(database: Database) -> None:
    assert migrations.is_current(database.engine)


def test_an_empty_database_is_not_current_until_it_is_upgraded(tmp_path: Path) -> None:
    fresh = connect(f"sqlite:///{tmp_path}/new/cascade.db")
    assert not migrations.is_current(fresh.engine)
    migrations.upgrade(fresh.engine)
    assert migrations.is_current(fresh.engine)
    migrations.upgrade(fresh.engine)
    fresh.close()


def test_the_newest_number_is_where_alembic_ends(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        ended = MigrationContext.configure(connection).get_current_revision()
    assert migrations.head() == ended

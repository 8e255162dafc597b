"""The transactions that the database hands out."""

from contextlib import suppress

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from cascade.audience.records import Segment
from cascade.database import Database, connect


def test_a_reader_sees_one_moment_from_beginning_to_end(database: Database) -> None:
    count = select(func.count()).select_from(Segment)
    with database.reading() as reader:
        before = reader.scalar(count)
        with database.writing() as session:
            session.add(Segment(name="new", title="New", rule={"kind": ["new"]}))

        assert reader.scalar(count) == before

    with database.reading() as reader:
        assert reader.scalar(count) == (before or 0) + 1


def test_a_reader_on_postgresql_can_not_write(postgresql_url: str) -> None:
    opened = connect(postgresql_url)
    with opened.reading() as reader, pytest.raises(DBAPIError, match="read-only transaction"):
        reader.execute(update(Segment).values(title="Changed"))
    opened.close()


def test_a_writer_keeps_what_each_block_wrote(database: Database) -> None:
    with database.writer() as writer:
        for number, block in enumerate((writer.transaction, writer.statement) * 3):
            with block() as session:
                session.execute(
                    Segment.__table__.insert().values(name=f"s{number}", title="S", rule={})
                )
        with suppress(LookupError), writer.transaction() as session:
            session.execute(update(Segment).values(title="Undone"))
            raise LookupError

    with database.reading() as reader:
        titles = reader.scalars(select(Segment.title).where(Segment.name.like("s_"))).all()
    assert titles == ["S"] * 6

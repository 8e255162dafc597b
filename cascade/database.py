"""The database: one engine, sessions for reading and for writing, and the column types we share."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    any_,
    cast,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session
from sqlalchemy.types import TypeDecorator

Id = BigInteger().with_variant(Integer, "sqlite")
"""A row number: 64 bits everywhere (SQLite counts rows only in a column typed INTEGER)."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, aware on both sides of every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        return aware.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of Cascade; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


@dataclass(frozen=True, slots=True)
class Writer:
    """Two ways to write hundreds of times a second, each on one connection kept for it."""

    transaction: Callable[[], AbstractContextManager[Session]]
    """A transaction that commits when the block ends well; its session begins without objects."""
    statement: Callable[[], AbstractContextManager[Session]]
    """For a single statement. On PostgreSQL it commits by itself, which saves two round trips."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where entry points get their transactions from; stages only ever see the session."""

    engine: Engine
    _reader: Engine
    _writer: Engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees one moment from beginning to end and is never committed."""
        with Session(self._reader) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that commits when the block ends well; on SQLite it is the only writer."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def writer(self) -> Iterator[Writer]:
        """Like `writing`, many times, for who writes hundreds of times a second."""
        with ExitStack() as stack:
            transaction = stack.enter_context(_repeated(self._writer))
            if self.engine.dialect.name != "sqlite":
                at_once = self._writer.execution_options(isolation_level="AUTOCOMMIT")
                session = stack.enter_context(Session(at_once))
                yield Writer(transaction, lambda: nullcontext(session))
            else:
                yield Writer(transaction, transaction)

    def close(self) -> None:
        """Give every pooled connection back."""
        self.engine.dispose()


@contextmanager
def _repeated(engine: Engine) -> Iterator[Callable[[], AbstractContextManager[Session]]]:
    with engine.connect() as connection, Session(connection, expire_on_commit=False) as session:

        @contextmanager
        def write() -> Iterator[Session]:
            with session.begin():
                yield session
            session.expunge_all()

        yield write


@contextmanager
def joining_by_hash(session: Session) -> Iterator[None]:
    """Let PostgreSQL join whole tables in linear time, whatever it knows of them.

    After a bulk import or a restore it takes a table that it has not analysed for nearly empty,
    reads it once for every row of another, and minutes go where a fraction of a second would do.
    """
    if session.get_bind().dialect.name == "sqlite":
        yield
        return
    session.execute(text("SET LOCAL enable_nestloop = off"))
    try:
        yield
    finally:
        if session.is_active:
            session.execute(text("SET LOCAL enable_nestloop = on"))


def among(
    session: Session, column: InstrumentedAttribute[int], numbers: Sequence[int]
) -> ColumnElement[bool]:
    """Whether a row number is one of these, as one parameter: writing a thousand out is slow."""
    if session.get_bind().dialect.name == "sqlite":
        return column.in_(select(func.json_each(json.dumps(numbers)).table_valued("value").c.value))
    return column == any_(cast(list(numbers), ARRAY(BigInteger)))


def connect(url: str) -> Database:
    """Open the database at a SQLAlchemy address; a SQLite file's folder is made when missing."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = _sqlite(url, address.database)
        return Database(engine, engine, engine.execution_options(begin="BEGIN IMMEDIATE"))
    engine = create_engine(
        address.set(drivername="postgresql+psycopg"), pool_size=10, max_overflow=20
    )
    snapshot = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(engine, snapshot, engine)


def _sqlite(url: str, file: str | None) -> Engine:
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
    event.listen(engine, "connect", _sqlite_connected)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connected(connection: Any, record: object) -> None:
    # Python's own transaction handling is switched off: BEGIN is ours (see `_sqlite_begin`).
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-8000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    # A transaction that reads first and writes later can't wait for another writer on SQLite, it
    # fails at once. So writers say at the start that they will write, and then they queue.
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

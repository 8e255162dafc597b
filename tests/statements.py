"""SQL statements compiled once for all SQLite databases of a process, as a running server has them.

Each engine compiles what it is asked for the first time. A server has one engine; tests open a
database each, and compiling took a quarter of the time of those that look at pages.
"""

from sqlalchemy import create_engine

from cascade.database import Database, connect

_KEPT: dict[object, object] = {}
_ASKED = create_engine("sqlite://")
_ASKED.connect().close()  # its dialect knows the library's version from now on


def opened(url: str) -> Database:
    """What `connect` gives; SQLite with the compiled statements of those before."""
    database = connect(url)
    if database.engine.dialect.name == "sqlite":
        for engine in (database.engine, database._reader, database._writer):
            # Compiled statements are kept for a dialect, so it has to be the same one.
            engine.dialect = _ASKED.dialect
            engine.update_execution_options(compiled_cache=_KEPT)
    return database

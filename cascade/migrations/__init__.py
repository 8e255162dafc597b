"""Migrations: bring a database to the tables that this version needs (Alembic).

Revisions are numbered 0001, 0002 … in their file names, each following the one before.
"""

from pathlib import Path

from sqlalchemy import Engine, inspect, text

_HERE = Path(__file__).parent


def upgrade(engine: Engine) -> None:
    """Run every migration that the database hasn't had yet."""
    # Here and not above: it takes half as long to load as the rest of a command altogether.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(engine: Engine) -> bool:
    """Whether the database has had every migration."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        current: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return current == head()


def head() -> str:
    """The newest migration there is."""
    return max(file.name.partition("_")[0] for file in (_HERE / "versions").glob("[0-9]*.py"))

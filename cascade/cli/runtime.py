"""What every command needs: settings, the database, the time, and two ways to print a result."""

import getpass
import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NoReturn

import click
from sqlalchemy.orm import Session

from cascade import migrations
from cascade.accounts import audit
from cascade.accounts.acts import Act
from cascade.audience.segments import seed
from cascade.config import Settings, load
from cascade.database import Database, connect
from cascade.errors import BadInput, CascadeError
from cascade.links import Links


@cache
def settings() -> Settings:
    """The settings, read once."""
    try:
        return load()
    except CascadeError as error:
        fail(error)


@cache
def database() -> Database:
    """The database of the settings. A file of our own is brought up to date; a server's isn't."""
    opened = connect(settings().database_url)
    if not migrations.is_current(opened.engine):
        if opened.engine.dialect.name != "sqlite":
            fail(BadInput("The database is not up to date. Run: cascade db upgrade"))
        prepare(opened)
    return opened


def prepare(opened: Database) -> None:
    """Bring the tables up to date and put in what every installation starts with."""
    migrations.upgrade(opened.engine)
    with opened.writing() as session:
        seed(session)


def links() -> Links:
    """Maker and reader of signed addresses."""
    try:
        return Links(settings().secret, settings().base_url)
    except CascadeError as error:
        fail(error)


def now() -> datetime:
    """The present moment in UTC: the only place where a command asks for it."""
    return datetime.now(UTC)


def operator() -> str:
    """Who is at the terminal."""
    return getpass.getuser()


def terminal() -> str:
    """Who did something by a command, as the audit trail names them."""
    return f"terminal: {operator()}"


def note(
    session: Session,
    act: Act,
    subject: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    by: str | None = None,
) -> None:
    """Put what a command did into the audit trail; `by`: the account it was done with, if any."""
    audit.note(
        session,
        by=by or terminal(),
        act=act,
        subject=subject,
        now=now(),
        before=before,
        after=after,
        detail=f"done at the {terminal()}" if by else "",
    )


def emit(result: Any, as_json: bool, text: str) -> None:
    """Print a result: as JSON for programs, else the text for people."""
    click.echo(json.dumps(plain(result), ensure_ascii=False, indent=2) if as_json else text)


def plain(value: Any) -> Any:
    """Dataclasses, moments and mappings as what JSON knows."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime | date) else value


def fail(error: Exception) -> NoReturn:
    """Say what is wrong, each problem on its line, and end with 1."""
    click.echo(f"{error}", err=True)
    for problem in error.problems if isinstance(error, BadInput) else ():
        click.echo(f"  {problem}", err=True)
    raise SystemExit(1)

"""`cascade config` and `cascade db`: what is set, and the database's tables."""

import os
from collections.abc import Iterator
from typing import Any

import click
from pydantic import SecretStr

from cascade.cli.runtime import emit, fail, plain, prepare, settings
from cascade.config import PREFIX, Settings
from cascade.database import connect
from cascade.errors import CascadeError
from cascade.reporting.recount import recount, repair


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def config(as_json: bool) -> None:
    """Every setting: what it means, its default, and what it is now (secrets masked)."""
    rows = list(_rows(settings()))
    text = "\n\n".join(
        f"{row['setting']}{' (set)' if row['set'] else ''}\n"
        f"  {row['meaning']}\n  now: {row['value']}"
        + (f"   default: {row['default']}" if row["set"] else "")
        for row in rows
    )
    emit(rows, as_json, text)


def _rows(current: Settings) -> Iterator[dict[str, Any]]:
    for name, field in Settings.model_fields.items():
        variable = f"{PREFIX}{name}".upper()
        yield {
            "setting": variable,
            "meaning": field.description,
            "default": _shown(name, field.get_default(call_default_factory=True)),
            "value": _shown(name, getattr(current, name)),
            "set": variable in os.environ,
        }


def _shown(name: str, value: object) -> object:
    if isinstance(value, SecretStr):
        return "********"
    if name in ("database_url", "redis_url", "smtp_url") and isinstance(value, str):
        head, at, tail = value.rpartition("@")
        scheme, _, account = head.partition("://")
        return f"{scheme}://{account.partition(':')[0]}:********@{tail}" if at else value
    return plain(str(value) if value is not None and not isinstance(value, int | float) else value)


@click.group()
def db() -> None:
    """The database's tables and counters."""


@db.command()
def upgrade() -> None:
    """Bring the tables to what this version needs."""
    opened = connect(settings().database_url)
    prepare(opened)
    click.echo("The database is up to date.")


@db.command("recount")
@click.option("--fix", is_flag=True, help="Write the counted numbers where they differ.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def recount_command(fix: bool, as_json: bool) -> None:
    """Count every delivery and compare with the counters that the pages show."""
    opened = connect(settings().database_url)
    try:
        with opened.writing() if fix else opened.reading() as session:
            differences = recount(session)
            if fix:
                repair(session)
    except CascadeError as error:
        fail(error)
    lines = [f"{one}" for one in differences] or ["Every counter is right."]
    emit(differences, as_json, "\n".join(lines))
    if differences and not fix:
        raise SystemExit(1)

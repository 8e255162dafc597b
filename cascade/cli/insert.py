"""`cascade insert`: tables that toolkits show."""

from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import select

from cascade.accounts.acts import Act
from cascade.bulletins.issues import Coming, touched
from cascade.cli.runtime import database, emit, fail, note, now, operator
from cascade.cli.tables import table
from cascade.errors import CascadeError
from cascade.inserts import keeping, uploads
from cascade.inserts.reading import read
from cascade.inserts.records import Insert
from cascade.sending.insert_uses import Uses, uses

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_SHOWN = 20


@click.group()
def insert() -> None:
    """Inserts: tables kept as data, which toolkits show."""


@insert.command(name="list")
@_json
def list_(as_json: bool) -> None:
    """List the inserts with their rows and columns."""
    with database().reading() as session:
        every = [_told(one) for one in session.scalars(select(Insert).order_by(Insert.name))]
    lines = [
        f"{one['insert']}  {_counted(one['rows'])}, revision {one['revision']}  {one['title']}"
        for one in every
    ]
    nothing = "There are no inserts yet. Next: cascade insert import NAME FILE"
    emit({"inserts": every}, as_json, "\n".join(lines) or nothing)


@insert.command()
@click.argument("name")
@_json
def show(name: str, as_json: bool) -> None:
    """Show the insert NAME, its first rows, and what shows it."""
    try:
        with database().reading() as session:
            one = keeping.find(session, name)
            given = keeping.given(session, one, one.revision)
            told, used = _told(one), uses(session, name)
            coming = touched(session, used)
    except CascadeError as error:
        fail(error)
    shown = table(given.columns, given.rows[:_SHOWN], left=len(given.columns))
    more = f"\nand {len(given.rows) - _SHOWN:,} more" if len(given.rows) > _SHOWN else ""
    result = {**told, "cells": given.rows, "uses": used, "issues": coming}
    emit(result, as_json, f"{one.name}: {one.title}\n\n{shown}{more}\n\n{_touched(used, coming)}")


@insert.command(name="import")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", default="", help="What a new insert is called on pages.")
@click.option("--dry-run", is_flag=True, help="Only show what it would change.")
@_json
def import_(name: str, file: Path, title: str, dry_run: bool, as_json: bool) -> None:
    """Make FILE (CSV or XLSX) the insert NAME: all of it, in place of what stands."""
    by, moment = operator(), now()
    try:
        given = read(file)
        with database().writing() as session:
            used = uses(session, name)
            coming = touched(session, used)
            waiting = uploads.keep(
                session,
                given,
                name=name,
                title=title,
                file=file.name,
                asked=used.columns,
                by=by,
                now=moment,
            )
            what = uploads.changes(session, waiting)
            revision = waiting.revision
            if dry_run:
                session.delete(waiting)
            else:
                made = uploads.do(session, waiting, asked=used.columns, by=by, now=moment)
                act = Act.INSERT_CHANGED if revision else Act.INSERT_ADDED
                revision = made.revision
                note(session, act, f"insert {name}", after={"rows": str(what)})
    except CascadeError as error:
        fail(error)
    result = {
        "insert": name,
        "revision": revision,
        "added": len(what.added),
        "changed": len(what.changed),
        "removed": len(what.removed),
        "unchanged": what.unchanged,
        "uses": used,
        "issues": coming,
    }
    would = "It would be: " if dry_run else f"{name}, revision {revision}: "
    emit(result, as_json, f"{would}{what}.\n{_touched(used, coming)}")


def _counted(rows: object) -> str:
    return "1 row" if rows == 1 else f"{rows:,} rows"


def _told(one: Insert) -> dict[str, str | int | list[str]]:
    return {
        "insert": one.name,
        "title": one.title,
        "columns": one.columns,
        "rows": one.rows,
        "revision": one.revision,
        "changed_at": one.changed_at.isoformat(),
        "changed_by": one.changed_by,
    }


def _touched(used: Uses, coming: Sequence[Coming]) -> str:
    lines = [f"Shown in: {one.title} (version {one.number})" for one in used.versions]
    lines += [f"Held by issue {one.number} of {one.title}, which is to come" for one in coming]
    lines += [f"Shown in the draft: {one.title} ({one.number})" for one in used.drafts]
    lines += [
        f"Cascade {one.number} is under way and keeps revision {one.revision}: {one.title}"
        for one in used.cascades
    ]
    return "\n".join(lines) or "No toolkit shows it yet."

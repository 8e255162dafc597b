"""`cascade audience`: bring organisations and contacts in."""

import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import click

from cascade.accounts.acts import Act
from cascade.audience.importing import Options, import_lines, read_lines
from cascade.audience.kinds import FIRST_KINDS
from cascade.audience.layouts import LAYOUTS
from cascade.audience.reading import Table, read_table
from cascade.audience.rejecting import write_rejects
from cascade.audience.results import Example, ImportResult, Tally
from cascade.cli.runtime import database, emit, fail, note, now
from cascade.errors import CascadeError

_SHOWN = 20
_file = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
_KIND_HELP = f"The kind of every line that names none: {', '.join(FIRST_KINDS)}."


@click.group()
def audience() -> None:
    """Organisations and their contacts."""


@audience.command("import")
@click.argument("file", type=_file)
@click.option("--layout", type=click.Choice(("auto", *LAYOUTS)), default="auto", show_default=True)
@click.option("--kind", default="", help=_KIND_HELP)
@click.option("--dry-run", is_flag=True, help="Show the difference and change nothing.")
@click.option("--complete", is_flag=True, help="FILE names all of its kinds: close who is missing.")
@click.option("--force", is_flag=True, help="Close them also where it is more than a tenth.")
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write rejected lines here, not beside FILE.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(
    file: Path,
    layout: str,
    kind: str,
    dry_run: bool,
    complete: bool,
    force: bool,
    rejects: Path | None,
    as_json: bool,
) -> None:
    """Import FILE, a CSV file or Excel workbook of contacts (- reads standard input).

    Its first line names the columns: organisation, kind, code, place, postcode, contact, role,
    email, phone, language, channel, deputy, or what else people call them. The same file twice
    changes nothing. Ends with 1 if lines were rejected; the good ones are imported all the same.
    """
    if rejects and rejects.resolve() == file.resolve():
        raise click.BadOptionUsage("rejects", "--rejects would overwrite FILE: name another file.")
    try:
        source = sys.stdin.buffer.read() if str(file) == "-" else file
        table = read_table(source, layout, ("kind",) if kind else ())
        result = _imported(table, Options(kind, dry_run, complete, force), file.name)
    except CascadeError as error:
        fail(error)
    written = _write_rejects(table, result, rejects, file)
    emit(result, as_json, "\n".join(_words(result, written)))
    raise SystemExit(1 if result.rejected else 0)


def _imported(table: Table, options: Options, name: str) -> ImportResult:
    opened = database()
    with opened.reading() as session:
        lines = read_lines(session, table, options)
    # Only now: on SQLite nobody else can write meanwhile.
    with opened.reading() if options.dry_run else opened.writing() as session:
        result = import_lines(session, table, lines, now(), options)
        if not options.dry_run:
            note(session, Act.IMPORTED, f"file {name}", after=_numbers(result))
        return result


def _numbers(result: ImportResult) -> dict[str, object]:
    return {
        "added": result.added,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "closed": result.closed,
        "rejected": len(result.rejected),
    }


def _write_rejects(
    table: Table, result: ImportResult, wanted: Path | None, file: Path
) -> Path | None:
    beside = None if result.dry_run or str(file) == "-" else _free_name(file)
    path = wanted or beside
    if path is None or not result.rejected:
        return None
    try:
        write_rejects(table, result.rejected, path)
    except OSError as error:
        click.echo(f"The rejected lines could not be written: {error}", err=True)
        return None
    return path


def _free_name(file: Path) -> Path:
    """A name beside the file that nobody uses: an earlier file of rejects may be half mended."""
    names = (f"{file.stem}-rejects{number or ''}.csv" for number in count())
    return next(path for name in names if not (path := file.with_name(name)).exists())


def _words(result: ImportResult, written: Path | None) -> Iterator[str]:
    columns = ", ".join(f"{name} from “{title}”" for name, title in result.columns.items())
    yield f"Read as {result.read_as}: {columns}."
    if result.attributes:
        yield f"Kept with the organisations as they are: {', '.join(result.attributes)}."
    would = "Would be: " if result.dry_run else ""
    yield (
        f"{would}{result.lines:,} lines: {result.added:,} added, {result.changed:,} changed, "
        f"{result.unchanged:,} unchanged, {result.merged:,} merged, "
        f"{len(result.rejected):,} rejected."
    )
    yield f"  organisations: {_tally(result.organisations)}"
    yield f"  contacts: {_tally(result.contacts)}"
    yield from (f"  {_example(one)}" for one in result.examples if result.dry_run)
    yield from result.notes
    yield from (f"line {one.line}: {one.reason}" for one in result.rejected[:_SHOWN])
    if len(result.rejected) > _SHOWN:
        yield f"… and {len(result.rejected) - _SHOWN:,} more."
    yield _next(result, written)


def _tally(tally: Tally) -> str:
    closed = f", {tally.closed:,} closed" if tally.closed else ""
    return (
        f"{tally.added:,} added, {tally.changed:,} changed, {tally.unchanged:,} unchanged{closed}"
    )


def _example(one: Example) -> str:
    who = f"{one.organisation}, {one.contact}" if one.contact else one.organisation
    where = f"line {one.line}: " if one.line else ""
    if one.what in {"added", "closed"}:
        return f"{where}{who}: {one.what}"
    return f"{where}{who}: {one.what} “{one.before}” becomes “{one.after}”"


def _next(result: ImportResult, written: Path | None) -> str:
    if written:
        return (
            f"Next: mend the rejected lines in {written}, then: cascade audience import {written}"
        )
    if result.dry_run:
        return "Nothing was changed. Next: the same command without --dry-run."
    return "Next: cascade segment list"

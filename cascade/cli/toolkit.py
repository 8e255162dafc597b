"""`cascade toolkit`: check, publish, render and list toolkits."""

import sys
from pathlib import Path

import click
from sqlalchemy import make_url, select

import toolkits
from cascade.accounts.acts import Act
from cascade.audience.segments import FIRST, known
from cascade.cli.runtime import database, emit, fail, note, now, operator, settings
from cascade.cli.sign_off import approve, give_back, submit
from cascade.errors import BadInput, CascadeError
from cascade.inserts import expanding
from cascade.library.placeholders import placeholders
from cascade.library.publish import publish as publish_toolkit
from cascade.library.records import Toolkit, ToolkitVersion
from cascade.sending.deadlines import LONDON
from cascade.sending.preview import FORMATS
from cascade.sending.preview import render as render_toolkit

_file = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def toolkit() -> None:
    """Check, publish, sign off and look at toolkits (Markdown files; - reads standard input)."""


toolkit.add_command(submit)
toolkit.add_command(approve)
toolkit.add_command(give_back)


@toolkit.command()
@_file
@_json
def check(file: Path, as_json: bool) -> None:
    """List everything that is wrong with FILE or could be better. Ends with 1 if it has errors."""
    document = toolkits.parse(_text(file), settings().base_url)
    problems = toolkits.check(
        document,
        segments=_segments(),
        today=now().astimezone(LONDON).date(),
        inserts=_inserts(),
        examples=placeholders(),
    )
    emit({"problems": problems}, as_json, _listing(problems))
    raise SystemExit(any(problem.level == "error" for problem in problems))


@toolkit.command()
@_file
@click.option("--by", default=operator, show_default="you", help="Who publishes it.")
@_json
def publish(file: Path, by: str, as_json: bool) -> None:
    """Publish FILE as the next version of its toolkit. A file with errors is refused."""
    text, segments = _text(file), _segments()
    try:
        with database().writing() as session:
            version = publish_toolkit(
                session,
                text,
                by=by,
                now=now(),
                segments=segments,
                home=settings().base_url,
                inserts=expanding.known(session),
            )
            row = session.get_one(Toolkit, version.toolkit_id)
            result = _version(row, version)
            note(session, Act.PUBLISHED, f"toolkit {row.name}", after=result)
    except CascadeError as error:
        fail(error)
    emit(
        result,
        as_json,
        f"Published {row.name}, version {version.number} ({version.language}): {version.title}\n"
        f"Next: cascade release {row.name} --to SEGMENT --tier TIER --dry-run",
    )


@toolkit.command()
@_file
@click.option("--segment", required=True, help="Segments that the reader is in, with commas.")
@click.option("--as", "as_", type=click.Choice(FORMATS), required=True, help="What to make of it.")
@click.option("--language", help="Refuse the file unless it is in this language.")
def render(file: Path, segment: str, as_: str, language: str | None) -> None:
    """Print what somebody in these segments gets of FILE, with made-up values in its slots."""
    names = frozenset(filter(None, map(str.strip, segment.split(","))))
    try:
        text = _text(file)
        _refuse_unknown(names)
        tables = _tables(text)
        shown = render_toolkit(text, names, as_, language=language, now=now(), tables=tables)
        click.echo(shown, nl=False)
    except CascadeError as error:
        fail(error)


@toolkit.command(name="list")
@_json
def list_(as_json: bool) -> None:
    """List the toolkits with their newest version in each language."""
    with database().reading() as session:
        rows = session.execute(
            select(Toolkit, ToolkitVersion)
            .join(ToolkitVersion, ToolkitVersion.toolkit_id == Toolkit.id)
            .order_by(Toolkit.name, ToolkitVersion.language, ToolkitVersion.number)
        )
        newest = {(row.name, one.language): _version(row, one) for row, one in rows}
    lines = [
        f"{one['toolkit']}  version {one['version']} ({one['language']})  {one['title']}"
        for one in newest.values()
    ]
    nothing = "There are no toolkits yet. Next: cascade toolkit publish FILE"
    emit({"toolkits": list(newest.values())}, as_json, "\n".join(lines) or nothing)


def _version(row: Toolkit, version: ToolkitVersion) -> dict[str, str | int]:
    return {
        "toolkit": row.name,
        "version": version.number,
        "language": version.language,
        "title": version.title,
        "sha256": version.sha256,
        "published_at": version.published_at.isoformat(),
        "published_by": version.published_by,
    }


def _text(file: Path) -> str:
    """The file as text; ends the command, naming the line, where it isn't UTF-8."""
    raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        fail(BadInput(f"Line {line} is not UTF-8. Save the file as UTF-8 and try again."))


def _listing(problems: list[toolkits.Problem]) -> str:
    if not problems:
        return "No problems. Next: cascade toolkit publish FILE"
    lines = [f"line {one.line}: {one.level}: {one.message} ({one.code})" for one in problems]
    return "\n".join(lines)


def _segments() -> tuple[str, ...]:
    """The segments of the database; the first five as long as there is none."""
    if not _has_database():
        return FIRST
    with database().reading() as session:
        return known(session) or FIRST


def _inserts() -> dict[str, tuple[str, ...]] | None:
    """The columns of the tables of the database; None, unchecked, as long as there is none."""
    if not _has_database():
        return None
    with database().reading() as session:
        return expanding.known(session)


def _tables(text: str) -> expanding.Tables:
    if not _has_database():
        return ()
    with database().reading() as session:
        return expanding.of_text(session, text)


def _has_database() -> bool:
    address = make_url(settings().database_url)
    return address.get_backend_name() != "sqlite" or Path(address.database or "").exists()


def _refuse_unknown(names: frozenset[str]) -> None:
    known_ones = _segments()
    unknown = sorted(names.difference(known_ones))
    if unknown or not names:
        raise BadInput(
            f"There is no segment called “{', '.join(unknown)}”. Known: {', '.join(known_ones)}."
        )

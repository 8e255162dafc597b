"""`cascade status`, `outstanding`, `report` and `inbound`: read back what a cascade has reached."""

import json
from collections.abc import Iterable, Iterator
from email.parser import HeaderParser
from pathlib import Path
from typing import BinaryIO

import click

from cascade.cli.funnel_text import funnel_text
from cascade.cli.outstanding_text import outstanding_text
from cascade.cli.runtime import database, emit, fail, links, now, plain
from cascade.errors import BadInput, CascadeError, Refused
from cascade.evidence import inbound as evidence
from cascade.reporting import call_list
from cascade.reporting import funnel as funnels
from cascade.reporting import outstanding as waiting
from cascade.reporting import report as reports

_cascade = click.argument("cascade", type=click.IntRange(1, 2**63 - 1))
_json = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.command()
@_cascade
@_json
def status(cascade: int, as_json: bool) -> None:
    """Show how far CASCADE has got, for each segment, and how well that is known."""
    try:
        with database().reading() as session:
            funnel = funnels.funnel(session, cascade)
    except CascadeError as error:
        fail(error)
    emit(funnels.status(funnel), as_json, funnel_text(funnel, now()))


@click.command()
@_cascade
@click.option("--csv", "as_csv", is_flag=True, help="For spreadsheets.")
@_json
def outstanding(cascade: int, as_csv: bool, as_json: bool) -> None:
    """List who has not confirmed CASCADE or asked for a call, and whom to phone there."""
    if as_csv and as_json:
        raise click.UsageError("Choose one of --csv and --json.")
    try:
        with database().reading() as session:
            organisations = waiting.outstanding(session, cascade, now=now())
            if as_json:
                _echo(_json_lines(organisations))
            elif as_csv:
                _echo(call_list.as_csv(organisations))
            else:
                _echo(f"{line}\n" for line in outstanding_text(organisations))
    except CascadeError as error:
        fail(error)


@click.command()
@_cascade
@click.option(
    "--as",
    "as_",
    type=click.Choice(["json", "csv", "xlsx", "pdf"]),
    required=True,
    help="What to make of it.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file.")
def report(cascade: int, as_: str, output: Path | None) -> None:
    """Write the report of CASCADE: every figure with its denominator and its evidence grade."""
    try:
        if as_ not in ("json", "csv"):
            raise Refused(f"Reports as {as_} come later. Use --as csv: every spreadsheet opens it.")
        with database().reading() as session:
            made = reports.report(session, cascade, now=now())
        text = (
            f"{json.dumps(plain(reports.as_mapping(made)), ensure_ascii=False, indent=2)}\n"
            if as_ == "json"
            else "".join(reports.as_csv(made))
        )
        _write(text, output)
    except CascadeError as error:
        fail(error)


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--to", default="", help="The address it came to; else its own headers say so.")
@_json
def inbound(file: BinaryIO, to: str, as_json: bool) -> None:
    """Take in one report or reply (FILE, or - for standard input) and say what it proves."""
    # One byte more than is taken, so that a larger one is refused and not cut.
    content = file.read(evidence.LARGEST + 1)
    try:
        with database().writing() as session:
            received = evidence.receive(
                session,
                mail_from=_sender(content),
                rcpt_to=to,
                content=content,
                links=links(),
                now=now(),
            )
    except CascadeError as error:
        fail(error)
    about = f" about delivery {received.delivery_id}" if received.delivery_id else ""
    result = {
        "kind": received.kind,
        "delivery": received.delivery_id,
        "effect": received.effect,
    }
    emit(result, as_json, f"{received.kind}{about}: {received.effect}")


def _echo(pieces: Iterable[str]) -> None:
    for piece in pieces:
        click.echo(piece, nl=False)


def _json_lines(organisations: Iterable[waiting.Outstanding]) -> Iterator[str]:
    """A JSON list with an organisation on each line, written as they come."""
    before = "[\n"
    for one in organisations:
        yield before + json.dumps(plain(one), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _write(text: str, output: Path | None) -> None:
    if output is None or str(output) == "-":
        click.echo(text, nl=False)
        return
    try:
        # Line ends are those of the format: CSV brings its own.
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise BadInput(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(f"Written to {output}.", err=True)


def _sender(content: bytes) -> str:
    """The envelope sender, where the server that took the message in has noted it."""
    return str(HeaderParser().parsestr(content[:65_536].decode("latin-1"))["Return-Path"] or "")

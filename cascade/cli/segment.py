"""`cascade segment`: who is in which segment."""

import click

from cascade.audience.segments import SegmentSize, find, size, sizes
from cascade.cli.runtime import database, emit, fail
from cascade.errors import CascadeError

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def segment() -> None:
    """Segments: named rules over organisations and contacts."""


@segment.command(name="list")
@_json
def list_(as_json: bool) -> None:
    """List the segments with the numbers of organisations and contacts in each."""
    try:
        with database().reading() as session:
            every = sizes(session)
    except CascadeError as error:
        fail(error)
    width = max((len(one.name) for one in every), default=0)
    lines = [f"{one.name:<{width}}  {_numbers(one)}" for one in every]
    emit({"segments": every}, as_json, "\n".join(lines) or "There are no segments yet.")


@segment.command()
@click.argument("name")
@_json
def show(name: str, as_json: bool) -> None:
    """Show the rule of the segment NAME and whom it holds now."""
    try:
        with database().reading() as session:
            one = size(session, find(session, name))
    except CascadeError as error:
        fail(error)
    rule = ", ".join(f"{key}: {value}" for key, value in one.rule.items()) or "everybody"
    emit(one, as_json, f"{one.name}: {one.title}\n  {_numbers(one)}\n  rule: {rule}")


def _numbers(one: SegmentSize) -> str:
    return (
        f"{one.organisations:,} organisations, {one.contacts:,} contacts "
        f"({one.with_address:,} with an address, {one.without_address:,} without; "
        f"{one.deputies:,} deputies)"
    )

"""`cascade suppression`: addresses that are not written to."""

import click

from cascade.accounts.acts import Act
from cascade.audience import suppression as addresses
from cascade.audience.records import Suppression
from cascade.audience.suppression import REASON_WORDS
from cascade.cli.runtime import database, emit, fail, note, now
from cascade.cli.tables import table
from cascade.errors import CascadeError
from cascade.sending.deadlines import LONDON

_MOST = 10_000
_why = click.option("--why", required=True, help="In a few words; kept in the audit trail.")


@click.group()
def suppression() -> None:
    """Addresses that are not written to: list, add, lift."""


@suppression.command(name="list")
@click.option("--search", default="", help="Part of the address.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(search: str, as_json: bool) -> None:
    """List the addresses that are not written to, with the reason."""
    with database().reading() as session:
        found = addresses.listing(session, search=search, size=_MOST)
    rows = [
        (one.email, one.reason, f"{one.created_at.astimezone(LONDON).date()}")
        for one in found.lines
    ]
    text = table(("Address", "Reason", "Since"), rows, left=3) if rows else "No address is listed."
    if found.has_next:
        text += f"\nThese are the first {_MOST:,} of {found.total:,}: search for less."
    emit({"suppressions": [_plain(one) for one in found.lines]}, as_json, text)


@suppression.command()
@click.argument("email")
@click.option("--reason", type=click.Choice(tuple(REASON_WORDS)), required=True)
@_why
def add(email: str, reason: str, why: str) -> None:
    """Do not write to EMAIL: no routine message (unsubscribed), or none at all."""
    try:
        with database().writing() as session:
            added = addresses.add(session, email, reason, why, now())
            state = {"reason": added.reason, "why": why}
            note(session, Act.ADDRESS_SUPPRESSED, f"address {added.email}", after=state)
    except CascadeError as error:
        fail(error)
    click.echo(f"{added.email}: {REASON_WORDS[added.reason]}.")


@suppression.command()
@click.argument("email")
@_why
def lift(email: str, why: str) -> None:
    """Write to EMAIL again."""
    try:
        with database().writing() as session:
            lifted = addresses.lift(session, email, why)
            was = {"reason": lifted.reason}
            note(
                session,
                Act.SUPPRESSION_LIFTED,
                f"address {lifted.email}",
                before=was,
                after={"why": why},
            )
    except CascadeError as error:
        fail(error)
    click.echo(f"{lifted.email} is written to again.")


def _plain(one: Suppression) -> dict[str, object]:
    return {"email": one.email, "reason": one.reason, "since": one.created_at}

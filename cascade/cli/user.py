"""`cascade user`: who has an account, and a way in for them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from cascade.accounts import joining, links, users
from cascade.accounts.acts import Act
from cascade.accounts.permissions import ROLE_WORDS, Role
from cascade.accounts.users import Person
from cascade.cli.runtime import database, emit, fail, note, now, settings, terminal
from cascade.cli.tables import table
from cascade.config import Settings
from cascade.database import Database
from cascade.errors import CascadeError, Refused
from cascade.identity import identity
from cascade.look.wearing import kept, worn
from cascade.sign_off import clearance

_EVERYBODY = 100_000
_NOBODY = (
    "There are no users yet. "
    "Add the first one: cascade user add YOU@EXAMPLE.ORG --role administrator"
)
_SIGN_OFF = (
    "Sign-off is on from now on: what is released, or stands in the public library, must have been "
    "approved by somebody who did not write it. CASCADE_SIGN_OFF=off is for a cell of one."
)
_roles = click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in Role]),
    multiple=True,
    required=True,
    help="What they are in the cell; give it several times for several roles.",
)


@click.group()
def user() -> None:
    """People with an account: add, list, change roles, close, let in."""


@user.command()
@click.argument("email")
@_roles
@click.option("--name", help="Their name. Default: the address before its @.")
@click.option("--organisation", default="", help="The partner they work for.")
@click.option("--invite", is_flag=True, help="Send their link by mail instead of printing it.")
def add(
    email: str, roles: Sequence[str], name: str | None, organisation: str, invite: bool
) -> None:
    """Add somebody with the address EMAIL, and give them a link to choose a password with."""
    current, moment = settings(), now()
    with _writing() as session:
        was_on = clearance.in_force(session, current.sign_off)
        person = users.add(
            session,
            email=email,
            name=name or email.partition("@")[0],
            organisation=organisation,
            roles=roles,
            now=moment,
        )
        begins = clearance.in_force(session, current.sign_off) and not was_on
        note(session, Act.USER_ADDED, _subject(person), after=users.audited(person))
        if invite:
            joining.invite(
                session,
                person,
                base_url=current.base_url,
                cell=worn(identity(current), kept(session), current.base_url).cell,
                by=terminal(),
                now=moment,
            )
            link = "An invitation is on its way to them."
        else:
            token = links.issue(session, person.id, "invitation", moment)
            link = f"Their link, once, within a week: {current.base_url}/welcome/{token}"
    click.echo(f"{person.name} ({person.email}): {_said(person.roles)}.\n{link}")
    if begins:
        click.echo(_SIGN_OFF)


@user.command(name="list")
@click.option("--closed", is_flag=True, help="Show closed accounts as well.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_(closed: bool, as_json: bool) -> None:
    """List the people with an account."""
    with database().reading() as session:
        people = users.listing(session, closed=closed, size=_EVERYBODY).lines
    rows = [(one.email, one.name, _said(one.roles), _state(one)) for one in people]
    text = table(("Address", "Name", "Roles", "State"), rows, left=4) if rows else _NOBODY
    emit({"users": [_plain(one) for one in people]}, as_json, text)


@user.command()
@click.argument("email")
@_roles
def roles(email: str, roles: Sequence[str]) -> None:
    """Give EMAIL these roles instead of the ones they have."""
    with _writing() as session:
        before = users.find(session, email)
        after = users.change(
            session,
            before.id,
            name=before.name,
            organisation=before.organisation,
            roles=roles,
        )
        _note(session, Act.USER_CHANGED, before)
    click.echo(f"{after.name} ({after.email}): {_said(after.roles)}.")


@user.command()
@click.argument("email")
def close(email: str) -> None:
    """Close the account of EMAIL: they are signed out and can't come in any more."""
    with _writing() as session:
        person = users.find(session, email)
        users.close(session, person.id, now())
        _note(session, Act.USER_CLOSED, person)
    click.echo(f"{person.name} can't come in any more. What they did stays in the audit trail.")


@user.command()
@click.argument("email")
def reopen(email: str) -> None:
    """Open the closed account of EMAIL again."""
    with _writing() as session:
        person = users.find(session, email)
        users.reopen(session, person.id)
        _note(session, Act.USER_REOPENED, person)
    click.echo(f"{person.name} can come in again.")


def way_in(opened: Database, current: Settings, email: str | None = None) -> str:
    """A link that signs somebody in, once, within the hour: `email`, else an administrator.

    Raises NotFound, or Refused with how to add the first administrator.
    """
    with opened.writing() as session:
        person = users.find(session, email) if email else _administrator(session)
        token = links.issue(session, person.id, "sign-in", now())
        note(session, Act.LINK_PRINTED, _subject(person))
    return f"{current.base_url}/desk/{token}"


def _administrator(session: Session) -> Person:
    person = users.an_administrator(session)
    if person is None:
        raise Refused(_NOBODY)
    return person


@contextmanager
def _writing() -> Iterator[Session]:
    """A transaction; what is refused is said, and ends the command."""
    try:
        with database().writing() as session:
            yield session
    except CascadeError as error:
        fail(error)


def _note(session: Session, act: Act, before: Person) -> None:
    after = users.get(session, before.id)
    note(
        session,
        act,
        _subject(before),
        before=users.audited(before),
        after=users.audited(after),
    )


def _subject(person: Person) -> str:
    return f"user {person.email}"


def _said(roles: Sequence[str]) -> str:
    return ", ".join(ROLE_WORDS[Role(role)].lower() for role in roles)


def _state(person: Person) -> str:
    if person.closed_at:
        return "closed"
    if not person.has_password and not person.is_linked:
        return "invited"
    if not person.has_password:
        return "by the provider only"
    return "second step" if person.has_second_step else "password only"


def _plain(person: Person) -> dict[str, object]:
    return {
        "email": person.email,
        "name": person.name,
        "organisation": person.organisation,
        "roles": list(person.roles),
        "state": _state(person),
        "added_at": person.added_at,
        "closed_at": person.closed_at,
    }

"""`cascade toolkit submit|approve|return` and `cascade countersign`: sign-off at the terminal."""

from collections.abc import Callable, Sequence

import click
from sqlalchemy.orm import Session

from cascade.accounts import users
from cascade.accounts.acts import Act
from cascade.accounts.users import Person
from cascade.cli.runtime import database, fail, note, now, settings
from cascade.errors import BadInput, CascadeError, NotFound
from cascade.library.publish import find, latest
from cascade.library.records import ToolkitVersion
from cascade.sending import countersigning
from cascade.sign_off import signing, telling

as_ = click.option("--as", "email", required=True, help="Whose account it is done with.")
_toolkit = click.argument("toolkit")
_language = click.option("--language", help="Which language of it. Default: the toolkit's own.")
_note = click.option("--note", default="", help="A word to the others.")


@click.command()
@_toolkit
@as_
@_language
@_note
def submit(toolkit: str, email: str, language: str | None, note: str) -> None:
    """Ask for approval of the newest version of TOOLKIT. Who may approve it gets a letter."""

    def act(session: Session, version: int, by: Person) -> None:
        signing.submit(session, version, by=by, now=now(), note=note)

    _step(toolkit, language, email, Act.SUBMITTED, act)


@click.command()
@_toolkit
@as_
@_language
@_note
@click.option("--immediate-use", is_flag=True, help="One person may release it urgently.")
def approve(toolkit: str, email: str, language: str | None, note: str, immediate_use: bool) -> None:
    """Approve the newest version of TOOLKIT. Nobody approves what they wrote."""

    def act(session: Session, version: int, by: Person) -> None:
        signing.approve(session, version, by=by, now=now(), note=note, immediate_use=immediate_use)

    _step(toolkit, language, email, Act.APPROVED, act)


@click.command(name="return")
@_toolkit
@as_
@_language
@_note
@click.option("--comment", "comments", multiple=True, help="On a line: “12: which clinic?”")
def give_back(
    toolkit: str, email: str, language: str | None, note: str, comments: Sequence[str]
) -> None:
    """Return the newest version of TOOLKIT to its authors. An approval ends with it."""

    def act(session: Session, version: int, by: Person) -> None:
        told = [_comment(one) for one in comments]
        signing.give_back(session, version, by=by, now=now(), note=note, comments=told)

    _step(toolkit, language, email, Act.RETURNED, act)


@click.command()
@click.argument("cascade", type=int)
@as_
def countersign(cascade: int, email: str) -> None:
    """Let the urgent release CASCADE go, as its second person."""
    try:
        with database().writing() as session:
            by = users.find(session, email)
            countersigning.countersign(session, cascade, by=by, now=now())
            note(session, Act.COUNTERSIGNED, f"cascade {cascade}", by=by.email)
    except CascadeError as error:
        fail(error)
    click.echo(f"Cascade {cascade} goes out. Watch it: cascade status {cascade}")


def _step(
    toolkit: str,
    language: str | None,
    email: str,
    done: Act,
    act: Callable[[Session, int, Person], None],
) -> None:
    try:
        with database().writing() as session:
            by = users.find(session, email)
            version = _newest(session, toolkit, language)
            act(session, version.id, by)
            telling.tell(session, version.id, base_url=settings().base_url, now=now())
            subject = f"toolkit {toolkit}, version {version.number} ({version.language})"
            note(session, done, subject, by=by.email)
    except CascadeError as error:
        fail(error)
    click.echo(f"{version.title}, version {version.number} ({version.language}), is {done}.")


def _newest(session: Session, toolkit: str, language: str | None) -> ToolkitVersion:
    row = find(session, toolkit)
    version = latest(session, row, language or row.language)
    if version is None:
        raise NotFound(f"“{toolkit}” has no version in the language {language}.")
    return version


def _comment(written: str) -> signing.Comment:
    line, _, text = written.partition(":")
    if not line.strip().isdecimal():
        raise BadInput(f"“{written}” does not begin with the number of a line, like “12: which?”")
    return signing.Comment(int(line), text)

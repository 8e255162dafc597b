"""`cascade bulletin`: bulletins and their issues at the terminal."""

from collections.abc import Callable
from datetime import date, datetime, time

import click
from sqlalchemy.orm import Session

from cascade.accounts import users
from cascade.accounts.acts import Act
from cascade.accounts.users import Person
from cascade.bulletins import collecting, issues, making, schedules, submitting
from cascade.bulletins.making import Wanted
from cascade.bulletins.records import Bulletin, Issue
from cascade.bulletins.schedules import Schedule
from cascade.bulletins.submitting import House
from cascade.cli.runtime import database, emit, fail, note, now, operator, settings
from cascade.errors import CascadeError, Refused
from cascade.sending.deadlines import LONDON
from cascade.sign_off import clearance

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_by = click.option("--by", help="Who does it. Default: your account on the machine.")
_as = click.option("--as", "email", help="Whose account it is done with.")
_bulletin = click.argument("name", metavar="BULLETIN")
_Act = Callable[[Session, Bulletin, str, Person | None, House], str]


@click.group()
def bulletin() -> None:
    """Bulletins: what goes out at a rhythm, issue by issue."""


@bulletin.command(name="list")
@_json
def list_(as_json: bool) -> None:
    """List the bulletins with the issue of each that is under way."""
    with database().reading() as session:
        found = making.listing(session, size=1_000).lines
        current = issues.all_under_way(session, found)
    told = [_told(one, current.get(one.id)) for one in found]
    lines = [f"{one['bulletin']}  {one['title']}: {one['schedule']}" for one in told]
    nothing = "There are no bulletins yet. Next: cascade bulletin add BULLETIN --title … --to …"
    emit({"bulletins": told}, as_json, "\n".join(lines) or nothing)


@bulletin.command()
@_bulletin
@_json
def show(name: str, as_json: bool) -> None:
    """Show the next dates of BULLETIN, and what is in its issue."""
    try:
        with database().reading() as session:
            found = making.find(session, name)
            issue = issues.under_way(session, found)
            entries = issues.entries(session, issue) if issue else ()
    except CascadeError as error:
        fail(error)
    dates = schedules.upcoming(schedules.read(found.schedule), now())
    items = [entry.item for entry, _ in entries if not entry.held]
    told = {**_told(found, issue), "dates": dates, "items": items}
    lines = [f"{found.title}: {told['schedule']}"]
    lines += [f"  {one:%Y-%m-%d %H:%M}" for one in dates[:3]]
    if issue is not None:
        lines += [f"Issue {issue.number}, {issue.state}:", *(f"  {one}" for one in items)]
    emit(told, as_json, "\n".join(lines))


@bulletin.command()
@_bulletin
@click.option("--title", required=True, help="As readers see it.")
@click.option("--to", "segments", required=True, help="Segments, with commas between.")
@click.option("--rule", default="FREQ=WEEKLY;BYDAY=TU", show_default=True, help="When (RFC 5545).")
@click.option("--from", "start", help="The first date that counts. Default: today.")
@click.option("--at", default="10:00", show_default=True, help="Time of day.")
@_by
def add(
    name: str, title: str, segments: str, rule: str, start: str | None, at: str, by: str | None
) -> None:
    """Add a bulletin with the short name BULLETIN; its first issue opens by itself."""
    try:
        schedule = Schedule("rule", time.fromisoformat(at), start=_day(start), rule=rule)
    except ValueError as error:
        raise click.UsageError(f"{error}") from None
    wanted = Wanted(name, title, [one.strip() for one in segments.split(",")], schedule)
    try:
        with database().writing() as session:
            made = making.add(session, wanted, by=by or operator(), now=now())
            note(session, Act.BULLETIN_ADDED, f"bulletin {name}", after=making.audited(made))
    except CascadeError as error:
        fail(error)
    first = schedules.next_after(schedule, now())
    click.echo(f"{made.title} comes out first on {first:%d %B %Y at %H:%M}." if first else "Added.")


@bulletin.command(name="open")
@_bulletin
@_by
def open_(name: str, by: str | None) -> None:
    """Open the next issue of BULLETIN now, with what is due for it."""

    def act(
        session: Session, found: Bulletin, who: str, person: Person | None, house: House
    ) -> str:
        made = issues.open_next(session, found, by=who, now=now())
        many = collecting.collect(session, found, made, now=now(), sign_off=house.sign_off)
        return f"Issue {made.number} goes out on {_said(made.send_at)}; {many} items are in it."

    _do(name, Act.ISSUE_OPENED, by, None, act)


@bulletin.command()
@_bulletin
@_by
@_as
def submit(name: str, by: str | None, email: str | None) -> None:
    """Submit the issue of BULLETIN that is under way. Who may approve it gets a letter."""

    def act(
        session: Session, found: Bulletin, who: str, person: Person | None, house: House
    ) -> str:
        issue = _current(session, found)
        submitting.submit(
            session,
            found,
            issue,
            seen=issue.revision,
            by=who,
            person=person,
            house=house,
            now=now(),
        )
        waits = "waits for approval" if house.sign_off else "is ready"
        return f"Issue {issue.number} {waits}; it goes out on {_said(issue.send_at)}."

    _do(name, Act.ISSUE_SUBMITTED, by, email, act)


@bulletin.command()
@_bulletin
@_as
def approve(name: str, email: str | None) -> None:
    """Approve the issue of BULLETIN that was submitted. Nobody approves what they put together."""

    def act(
        session: Session, found: Bulletin, who: str, person: Person | None, house: House
    ) -> str:
        if person is None:
            raise Refused("Say who approves it: --as, with the address of their account.")
        issue = _current(session, found)
        submitting.approve(session, issue, seen=issue.revision, by=person, house=house, now=now())
        return f"Issue {issue.number} is approved; it goes out on {_said(issue.send_at)}."

    _do(name, Act.ISSUE_APPROVED, None, email, act)


@bulletin.command()
@_bulletin
@_by
@_as
def release(name: str, by: str | None, email: str | None) -> None:
    """Release the issue of BULLETIN that was submitted, before its time."""

    def act(
        session: Session, found: Bulletin, who: str, person: Person | None, house: House
    ) -> str:
        issue = _current(session, found)
        planned = submitting.send(
            session, found, issue, by=who, person=person, house=house, now=now()
        )
        return f"Issue {issue.number} is cascade {planned.cascade}: {planned.recipients:,} people."

    _do(name, Act.ISSUE_RELEASED, by, email, act)


def _do(name: str, done: Act, by: str | None, email: str | None, act: _Act) -> None:
    try:
        with database().writing() as session:
            found = making.find(session, name)
            person = users.find(session, email) if email else None
            house = House(clearance.in_force(session, settings().sign_off), settings().base_url)
            said = act(session, found, email or by or operator(), person, house)
            note(session, done, f"bulletin {name}", by=email)
    except CascadeError as error:
        fail(error)
    click.echo(said)


def _current(session: Session, found: Bulletin) -> Issue:
    issue = issues.under_way(session, found)
    if issue is None:
        raise Refused(f"No issue is under way. Open it: cascade bulletin open {found.name}")
    return issue


def _told(one: Bulletin, issue: Issue | None) -> dict[str, object]:
    return {
        "bulletin": one.name,
        "title": one.title,
        "segments": list(one.segments),
        "schedule": schedules.said(schedules.read(one.schedule)),
        "issue": issue.number if issue else None,
        "state": issue.state if issue else None,
        "send_at": issue.send_at if issue else None,
    }


def _day(written: str | None) -> date:
    return date.fromisoformat(written) if written else now().astimezone(LONDON).date()


def _said(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%d %B %Y at %H:%M}"

"""`cascade release`, and what can be done with a cascade afterwards."""

from collections.abc import Callable
from datetime import datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.accounts import users
from cascade.accounts.acts import Act
from cascade.cli.moments import moment
from cascade.cli.runtime import database, emit, fail, note, now, operator, settings
from cascade.errors import CascadeError, NeedsAgain
from cascade.library.publish import find as find_toolkit
from cascade.sending import control, telling, windows
from cascade.sending.deadlines import LONDON
from cascade.sending.headcount import headcount
from cascade.sending.plan import Release, foresee
from cascade.sending.plan import release as plan
from cascade.sending.planned import Planned
from cascade.sending.records import Cascade
from cascade.sending.states import Tier
from cascade.sign_off.clearance import in_force


@click.command()
@click.argument("toolkit")
@click.option("--to", "segments", required=True, help="Segments, separated by commas.")
@click.option(
    "--tier",
    type=click.Choice([tier.value for tier in Tier]),
    required=True,
    help="How urgent it is: it decides the lane and the deadline.",
)
@click.option("--at", help="When to send: 14:30, 2026-11-21 14:30 or +2h. Default: now.")
@click.option(
    "--next-window",
    is_flag=True,
    help="Send in the next send window: 9:00 on each working day, unless administrators have "
    "set others on the page Settings, Send windows. --dry-run says when it is.",
)
@click.option("--deadline", help="Confirm by, in the same words. Default: by the tier.")
@click.option("--exercise", is_flag=True, help="A drill: marked everywhere, counted apart.")
@click.option("--again", is_flag=True, help="Send it although it went out within a day.")
@click.option("--dry-run", is_flag=True, help="Show the numbers and a sample; send nothing.")
@click.option("--by", help="Who releases it. Default: you, by your account on this machine.")
@click.option("--as", "email", help="Whose account it is released with; needed with sign-off.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def release(
    toolkit: str,
    segments: str,
    tier: str,
    at: str | None,
    next_window: bool,
    deadline: str | None,
    exercise: bool,
    again: bool,
    dry_run: bool,
    by: str | None,
    email: str | None,
    as_json: bool,
) -> None:
    """Send the newest version of TOOLKIT to everybody in the segments.

    Where sign-off is on, an approver has approved that version, and what is immediate or urgent
    then waits for a second person: cascade countersign.
    """
    if at and next_window:
        raise click.UsageError("Use --at or --next-window, not both.")
    moment_now = now()
    opened = database().reading if dry_run else database().writing
    try:
        with opened() as session:
            person = users.find(session, email) if email else None
            wanted = Release(
                toolkit=find_toolkit(session, toolkit),
                segments=[name.strip() for name in segments.split(",") if name.strip()],
                tier=Tier(tier),
                by=person.email if person else by or operator(),
                person=person,
                send_at=_send_at(session, at, next_window, moment_now),
                deadline_at=moment(deadline, moment_now) if deadline else None,
                exercise=exercise,
                again=again,
            )
            planned = (_foreseen if dry_run else _released)(session, wanted, moment_now)
            if planned.cascade:
                _note(session, planned, wanted)
                telling.tell(session, planned.cascade, settings().base_url, moment_now)
    except NeedsAgain as error:
        fail(NeedsAgain(f"{error} To send it once more all the same, release it with --again."))
    except CascadeError as error:
        fail(error)
    emit(planned, as_json, _text(planned, moment_now))


def _foreseen(session: Session, wanted: Release, moment_now: datetime) -> Planned:
    found = headcount(session, wanted.segments, wanted.tier)
    # Numbers are of use before anybody has approved the text, too.
    return foresee(session, wanted, found, moment_now, sign_off=False)


def _released(session: Session, wanted: Release, moment_now: datetime) -> Planned:
    sign_off = in_force(session, settings().sign_off)
    return plan(session, wanted, moment_now, sign_off=sign_off)


def _send_at(
    session: Session, at: str | None, next_window: bool, moment_now: datetime
) -> datetime | None:
    if next_window:
        return windows.upcoming(session, moment_now)
    return moment(at, moment_now) if at else None


def _text(planned: Planned, moment_now: datetime) -> str:
    head = (
        f"Cascade {planned.cascade}: {planned.title}"
        if planned.cascade
        else f"This would go out ({planned.title}); nothing was sent."
    )
    lines = [head, ""]
    for name, row in planned.segments.items():
        lines.append(
            f"  {name:<24}{row['organisations']:>7} organisations{row['recipients']:>8} recipients"
        )
    lines.append(
        f"  {'in all, each once':<24}{planned.organisations:>7} organisations"
        f"{planned.recipients:>8} recipients"
    )
    if planned.unreached_together:
        lines.append(
            f"  {'of these, get nothing':<24}{planned.unreached_together:>7} organisations"
        )
    lines += [f"  left out: {one['count']} ({one['reason']})" for one in planned.suppressed]
    when = "now" if planned.send_at <= moment_now else _clock(planned.send_at)
    lines += ["", f"Sent {when}, as {planned.tier}, in {planned.variants} variants."]
    if planned.deadline_at:
        lines.append(f"To be confirmed by {_clock(planned.deadline_at)}.")
    if not planned.cascade:
        lines += ["", "For example:"]
        lines += [
            f"  {one['address']}  {one['contact']}, {one['organisation']} ({one['segments']})"
            for one in planned.sample
        ]
    elif planned.awaits_until:
        lines += [
            "",
            f"It waits for a second person until {_clock(planned.awaits_until)}:",
            f"cascade countersign {planned.cascade} --as THEIR@ADDRESS",
        ]
    else:
        lines += ["", f"Watch it: cascade status {planned.cascade}"]
    return "\n".join(lines)


def _note(session: Session, planned: Planned, wanted: Release) -> None:
    by = wanted.person.email if wanted.person else None
    note(session, Act.RELEASED, f"cascade {planned.cascade}", after=_told(wanted), by=by)


def _told(wanted: Release) -> dict[str, object]:
    return {
        "toolkit": wanted.toolkit.name,
        "segments": list(wanted.segments),
        "tier": wanted.tier,
        "exercise": wanted.exercise,
    }


def _clock(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%H:%M on %A %d %B %Y}"


def _command(name: str, act: Callable[..., None], help_text: str, noted: Act) -> click.Command:
    @click.command(name, help=help_text)
    @click.argument("cascade", type=int)
    @click.option("--by", help="Who does it. Default: you, by your account on this machine.")
    def run(cascade: int, by: str | None) -> None:
        try:
            with database().writing() as session:
                act(session, cascade, by=by or operator(), now=now())
                note(session, noted, f"cascade {cascade}")
        except CascadeError as error:
            fail(error)
        click.echo(f"Cascade {cascade} is {noted.removeprefix('cascade-')}.")

    return run


pause = _command(
    "pause",
    control.pause,
    "Send nothing further of CASCADE until it is resumed.",
    Act.CASCADE_PAUSED,
)
resume = _command("resume", control.resume, "Go on with CASCADE.", Act.CASCADE_RESUMED)
withdraw = _command(
    "withdraw",
    control.withdraw,
    "Send nothing further of CASCADE, ever; what has gone stays in the figures.",
    Act.CASCADE_WITHDRAWN,
)


@click.command("list")
@click.option("--limit", default=20, show_default=True, help="How many, newest first.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_cascades(limit: int, as_json: bool) -> None:
    """The newest cascades."""
    with database().reading() as session:
        rows = [_line(one) for one in _newest(session, limit)]
    text = "\n".join(
        f"{row['cascade']:>5}  {row['state']:<10}{row['tier']:<11}{row['recipients']:>8}  "
        f"{row['title']}"
        for row in rows
    )
    emit(rows, as_json, text or "Nothing has been released yet. cascade release --help says how.")


def _newest(session: Session, limit: int) -> list[Cascade]:
    return list(session.scalars(select(Cascade).order_by(Cascade.id.desc()).limit(limit)))


def _line(cascade: Cascade) -> dict[str, object]:
    return {
        "cascade": cascade.id,
        "title": cascade.title,
        "tier": cascade.tier,
        "state": cascade.state,
        "exercise": cascade.exercise,
        "recipients": cascade.recipients,
        "released_at": cascade.released_at,
    }

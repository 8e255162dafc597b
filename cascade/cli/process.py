"""The commands that keep running: work, clock, inbound listener."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cascade import logs
from cascade.cli.runtime import database, fail, now, settings
from cascade.config import Settings
from cascade.database import Database
from cascade.errors import BadInput, CascadeError
from cascade.letters import posting
from cascade.reposts import checking
from cascade.sending.records import Cascade, Circuit, Claim, Counter, Variant
from cascade.sending.states import OPEN, CascadeState
from cascade.sending.sweep import due_lanes
from workers import inbound as inbound_listener
from workers.clock import Clock
from workers.editions import Editions
from workers.embedded import running
from workers.jobs import declare
from workers.runtime import Runtime, follow_up, make_runtime, utc_now


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """Let SIGTERM end the process as Ctrl-C does, so that what is in flight is finished."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("Stopping: what is in flight is finished first.", err=True)
    finally:
        signal.signal(signal.SIGTERM, before)


def runtime_of(current: Settings) -> Runtime:
    """What workers need; ends the command when a setting forbids it."""
    try:
        return make_runtime(current, database())
    except (CascadeError, ValueError) as error:
        fail(error)


@click.command()
@click.option("--until-idle", is_flag=True, help="Stop when nothing is due any more.")
def work(until_idle: bool) -> None:
    """Worker and clock in the foreground, with a progress bar."""
    logs.configure()
    with ending_on_signals(), running(runtime_of(settings())):
        watch(database(), until_idle=until_idle)


def watch(opened: Database, *, until_idle: bool) -> None:
    """Show the progress of everything that is being sent."""
    with opened.reading() as session:
        total = _open_deliveries(session)
    with click.progressbar(length=max(total, 1), label="Sending", show_pos=True, width=40) as bar:
        left = total
        while True:
            time.sleep(0.1)
            with opened.reading() as session:
                now_left = _open_deliveries(session)
                idle = _is_idle(session)
                note = _note(session)
            bar.length = max(bar.length or 1, (bar.length or 1) + now_left - left, 1)
            if now_left < left:
                bar.update(left - now_left)
            left = now_left
            bar.label = note or "Sending"
            if until_idle and idle:
                break
    if left:
        click.echo(f"{left} wait for a later attempt, a pause to end or their time to come.")


def _open_deliveries(session: Session) -> int:
    going = (CascadeState.SENDING, CascadeState.SCHEDULED, CascadeState.PAUSED)
    return (
        session.scalar(
            select(func.coalesce(func.sum(Counter.deliveries), 0))
            .join(Variant, Variant.id == Counter.variant_id)
            .join(Cascade, Cascade.id == Variant.cascade_id)
            .where(Cascade.state.in_(going), Counter.state.in_(OPEN))
        )
        or 0
    )


def _is_idle(session: Session) -> bool:
    """Nothing is due, nothing in hand, and every cascade that is through has been told so."""
    claimed = session.scalar(select(func.count()).select_from(Claim))
    overdue = select(Cascade.id).where(
        Cascade.state == CascadeState.SCHEDULED, Cascade.send_at <= now()
    )
    due = due_lanes(session, now()) or posting.is_due(session, now())
    due = due or checking.is_due(session, now())
    return not (claimed or due or session.scalar(overdue.limit(1)))


def _note(session: Session) -> str:
    circuit = session.scalar(select(Circuit).where(Circuit.open_until > now()).limit(1))
    return f"Waiting for the mail server ({circuit.reason})" if circuit else ""


@click.command("clock")
def clock_command() -> None:
    """The clock of an installation with Redis: rings for due work, puts right what was left."""
    from workers.redis_broker import AWAY, ask, redis_broker

    logs.configure()
    if (url := settings().redis_url) is None:
        fail(BadInput("CASCADE_REDIS_URL is not set: `cascade serve` has a clock of its own."))
    bells = declare(redis_broker(url), lambda queue: 0)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    editions = Editions(database(), settings().sign_off, settings().base_url)
    asking = follow_up(settings())
    clock = Clock(
        database(),
        bells,
        utc_now,
        ask_doorbell=lambda: ask(url),
        follow_up=asking,
        editions=editions,
        away=AWAY,
        home=settings().base_url,
    )
    clock.run(stopping)


@click.command("inbound-listener")
def inbound_command() -> None:
    """Take reports and replies by SMTP where CASCADE_INBOUND_LISTEN says."""
    logs.configure()
    inbound_listener.run(settings(), database())

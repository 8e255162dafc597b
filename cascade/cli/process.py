"""The commands that keep running: serve, work, clock, inbound listener."""

import signal
import threading
import time
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import click
import waitress
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cascade import logs
from cascade.cli.runtime import database, fail, now, settings
from cascade.cli.user import way_in
from cascade.config import Settings
from cascade.database import Database
from cascade.errors import BadInput, CascadeError
from cascade.letters import posting
from cascade.sending.records import Cascade, Circuit, Claim, Counter, Variant
from cascade.sending.states import OPEN, CascadeState
from cascade.sending.sweep import due_lanes
from cascade.web.app import create_app
from workers import inbound as inbound_listener
from workers.broker import redis_broker
from workers.clock import Clock
from workers.embedded import running
from workers.jobs import declare
from workers.runtime import Runtime, make_runtime, utc_now


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port of the pages.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def serve(port: int, host: str) -> None:
    """Everything in one process: pages, sending and clock. Stop it with Ctrl-C."""
    logs.configure()
    with ExitStack() as stack:
        stack.enter_context(ending_on_signals())
        served = _reachable(settings(), host, port)
        stack.enter_context(running(_runtime(served)))
        click.echo(f"Cascade is on {served.base_url}.")
        click.echo(_way_in(served))
        serve_pages(served, database(), host, port)


def _way_in(served: Settings) -> str:
    try:
        return f"Your way in, once, within the hour: {way_in(database(), served)}"
    except CascadeError as error:
        return f"{error}"


def serve_pages(current: Settings, opened: Database, host: str, port: int) -> None:
    """Serve the pages until interrupted."""
    app = create_app(current, opened, clock=utc_now)
    waitress.serve(app, host=host, port=port, threads=8, ident=None, _quiet=True)


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


def _reachable(current: Settings, host: str, port: int) -> Settings:
    """Links lead to where the pages are, unless CASCADE_BASE_URL says otherwise."""
    if "base_url" in current.model_fields_set:
        return current
    return current.model_copy(update={"base_url": f"http://{host}:{port}"})


def _runtime(current: Settings) -> Runtime:
    try:
        return make_runtime(current, database())
    except (CascadeError, ValueError) as error:
        fail(error)


@click.command()
@click.option("--until-idle", is_flag=True, help="Stop when nothing is due any more.")
def work(until_idle: bool) -> None:
    """Worker and clock in the foreground, with a progress bar."""
    logs.configure()
    with ending_on_signals(), running(_runtime(settings())):
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
    return not (claimed or due or session.scalar(overdue.limit(1)))


def _note(session: Session) -> str:
    circuit = session.scalar(select(Circuit).where(Circuit.open_until > now()).limit(1))
    return f"Waiting for the mail server ({circuit.reason})" if circuit else ""


@click.command("clock")
def clock_command() -> None:
    """The clock of an installation with Redis: rings for due work, puts right what was left."""
    logs.configure()
    if settings().redis_url is None:
        fail(BadInput("CASCADE_REDIS_URL is not set: `cascade serve` has a clock of its own."))
    bells = declare(redis_broker(settings().redis_url or ""), lambda queue: 0)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    Clock(database(), bells, utc_now).run(stopping)


@click.command("inbound-listener")
def inbound_command() -> None:
    """Take reports and replies by SMTP where CASCADE_INBOUND_LISTEN says."""
    logs.configure()
    inbound_listener.run(settings(), database())


@click.command()
@click.option("--as", "email", help="Whom to sign in. Default: an administrator.")
@click.option("--open", "open_it", is_flag=True, help="Open it in a browser.")
def desk(email: str | None, open_it: bool) -> None:
    """Print a link that signs you in, once, within the hour."""
    try:
        link = way_in(database(), settings(), email)
    except CascadeError as error:
        fail(error)
    click.echo(link)
    if open_it:
        webbrowser.open(link)

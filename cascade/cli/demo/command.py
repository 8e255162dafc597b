"""`cascade demo`: the main job from end to end, on a made-up county."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
import waitress

from cascade import logs
from cascade.audience.importing import Options, import_table
from cascade.audience.reading import read_table
from cascade.cli.demo.county import write_county
from cascade.cli.demo.groups import TOOLKIT, newsletter, tell_of_use
from cascade.cli.demo.people import confirm_some
from cascade.cli.demo.round_up import release_an_issue
from cascade.cli.demo.setting import FOLDER, demo_settings, keep_secret
from cascade.cli.demo.staff import (
    SLOW,
    add_opening_hours,
    add_staff,
    bring_to_life,
    publish_toolkits,
    release_urgent,
)
from cascade.cli.funnel_text import funnel_text
from cascade.cli.process import ending_on_signals, watch
from cascade.cli.runtime import fail, prepare
from cascade.cli.user import way_in
from cascade.config import Settings
from cascade.database import Database, connect
from cascade.errors import BadInput, CascadeError
from cascade.reporting.funnel import funnel
from cascade.web.app import create_app
from channels.catcher import CaughtMail, MailCatcher
from workers.embedded import running
from workers.runtime import make_runtime, utc_now


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port of the pages.")
@click.option("--exit", "exit_", is_flag=True, help="End after the funnel instead of serving.")
def demo(port: int, exit_: bool) -> None:
    """The whole job on a made-up county; nothing leaves this machine.

    Makes organisations and contacts, imports them, publishes three toolkits, releases the urgent
    one by SMTP to a built-in mail catcher, lets some made-up people confirm, shows the funnel, and
    serves the pages and the caught mail. It keeps its data apart, in var/demo, and starts anew
    each time.
    """
    logs.configure(quiet=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    try:
        with ending_on_signals(), ExitStack() as stack:
            catcher = stack.enter_context(_caught())
            settings = demo_settings(port, catcher.port, keep_secret())
            database = connect(settings.database_url)
            prepare(database)
            add_staff(database)
            stack.enter_context(_served(settings, database, port))
            cascade = _run(settings, database)
            _show_funnel(database, cascade)
            if not exit_:
                bring_to_life(database)
                tell_of_use(database, stack.enter_context(newsletter()))
                release_an_issue(database, settings.base_url)
                slowly = settings.model_copy(update={"rate_limit": SLOW})
                stack.enter_context(running(make_runtime(slowly, database)))
                _show_pages(settings, database, cascade)
                click.echo("\nServing until you stop it with Ctrl-C.")
                threading.Event().wait()
    except CascadeError as error:
        fail(error)


def _run(settings: Settings, database: Database) -> int:
    _say("A made-up county")
    for file in write_county(FOLDER / "county"):
        _import(database, file)
    _say("A table of opening hours, and three toolkits")
    add_opening_hours(database)
    publish_toolkits(database)
    _say("The urgent one goes out, by SMTP, to the built-in mail catcher")
    with running(make_runtime(settings, database)):
        cascade = release_urgent(database)
        watch(database, until_idle=True)
    click.echo(f"{CaughtMail(FOLDER / 'mail.db').count():,} messages caught.")
    _say("Made-up people open their message and confirm over HTTP (no real person did)")
    click.echo(confirm_some(FOLDER / "mail.db", settings.base_url))
    return cascade


def _import(database: Database, file: Path) -> None:
    with database.writing() as session:
        result = import_table(session, read_table(file), utc_now(), Options())
    click.echo(
        f"  {file.name:<28}{result.added:>6,} contacts added,{len(result.rejected):>3} rejected"
        f"   ({result.read_as})"
    )
    for reject in result.rejected[:2]:
        click.echo(f"      line {reject.line}: {reject.reason}")


def _show_funnel(database: Database, cascade: int) -> None:
    _say("The funnel")
    with database.reading() as session:
        click.echo(funnel_text(funnel(session, cascade), utc_now()))


def _show_pages(settings: Settings, database: Database, cascade: int) -> None:
    base = settings.base_url
    _say("Look at it")
    click.echo(f"  The cascade:        {base}/cascades/{cascade}")
    click.echo(f"  The first page:     {base}/")
    click.echo(f"  The library:        {base}/library")
    click.echo(f"  Where it was used:  {base}/reposts/of/{TOOLKIT}")
    click.echo(f"  The bulletin:       {base}/editions/round-up")
    click.echo(f"  Its public page:    {base}/bulletins")
    click.echo(f"  The caught mail:    {base}/inbox")
    click.echo(f"  Sign in, once:      {way_in(database, settings)}")


@contextmanager
def _caught() -> Iterator[MailCatcher]:
    catcher = MailCatcher(FOLDER / "mail.db")
    catcher.start()
    try:
        yield catcher
    finally:
        catcher.stop()


@contextmanager
def _served(settings: Settings, database: Database, port: int) -> Iterator[None]:
    """The pages, in a thread of their own."""
    app = create_app(settings, database, clock=utc_now)
    try:
        server = waitress.create_server(app, host="127.0.0.1", port=port, threads=8, ident=None)
    except OSError:
        raise BadInput(
            f"Port {port} is in use. Choose another one: make demo ARGS='--port {port + 1}'"
        ) from None
    serving = threading.Thread(target=server.run, name="pages", daemon=True)
    serving.start()
    try:
        yield
    finally:
        server.close()


def _say(what: str) -> None:
    click.echo(click.style(f"\n→ {what}", bold=True))

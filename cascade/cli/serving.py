"""The commands that open the pages: serve, and the link that leads in."""

import webbrowser
from contextlib import ExitStack

import click
import waitress

from cascade import logs
from cascade.cli.process import ending_on_signals, runtime_of
from cascade.cli.runtime import database, fail, settings
from cascade.cli.user import way_in
from cascade.config import Settings
from cascade.database import Database
from cascade.errors import CascadeError
from cascade.web.app import create_app
from workers.embedded import running
from workers.runtime import utc_now


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port of the pages.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def serve(port: int, host: str) -> None:
    """Everything in one process: pages, sending and clock. Stop it with Ctrl-C."""
    logs.configure()
    with ExitStack() as stack:
        stack.enter_context(ending_on_signals())
        served = _reachable(settings(), host, port)
        stack.enter_context(running(runtime_of(served)))
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


def _reachable(current: Settings, host: str, port: int) -> Settings:
    """Links lead to where the pages are, unless CASCADE_BASE_URL says otherwise."""
    if "base_url" in current.model_fields_set:
        return current
    return current.model_copy(update={"base_url": f"http://{host}:{port}"})


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

"""`cascade demo`: the main job from end to end, on a made-up county."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
import pyotp
import waitress
from sqlalchemy.orm import Session

from cascade import logs
from cascade.accounts import audit, second_step, users
from cascade.audience.importing import Options, import_table
from cascade.audience.reading import read_table
from cascade.cli.demo.county import write_county
from cascade.cli.demo.people import confirm_some
from cascade.cli.demo.setting import FOLDER, demo_settings, keep_secret
from cascade.cli.funnel_text import funnel_text
from cascade.cli.process import ending_on_signals, watch
from cascade.cli.runtime import fail, prepare
from cascade.cli.user import way_in
from cascade.config import Settings
from cascade.database import Database, connect
from cascade.errors import BadInput, CascadeError
from cascade.library.publish import find, publish
from cascade.reporting.funnel import funnel
from cascade.sending.countersigning import countersign
from cascade.sending.plan import Release, release
from cascade.sending.states import Tier
from cascade.sign_off import signing
from cascade.web.app import create_app
from channels.catcher import CaughtMail, MailCatcher
from workers.embedded import running
from workers.runtime import make_runtime, utc_now

TOOLKITS = Path(__file__).parent / "toolkits"
EVERYBODY = ("care-homes", "gp-practices", "pharmacies", "universities", "voluntary-sector")
BY = "demo"
STAFF = (
    ("Robin Hale", "West County ICB", ("administrator", "author")),
    ("Amina Farah", "West County ICB", ("author",)),
    ("Joss Whitby", "West County Hospitals", ("approver",)),
    ("Lee Marsh", "West County Council", ("releaser",)),
    ("Noor Aziz", "West County ICB", ("releaser", "approver")),
    ("Pat Oyelaran", "Westbury Council", ("viewer",)),
)


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
            _staff(database)
            stack.enter_context(_served(settings, database, port))
            cascade = _run(settings, database, stack)
            _show_funnel(database, cascade)
            if not exit_:
                _show_pages(settings, database, cascade)
                click.echo("\nServing until you stop it with Ctrl-C.")
                threading.Event().wait()
    except CascadeError as error:
        fail(error)


def _run(settings: Settings, database: Database, stack: ExitStack) -> int:
    _say("A made-up county")
    for file in write_county(FOLDER / "county"):
        _import(database, file)
    _say("Three toolkits")
    _publish(database)
    _say("The urgent one goes out, by SMTP, to the built-in mail catcher")
    stack.enter_context(running(make_runtime(settings, database)))
    cascade = _release(database)
    watch(database, until_idle=True)
    click.echo(f"{CaughtMail(FOLDER / 'mail.db').count():,} messages caught.")
    _say("Made-up people open their message and confirm over HTTP (no real person did)")
    click.echo(confirm_some(FOLDER / "mail.db", settings.base_url))
    return cascade


def _staff(database: Database) -> None:
    """The people of the made-up cell; nobody has a password until they choose one."""
    with database.writing() as session:
        for name, organisation, roles in STAFF:
            person = users.add(
                session,
                email=_address(name),
                name=name,
                organisation=organisation,
                roles=roles,
                now=utc_now(),
            )
            if "releaser" in roles:
                # They may release only with a second step; the link that is printed needs no code.
                secret = second_step.new_secret()
                code = pyotp.TOTP(secret).at(utc_now())
                second_step.turn_on(session, person.id, secret, code, utc_now())
            _note(session, "user-added", f"user {person.email}")


def _address(name: str) -> str:
    return f"{name.partition(' ')[0].lower()}@westcounty.example.org"


def _note(session: Session, act: str, subject: str, by: str = BY) -> None:
    audit.note(session, by=by, act=act, subject=subject, now=utc_now())


def _import(database: Database, file: Path) -> None:
    with database.writing() as session:
        result = import_table(session, read_table(file), utc_now(), Options())
    click.echo(
        f"  {file.name:<28}{result.added:>6,} contacts added,{len(result.rejected):>3} rejected"
        f"   ({result.read_as})"
    )
    for reject in result.rejected[:2]:
        click.echo(f"      line {reject.line}: {reject.reason}")


def _publish(database: Database) -> None:
    for file in sorted(TOOLKITS.glob("*.md")):
        with database.writing() as session:
            author, approver = (users.find(session, _address(name)) for name in ("Amina", "Joss"))
            version = publish(session, file.read_text("utf-8"), by=author.email, now=utc_now())
            signing.submit(session, version.id, by=author, now=utc_now())
            _note(session, "submitted", f"toolkit {version.title}", author.email)
            signing.approve(session, version.id, by=approver, now=utc_now())
            _note(session, "approved", f"toolkit {version.title}", approver.email)
            click.echo(
                f"  {version.title} ({version.language}, version {version.number}), "
                f"written by {author.name}, approved by {approver.name}"
            )


def _release(database: Database) -> int:
    with database.writing() as session:
        first, second = (users.find(session, _address(name)) for name in ("Lee", "Noor"))
        wanted = Release(
            find(session, "cold-snap"), EVERYBODY, Tier.URGENT, first.email, person=first
        )
        planned = release(session, wanted, utc_now(), sign_off=True)
        assert planned.cascade is not None
        _note(session, "released", f"cascade {planned.cascade}", first.email)
        countersign(session, planned.cascade, by=second, now=utc_now())
        _note(session, "countersigned", f"cascade {planned.cascade}", second.email)
    click.echo(
        f"  Cascade {planned.cascade}: {planned.organisations:,} organisations, "
        f"{planned.recipients:,} people, {planned.variants} variants; "
        f"released by {first.name}, countersigned by {second.name}"
    )
    for one in planned.suppressed:
        click.echo(f"  left out: {one['count']} ({one['reason']})")
    return planned.cascade


def _show_funnel(database: Database, cascade: int) -> None:
    _say("The funnel")
    with database.reading() as session:
        click.echo(funnel_text(funnel(session, cascade), utc_now()))


def _show_pages(settings: Settings, database: Database, cascade: int) -> None:
    base = settings.base_url
    _say("Look at it")
    click.echo(f"  The cascade:        {base}/cascades/{cascade}")
    click.echo(f"  All cascades:       {base}/")
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

"""The command line, and the place where everything is wired together."""

import click

from cascade import __version__
from cascade.cli.audience import audience
from cascade.cli.demo.command import demo
from cascade.cli.process import clock_command, desk, inbound_command, serve, work
from cascade.cli.release import list_cascades, pause, release, resume, withdraw
from cascade.cli.segment import segment
from cascade.cli.setup import config, db
from cascade.cli.status import inbound, outstanding, report, status
from cascade.cli.toolkit import toolkit


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def main() -> None:
    """Write a key message once; get it to every organisation; know who has read it."""


for command in (
    audience,
    clock_command,
    config,
    db,
    demo,
    desk,
    inbound,
    inbound_command,
    list_cascades,
    outstanding,
    pause,
    release,
    report,
    resume,
    segment,
    serve,
    status,
    toolkit,
    withdraw,
    work,
):
    main.add_command(command)

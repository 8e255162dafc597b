"""`cascade demo`."""

import click


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port of the pages.")
@click.option("--exit", "exit_", is_flag=True, help="End after the funnel instead of serving.")
def demo(port: int, exit_: bool) -> None:
    """A made-up county: import, publish, release, confirm, watch."""

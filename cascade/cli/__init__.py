"""The command line, and the place where everything is wired together."""

import importlib

import click

from cascade import __version__

_COMMANDS = {
    "audience": "audience:audience",
    "bulletin": "bulletin:bulletin",
    "clock": "process:clock_command",
    "config": "setup:config",
    "countersign": "sign_off:countersign",
    "db": "setup:db",
    "demo": "demo.command:demo",
    "desk": "serving:desk",
    "inbound": "status:inbound",
    "inbound-listener": "process:inbound_command",
    "insert": "insert:insert",
    "list": "release:list_cascades",
    "outstanding": "status:outstanding",
    "pause": "release:pause",
    "release": "release:release",
    "report": "status:report",
    "resume": "release:resume",
    "segment": "segment:segment",
    "serve": "serving:serve",
    "status": "status:status",
    "suppression": "suppression:suppression",
    "toolkit": "toolkit:toolkit",
    "user": "user:user",
    "withdraw": "release:withdraw",
    "work": "process:work",
}


class _Commands(click.Group):
    """Loads a command when it is asked for: each is quick to start and holds only what it needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(f"cascade.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__)
def main() -> None:
    """Write a key message once; get it to every organisation; know who has read it."""

"""The written house, read for the tests: documents, their tables, links and command lines."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]

_FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_TARGET = re.compile(r"^([a-z]+):.*## ", re.MULTILINE)


def document(name: str) -> str:
    """The text of a file, by its path from the root."""
    return (ROOT / name).read_text("utf-8")


def rows(name: str, heading: str) -> dict[str, tuple[str, ...]]:
    """The table under a heading: each first cell, without backticks, to the cells after it."""
    section = re.split(rf"^#+ {re.escape(heading)}$", document(name), flags=re.MULTILINE)[1]
    lines = re.split(r"^#", section, flags=re.MULTILINE)[0].splitlines()
    tables = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines if line.startswith("| ")]
    cells = [[cell.strip() for cell in row] for row in tables[1:]]
    return {first.strip("`"): tuple(rest) for first, *rest in cells if not set(first) <= {"-"}}


def links(name: str) -> list[str]:
    """Where the links of a document lead that stay within the project."""
    text = _FENCED.sub("", document(name))
    return [link for link in _LINK.findall(text) if not re.match(r"[a-z]+:", link)]


def anchors(text: str) -> set[str]:
    """The names under which headings can be reached."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def typed_commands(name: str) -> Iterator[list[str]]:
    """The `cascade …` lines in a document's blocks, as their words."""
    for block in _FENCED.findall(document(name)):
        for line in block.splitlines():
            if line.strip().startswith("cascade "):
                yield shlex.split(line)[1:]


def makefile_targets() -> set[str]:
    """The targets that people type."""
    return set(_TARGET.findall(document("Makefile")))


def tracked() -> list[Path]:
    """Every file of the project that is there, also those that are not committed yet."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return [path for name in listed.stdout.split("\0") if (path := ROOT / name).is_file()]


def commands(
    command: click.Command, path: tuple[str, ...] = ("cascade",)
) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by the words it is called with."""
    if not isinstance(command, click.Group):
        yield " ".join(path), command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from commands(found, (*path, name))


def options(command: click.Command) -> set[str]:
    """The long names of a command's options."""
    own = (one for one in command.params if isinstance(one, click.Option))
    return {name for one in own for name in one.opts if name.startswith("--")}


def called(line: str) -> str:
    """The command in a row such as `cascade segment show NAME`."""
    return " ".join(word for word in line.split() if not word.isupper())

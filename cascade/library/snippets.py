"""Pieces of Markdown that are ready to be put into a toolkit."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece, with what it is for."""

    name: str
    title: str
    text: str


@cache
def snippets() -> tuple[Snippet, ...]:
    """Every piece, by title. A file begins with its title as a comment: `<!-- Title -->`."""
    folder = files(__package__).joinpath("pieces")
    found = [
        _read(one.name.removesuffix(".md"), one.read_text("utf-8"))
        for one in folder.iterdir()
        if one.name.endswith(".md")
    ]
    return tuple(sorted(found, key=lambda each: each.title))


def _read(name: str, text: str) -> Snippet:
    head, _, body = text.partition("\n")
    return Snippet(name, head.removeprefix("<!--").removesuffix("-->").strip(), body.strip() + "\n")

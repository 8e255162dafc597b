"""The Jinja templates of everything that goes out by email, `templates/email/`."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parents[1] / "templates" / "email"


def render(name: str, values: dict[str, object]) -> str:
    """A template filled; values are escaped in `.html`, and one that is missing is an error."""
    return _environment().get_template(name).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["heading"] = _heading
    return environment


def _heading(words: str) -> str:
    """A title with a line under it, as plain text shows one."""
    return f"{words}\n{'=' * min(len(words), 70)}"

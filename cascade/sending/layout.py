"""The email layout: Jinja templates, and CSS moved to where mail programs look for it."""

import logging
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from premailer import Premailer

TEMPLATES = Path(__file__).parents[2] / "templates" / "email"


def html_page(values: dict[str, Any]) -> str:
    """The whole HTML part."""
    return inline(_environment().get_template("message.html").render(values))


def text_page(values: dict[str, Any]) -> str:
    """The whole plain text part."""
    return _environment().get_template("message.txt").render(values).strip() + "\n"


def inline(html: str) -> str:
    """The page with its first style sheet moved into `style` attributes; about 5 ms.

    Media queries stay in the head. Not for two threads at once: the CSS parser below it is shared.
    """
    premailer = _Premailer(
        html,
        allow_network=False,
        allow_loading_external_files=False,
        disable_validation=True,
        disable_link_rewrites=True,
        disable_leftover_css=True,
        disable_basic_attributes=["height"],  # `auto` is no attribute's value
        cssutils_logging_level=logging.CRITICAL,
    )
    transformed: str = premailer.transform(pretty_print=False)
    return transformed


class _Premailer(Premailer):  # type: ignore[misc]  # published without types
    """Reads a style sheet once: ours is the same in every message, and reading it takes longer
    than everything that is done with it."""

    _read: ClassVar[dict[tuple[str, int], Any]] = {}

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> tuple[list[Any], list[Any]]:
        key = (css_body, ruleset_index)
        if key not in self._read:
            if len(self._read) >= _SHEETS:
                self._read.clear()
            self._read[key] = super()._parse_style_rules(css_body, ruleset_index)
        rules, leftover = self._read[key]
        return list(rules), list(leftover)


_SHEETS = 16


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

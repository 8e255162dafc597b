"""The email layout: filled, and its CSS moved to where mail programs look for it."""

import logging
from threading import Lock
from typing import Any, ClassVar

from markupsafe import Markup
from premailer import Premailer

from cascade.email_templates import render

_ONE_AT_A_TIME = Lock()  # cssutils keeps its state for the whole process, in module globals


def html_page(values: dict[str, Any]) -> str:
    """The whole HTML part."""
    return inline(render("message.html", values))


def text_page(values: dict[str, Any]) -> str:
    """The whole plain text part."""
    return render("message.txt", values).strip() + "\n"


def fragment(html: str, values: dict[str, Any]) -> str:
    """A part of the message body with its CSS inlined as that of the whole is; some 5 ms."""
    page = inline(render("fragment.html", {**values, "fragment": Markup(html)}))
    return page.partition(_OPEN)[2].partition(_CLOSE)[0].strip()


_OPEN, _CLOSE = "<!--fragment-->", "<!--end-->"


def inline(html: str) -> str:
    """The page with its first style sheet moved into `style` attributes; about 5 ms.

    Media queries stay in the head. One at a time: pages show previews while messages are composed.
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
    with _ONE_AT_A_TIME:
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

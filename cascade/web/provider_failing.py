"""The page for who comes back from the provider of sign-in with nothing that lets them in."""

import secrets
from typing import Any

import structlog
from flask import render_template
from werkzeug.wrappers import Response

from cascade.errors import NotVouched
from cascade.web import access

_WORDS = {
    "declined": (
        403,
        "{name} has not let you in",
        "You or {name} said no. You can try again, or sign in with a password.",
    ),
    "again": (
        400,
        "That did not work",
        (
            "It took too long, was begun in another window, or the page was loaded twice. "
            "Begin again from here."
        ),
    ),
    "away": (
        503,
        "{name} does not answer",
        "Try again in a few minutes. If you have a password here, sign in with that.",
    ),
    "wrong": (
        502,
        "The answer of {name} was not right",
        "Nobody was signed in. An administrator should look at the settings and at the log.",
    ),
}
_OURS = frozenset({"away", "wrong"})

_log = structlog.get_logger(__name__)


def failed(error: NotVouched, name: str) -> Response:
    """What to do now; what it is exactly stands in the log, under the reference."""
    reference = secrets.token_hex(4).upper()
    _log.warning("provider_failed", reference=reference, reason=error.reason, summary=str(error))
    status, title, remedy = _WORDS[error.reason]
    return page(
        status,
        title.format(name=name),
        remedy.format(name=name),
        reference=reference if error.reason in _OURS else None,
    )


def page(status: int, title: str, remedy: str, **more: Any) -> Response:
    """In our look, with the way back to where it began."""
    again = "account.show" if access.visitor() else "provider.begin"
    text = render_template("provider-failed.html", title=title, remedy=remedy, again=again, **more)
    return Response(text, status, mimetype="text/html")

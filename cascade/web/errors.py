"""Pages for what goes wrong, each with what to do next; never a traceback."""

import secrets

import structlog
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.exceptions import NotFound as PageNotFound

from cascade.accounts.permissions import ALLOWED, PERMISSION_WORDS, ROLE_WORDS, Role, granted
from cascade.errors import NotFound
from cascade.web import access, frames, unsaved

_log = structlog.get_logger(__name__)

_WORDS: dict[int, tuple[str, str]] = {
    400: ("This request could not be read", "Go back, load the page again and try once more."),
    404: (
        "Page not found",
        "If you typed the address, check it. If you pasted it, check that you copied all of it.",
    ),
    405: ("This page can't be used like that", "Go back, or begin on the first page."),
    409: ("This can't be changed any more", "Go back and load the page again to see why."),
    413: ("That is too much to send", "Shorten your comment and send it again."),
    422: ("This could not be accepted", "Go back, correct what you entered and send it again."),
    429: ("Too many tries", "Wait a quarter of an hour and try again."),
    503: ("Cascade is not ready", "Try again in a minute."),
}
_OTHER = ("Something went wrong", "Try again in a few minutes.")
_IN_A_FRAME = ("Nothing can be shown here", "Load the page around it again to see why.")
_SIGNED_OUT = ("You are signed out", "Load the page around this again to sign in.")
_FAILED = "Sorry, this page has failed"


def not_found_by_link(error: HTTPException, *, stops: bool = False) -> ResponseReturnValue:
    """The page for a link from a message that isn't one of ours: the reader can still answer.

    `stops`: it was to stop messages.
    """
    return render_template("broken-link.html", stops=stops), 404


def register(app: Flask) -> None:
    """Answer every error of the application in the same look."""
    app.register_error_handler(HTTPException, _expected)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Exception, _unexpected)


def _expected(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None or code < 400:  # a redirect that werkzeug raises
        return error.get_response()
    if frames.is_asked():
        is_out = isinstance(error, access.NotSignedIn)
        return frames.instead(*(_SIGNED_OUT if is_out else _IN_A_FRAME), code)
    if code == 403:
        return unsaved.page(error) or _forbidden(error), 403
    title, remedy = _WORDS.get(code, _OTHER)
    if code == 413:
        remedy = unsaved.TOO_LARGE.get(request.endpoint or "", remedy)
    page = render_template("error.html", title=title, remedy=remedy)
    # Allow (405) and Retry-After (429) belong to the error, its own page's type does not.
    headers = [pair for pair in error.get_headers() if pair[0] != "Content-Type"]
    return page, code, headers


def _not_found(error: NotFound) -> ResponseReturnValue:
    """Something that an address names isn't there: no page needs to look out for that."""
    return _expected(PageNotFound())


def _forbidden(error: HTTPException) -> str:
    match error:
        case access.NotAllowed(permission=wanted):
            roles = [ROLE_WORDS[role] for role in Role if wanted in ALLOWED[role]]
            lacks_step = wanted in granted(access.person().roles)
            return render_template(
                "forbidden.html",
                words=PERMISSION_WORDS[wanted],
                roles=roles,
                lacks_step=lacks_step,
            )
        case access.Forged():
            return render_template("forged.html")
    return render_template("desk-closed.html")


def _unexpected(error: Exception) -> ResponseReturnValue:
    reference = secrets.token_hex(4).upper()
    # The rule, not the path: a path may hold somebody's token.
    rule = request.url_rule.rule if request.url_rule else None
    _log.error("page_failed", reference=reference, method=request.method, rule=rule, exc_info=error)
    if frames.is_asked():
        return frames.instead(_FAILED, f"Give the reference {reference} to who runs Cascade.", 500)
    page = render_template(
        "error.html",
        title=_FAILED,
        remedy="What you sent was not saved. Go back, and try once more.",
        reference=reference,
    )
    return page, InternalServerError.code

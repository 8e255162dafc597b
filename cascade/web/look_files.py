"""`/look/<colour>.css` and `/logo/<sha256>`: what headers are drawn with, for everybody."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from cascade.look import colours, logos
from cascade.web.site import site

_FOR_EVER = "public, max-age=31536000, immutable"
_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"

pages = Blueprint("look_files", __name__)


@pages.get("/look/<colour>.css")
def style(colour: str) -> ResponseReturnValue:
    """The header in a colour: the same for ever under the same address."""
    shown = f"#{colour}"
    if colours.colour(shown) != shown or not colours.is_readable(shown):
        raise NotFound
    dark = colours.darker(shown)
    answer = Response(
        f"@media screen{{.nhsuk-header,.nhsuk-header__navigation{{background-color:{shown}}}"
        f".nhsuk-header__account{{background-color:{dark};border-color:{dark}}}"
        f".nhsuk-header__account-item{{outline-color:{shown}}}"
        f".nhsuk-header__navigation-container{{box-shadow:0 -1px 0 0 {dark}}}}}\n",
        mimetype="text/css",
    )
    answer.headers["Cache-Control"] = _FOR_EVER
    return answer


@pages.get("/logo/<sha256>")
def logo(sha256: str) -> ResponseReturnValue:
    """A logo: its bytes never change, and whatever is in them runs nothing."""
    with site().database.reading() as session:
        found = logos.get(session, sha256)
    answer = Response(found.content, mimetype=found.media_type)
    answer.headers["Content-Security-Policy"] = _SANDBOX
    answer.headers["Cache-Control"] = _FOR_EVER
    answer.set_etag(sha256)
    return answer.make_conditional(request)

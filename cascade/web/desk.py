"""Who may see the cell's pages: holders of a link from `cascade desk`, for one working day."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from cascade.config import Settings
from cascade.web.site import site

LINK_FOR = timedelta(hours=1)
"""How long a link can be used to come in."""
STAY_FOR = timedelta(hours=12)
"""How long the browser that came in stays in."""

_COOKIE = "cascade-desk"

pages = Blueprint("desk", __name__)


def desk_link(settings: Settings, now: datetime) -> str:
    """The address that lets its holder in, valid for an hour."""
    return f"{settings.base_url}/desk/{_pass(settings, 'link', now + LINK_FOR)}"


def guard() -> None:
    """Turn away whoever has not come in; a `before_request` of each of the cell's blueprints."""
    here = site()
    if here.settings.desk == "open":
        return
    if not _is_valid(here.settings, "cookie", request.cookies.get(_COOKIE, ""), here.clock()):
        abort(403)


@pages.get("/desk/<token>")
def door(token: str) -> ResponseReturnValue:
    """A page with a button: programs that follow links do not come in."""
    _check(token)
    return render_template("desk.html", hours=STAY_FOR // timedelta(hours=1))


@pages.post("/desk/<token>")
def come_in(token: str) -> ResponseReturnValue:
    _check(token)
    here = site()
    answer: Response = redirect(url_for("cascades.home"), 303)  # type: ignore[assignment]
    answer.set_cookie(
        _COOKIE,
        _pass(here.settings, "cookie", here.clock() + STAY_FOR),
        max_age=STAY_FOR,
        secure=here.is_https,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _check(token: str) -> None:
    here = site()
    if not _is_valid(here.settings, "link", token, here.clock()):
        abort(403)


def _pass(settings: Settings, purpose: str, until: datetime) -> str:
    return str(_signer(settings, purpose).dumps(int(until.timestamp())))


def _is_valid(settings: Settings, purpose: str, token: str, now: datetime) -> bool:
    try:
        until = _signer(settings, purpose).loads(token)
    except BadSignature:
        return False
    return isinstance(until, int) and now.timestamp() < until


def _signer(settings: Settings, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(settings.secret, salt=f"cascade-desk-{purpose}")

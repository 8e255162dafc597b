"""Who is asking: the browser's visit from its cookie, and the guards of the cell's pages."""

import hashlib
from collections.abc import Callable
from typing import TypedDict
from urllib.parse import urlsplit

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import Signer
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from cascade.accounts import visits
from cascade.accounts.permissions import Permission
from cascade.accounts.users import Person
from cascade.accounts.visits import Visitor
from cascade.sign_off import clearance
from cascade.web import frames
from cascade.web.site import site

ASKING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""

_LONGEST_ADDRESS = 500
_LONGEST_BROWSER = 200


class NotSignedIn(Forbidden):
    """Something was sent, or a frame asked for, by a browser that nobody is signed in with."""


class NotAllowed(Forbidden):
    """The person who is signed in doesn't have the permission."""

    def __init__(self, permission: Permission) -> None:
        super().__init__()
        self.permission = permission


class Forged(Forbidden):
    """A form that isn't from a page of this visit, or was sent from another site."""


def require(permission: Permission | None = None) -> Callable[[], ResponseReturnValue | None]:
    """A `before_request` that lets pass who may do this, or with None whoever is signed in."""

    def guard() -> ResponseReturnValue | None:
        if permission is not None and permission in permissions() and request.method in ASKING:
            return None
        if visitor() is None:
            return _invite_to_sign_in()
        if permission is not None and permission not in permissions():
            raise NotAllowed(permission)
        if request.method not in ASKING:
            check_stamp()
        return None

    return guard


def visitor() -> Visitor | None:
    """Who is signed in with this browser; looked up once for a request, when first asked for."""
    if "visitor" not in g:
        g.visitor = _look_up(request.cookies.get(cookie_name(), ""))
    found: Visitor | None = g.visitor
    return found


def person() -> Person:
    """The person who is signed in, on pages that nobody else comes to."""
    return here().person


def here() -> Visitor:
    """The visit of who is signed in, on pages that nobody else comes to."""
    found = visitor()
    if found is None:
        raise NotSignedIn
    return found


def permissions() -> frozenset[Permission]:
    """What may be done in this request; an open desk lets everybody see."""
    found = visitor()
    own = found.person.permissions if found else frozenset()
    return own | {Permission.SEE} if site().settings.desk == "open" else own


def sign_off_in_force() -> bool:
    """Whether what is released must have been approved by somebody else; asked once a request."""
    if "sign_off" not in g:
        setting = site().settings.sign_off
        if setting == "auto" and visitor() is None:
            with site().database.reading() as session:
                g.sign_off = clearance.in_force(session, setting)
        else:
            # Somebody is signed in, so there are accounts.
            g.sign_off = setting != "off"
    found: bool = g.sign_off
    return found


def enter(answer: Response, token: str) -> Response:
    """Give the browser the token of its new visit."""
    return keep(answer, cookie_name(), token, int(visits.LASTS.total_seconds()))


def leave(answer: Response) -> Response:
    """Take the token from the browser."""
    return keep(answer, cookie_name(), "", 0)


def keep(answer: Response, name: str, value: str, seconds: int) -> Response:
    """Set a cookie that neither scripts nor forms of other sites can use."""
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=site().is_https,
        httponly=True,
        samesite="Lax",
    )
    return answer


def cookie_name(of: str = "cascade") -> str:
    """With `__Host-` a browser takes it only over https and from this very host."""
    return f"__Host-{of}" if site().is_https else of


def stamp() -> str:
    """What a form of this visit carries: who doesn't know the cookie can't make it."""
    return _stamper().get_signature(request.cookies.get(cookie_name(), "")).decode()


def check_stamp() -> None:
    """Refuse a form that isn't from a page of this visit."""
    known = request.cookies.get(cookie_name(), "")
    if not _stamper().verify_signature(known.encode(), request.form.get("stamp", "").encode()):
        raise Forged


def refuse_other_sites() -> None:
    """A `before_request` of forms that come before a visit: browsers say where a form is from."""
    foreign = request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
    if request.method not in ASKING and foreign:
        raise Forged


def local(address: str) -> str:
    """An address on this site, as it was given; anything else becomes the first page."""
    parts = urlsplit(address) if _is_plain(address) else None
    if parts is None or parts.scheme or parts.netloc or not address.startswith("/"):
        return url_for("cascades.home")
    return address


class Client(TypedDict):
    """Where a request comes from."""

    address: str
    browser: str


def client() -> Client:
    """Where a request comes from, as visits and throttles keep it."""
    return {
        "address": request.remote_addr or "",
        "browser": request.user_agent.string[:_LONGEST_BROWSER],
    }


def _is_plain(address: str) -> bool:
    # Browsers read a backslash as a slash and drop line ends: //other.example in disguise.
    return (
        len(address) <= _LONGEST_ADDRESS
        and address.isprintable()
        and "\\" not in address
        and not address.startswith("//")
    )


def _look_up(token: str) -> Visitor | None:
    if not token:
        return None
    with site().database.reading() as session:
        return visits.current(session, token, site().clock())


def _invite_to_sign_in() -> ResponseReturnValue:
    if request.method not in ASKING or frames.is_asked():
        raise NotSignedIn
    wanted = request.full_path.removesuffix("?")
    return redirect(url_for("entrance.show", next=None if wanted == "/" else wanted), 303)


def _stamper() -> Signer:
    return Signer(site().settings.secret, salt="cascade-visit-form", digest_method=hashlib.sha256)

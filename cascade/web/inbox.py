"""`/inbox`: what the demo's mail catcher holds; only there when the catcher is set."""

from email.message import EmailMessage

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from cascade.accounts.permissions import Permission
from cascade.paging import Page
from cascade.web import access
from cascade.web.frames import framed
from cascade.web.paging import page_number, typed
from cascade.web.site import site
from cascade.web.tokens import ROW
from channels.catcher import CaughtMail, CaughtMessage

_SIZE = 25

pages = Blueprint("inbox", __name__, url_prefix="/inbox")
pages.before_request(access.require(Permission.SEE))


@pages.get("/")
def listing() -> ResponseReturnValue:
    number = page_number()
    search = typed()
    mail = _mail()
    lines = tuple(mail.page((number - 1) * _SIZE, _SIZE, search))
    found = Page(lines, number, _SIZE, mail.count(search))
    return render_template("inbox.html", found=found, search=search)


@pages.get(f"/<{ROW}:number>")
def show(number: int) -> ResponseReturnValue:
    caught = _caught(number)
    message = caught.parsed()
    return render_template(
        "caught.html", caught=caught, headers=message.items(), text=_part(message, "plain")
    )


@pages.get(f"/<{ROW}:number>/html")
def html(number: int) -> ResponseReturnValue:
    """The HTML part by itself, for a frame that may run nothing."""
    page = _part(_caught(number).parsed(), "html")
    return framed(page)


@pages.get(f"/<{ROW}:number>/raw")
def raw(number: int) -> ResponseReturnValue:
    """The message as it came over the wire."""
    return Response(_caught(number).raw.decode("utf-8", "replace"), mimetype="text/plain")


def _mail() -> CaughtMail:
    catcher = site().settings.catcher
    assert catcher is not None, "registered only when the catcher is set"
    return CaughtMail(catcher)


def _caught(number: int) -> CaughtMessage:
    found = _mail().get(number)
    if found is None:
        raise NotFound
    return found


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""

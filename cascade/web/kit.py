"""`/library/<toolkit_name>/kit`: everything to repost a toolkit with, for anybody."""

import hashlib

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as PageNotFound

from cascade.errors import BadInput, Refused
from cascade.shelf.brands import LARGEST, Brand
from cascade.shelf.bundle import bundle
from cascade.shelf.kit import MEDIA_TYPES, checked, file, file_name, has
from cascade.shelf.orders import illustrated
from cascade.shelf.workshop import Busy, Workshop
from cascade.web import access, writing
from cascade.web.kit_forms import KitForm
from cascade.web.kit_page import BRANDED, Wanted, page, wanted
from cascade.web.site import site

_AROUND = 64 * 1024  # the fields and borders of the form that a logo comes in
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
_A_MINUTE = "public, max-age=60, stale-while-revalidate=600"
_ZIP = "kit.zip"
_BUSY_SECONDS = 10
WORKSHOP = Workshop()
"""One for the process, whose processor it is; what it keeps depends on nothing but its key."""

pages = Blueprint("kit", __name__)


@pages.before_request
def _guard() -> None:
    writing.room(LARGEST + _AROUND)()
    access.refuse_other_sites()


@pages.get("/library/<toolkit_name>/kit")
def show(toolkit_name: str) -> ResponseReturnValue:
    form = KitForm(request.args)
    brand = _brand(form)
    shown = make_response(page(wanted(toolkit_name, brand or Brand()), form))
    if brand is None:
        return shown, 422
    return _for_everybody(shown)


@pages.post("/library/<toolkit_name>/kit")
def make(toolkit_name: str) -> ResponseReturnValue:
    """A file with the group's logo in it; the logo is forgotten with the answer."""
    form = KitForm(request.form)
    name = request.form.get("make", _ZIP)
    if name not in BRANDED:
        raise PageNotFound
    brand = _brand(form)
    kit = wanted(toolkit_name, brand or Brand())
    return (page(kit, form), 422) if brand is None else _file(kit, name)


@pages.get("/library/<toolkit_name>/kit/<piece>.<ending>")
def piece(toolkit_name: str, piece: str, ending: str) -> ResponseReturnValue:
    """One file."""
    if not has(piece, ending):
        raise PageNotFound
    return _asked(toolkit_name, f"{piece}.{ending}")


@pages.get("/library/<toolkit_name>/kit.zip")
def everything(toolkit_name: str) -> ResponseReturnValue:
    """All of them."""
    return _asked(toolkit_name, _ZIP)


def _asked(toolkit: str, name: str) -> ResponseReturnValue:
    form = KitForm(request.args)
    brand = _brand(form)
    kit = wanted(toolkit, brand or Brand())
    if brand is None:
        return page(kit, form), 422
    answer = make_response(_file(kit, name))
    return _for_everybody(answer).make_conditional(request) if answer.status_code == 200 else answer


def _brand(form: KitForm) -> Brand | None:
    """What the form says of the group; None: it has problems, which it shows from then on."""
    try:
        return form.given()
    except BadInput as error:
        form.explain(error)
        return None


def _for_everybody(answer: Response) -> Response:
    answer.headers["Cache-Control"] = _A_MINUTE
    answer.vary.add("Accept-Language")
    return answer


def _file(kit: Wanted, name: str) -> ResponseReturnValue:
    """The bytes as a download, or a page that says why there are none."""
    if kit.is_over:
        return _sorry("This toolkit has come to its end", "Please do not use it any more.", 410)
    try:
        content = WORKSHOP.get(f"{kit.order.key}/{name}", lambda: _made(kit, name))
    except Refused as error:
        return _sorry("This could not be made", str(error), 422)
    except Busy:
        return busy()
    stem, _, ending = name.rpartition(".")
    answer = Response(content, mimetype=MEDIA_TYPES[ending])
    answer.headers["Content-Security-Policy"] = SANDBOX
    shown_as = file_name(kit.order, stem, ending)
    answer.headers["Content-Disposition"] = f'attachment; filename="{shown_as}"'
    answer.set_etag(hashlib.sha256(content).hexdigest()[:32])
    return answer


def busy() -> ResponseReturnValue:
    """What is said while the workshop has enough to do."""
    sorry = _sorry("Many people are taking kits just now", "Try again in a minute.", 503)
    return *sorry, {"Retry-After": str(_BUSY_SECONDS)}


def _made(kit: Wanted, name: str) -> bytes:
    with site().database.reading() as session:
        whole = illustrated(session, checked(kit.order))
    # What takes seconds holds no connection.
    stem, _, ending = name.rpartition(".")
    return bundle(whole) if name == _ZIP else file(whole, stem, ending)


def _sorry(title: str, remedy: str, status: int) -> tuple[str, int]:
    return render_template("error.html", title=title, remedy=remedy), status

"""`/suppressions`: addresses that are not written to, and why."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from cascade.accounts.permissions import Permission
from cascade.audience.suppression import REASON_WORDS, listing
from cascade.web import access
from cascade.web.paging import page_number, typed
from cascade.web.site import site

_SIZE = 50

pages = Blueprint("suppressions", __name__)
pages.before_request(access.require(Permission.SEE_PEOPLE))


@pages.get("/suppressions")
def show() -> ResponseReturnValue:
    search = typed()
    reason = request.args.get("reason", "")
    reason = reason if reason in REASON_WORDS else ""
    with site().database.reading() as session:
        found = listing(session, search=search, reason=reason, page=page_number(), size=_SIZE)
    return render_template(
        "suppressions.html", found=found, search=search, reason=reason, reasons=REASON_WORDS
    )

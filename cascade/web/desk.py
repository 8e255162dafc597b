"""`/desk/<token>`: the way in for who has a link from the machine that Cascade runs on."""

from typing import Final

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cascade.accounts import links, signing_in
from cascade.web import access
from cascade.web.site import site

_PURPOSE: Final = "sign-in"

pages = Blueprint("desk", __name__)
pages.before_request(access.refuse_other_sites)


@pages.get("/desk/<token>")
def door(token: str) -> ResponseReturnValue:
    """A page with a button: programs that follow links do not come in."""
    with site().database.reading() as session:
        person = links.peek(session, _PURPOSE, token, site().clock())
    if person is None:
        return _spent()
    return render_template("desk.html", person=person)


@pages.post("/desk/<token>")
def come_in(token: str) -> ResponseReturnValue:
    now = site().clock()
    with site().database.writing() as session:
        person = links.redeem(session, _PURPOSE, token, now)
        if person is None:
            return _spent()
        visit = signing_in.let_in(session, person, now=now, detail="by a link", **access.client())
    return access.enter(redirect(url_for("cascades.home"), 303), visit)


def _spent() -> ResponseReturnValue:
    return render_template("spent-link.html", purpose=_PURPOSE), 403

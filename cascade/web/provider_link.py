"""`/account/provider`: link one's account with one at the provider of sign-in, and end the link."""

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Conflict

from cascade.accounts import linking
from cascade.errors import NotVouched, Refused
from cascade.web import access, attempts
from cascade.web.attempts import Remembered
from cascade.web.provider import there
from cascade.web.provider_failing import failed
from cascade.web.site import site

pages = Blueprint("provider_link", __name__, url_prefix="/account/provider")
pages.before_request(access.require())


@pages.post("/link")
def begin() -> ResponseReturnValue:
    """The way there. It begins with a form of this visit: no other site has anybody's account
    linked with an account of its own choice."""
    provider, account = there(), url_for("account.show")
    try:
        address, attempt = provider.begin(site().clock())
    except NotVouched as error:
        return failed(error, provider.registration.name)
    page = make_response(render_template("provider-go-on.html", address=address))
    return attempts.remember(page, Remembered(attempt, account, access.person().id))


@pages.post("/unlink")
def unlink() -> ResponseReturnValue:
    name = there().registration.name
    try:
        with site().database.writing() as session:
            linking.unlink(session, access.person().id, by=name, now=site().clock())
    except Refused:
        raise Conflict from None
    return redirect(url_for("account.show"), 303)

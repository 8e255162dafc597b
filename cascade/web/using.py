"""`/library/<toolkit>/used` and `/t/<token>/used`: “we used it”."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cascade.errors import BadInput
from cascade.reposts import using
from cascade.sending.deadlines import LONDON
from cascade.web import access, writing
from cascade.web.public_toolkits import Public, count_try, public_toolkit
from cascade.web.repost_forms import UsedForm
from cascade.web.site import site
from cascade.web.takers import taker_of

ROOM = using.LARGEST_PICTURE + 256 * 1024
"""Bytes of the form with its picture; one that is a little too large is refused at its field."""

pages = Blueprint("using", __name__)
pages.before_request(writing.room(ROOM))
pages.before_request(access.refuse_other_sites)


@pages.get("/library/<toolkit_name>/used")
def show(toolkit_name: str) -> ResponseReturnValue:
    return _page(public_toolkit(toolkit_name), UsedForm())


@pages.post("/library/<toolkit_name>/used")
def send(toolkit_name: str) -> ResponseReturnValue:
    done = url_for(".show", toolkit_name=toolkit_name, sent="yes")
    return _answer(public_toolkit(toolkit_name), done)


@pages.get("/t/<token>/used")
def show_own(token: str) -> ResponseReturnValue:
    """The form of somebody we wrote to: who they are stands in it already."""
    taker = taker_of("used", token)
    form = UsedForm(group=taker.name, email=taker.email)
    return _page(public_toolkit(taker.toolkit), form)


@pages.post("/t/<token>/used")
def send_own(token: str) -> ResponseReturnValue:
    taker = taker_of("used", token)
    done = url_for(".show_own", token=token, sent="yes")
    return _answer(public_toolkit(taker.toolkit), done, taker.id)


def _answer(public: Public, done: str, taker: int | None = None) -> ResponseReturnValue:
    form = UsedForm(request.form)
    if not form.validate():
        return _page(public, form), 422
    if form.is_from_a_machine:
        return redirect(done, 303)
    count_try()
    now, loopback = site().clock(), site().settings.check_loopback
    try:
        # A picture is drawn anew here, before there is a transaction.
        report = using.checked(form.given(), public.since, now, loopback=loopback)
    except BadInput as error:
        form.explain(error)
        return _page(public, form), 422
    with site().database.writing() as session:
        using.keep(session, public.id, report, now=now, taker=taker)
    return redirect(done, 303)


def _page(public: Public, form: UsedForm) -> str:
    sent = request.method == "GET" and request.args.get("sent") == "yes"
    today = site().clock().astimezone(LONDON).date().isoformat()
    return render_template("used.html", toolkit=public, form=form, sent=sent, today=today)

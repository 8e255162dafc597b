"""`/library/<toolkit>/take`: a link of one's own; `/t/<token>`: where it leads."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cascade.errors import BadInput
from cascade.links import Purpose
from cascade.reposts import taking
from cascade.reposts.taking import Known
from cascade.web import access
from cascade.web.appearance import look
from cascade.web.counting import counting
from cascade.web.public_toolkits import Public, count_try, public_toolkit
from cascade.web.repost_forms import TakeForm
from cascade.web.site import site
from cascade.web.tokens import delivery_of

_STOP, _KEEP = "stop", "keep"

pages = Blueprint("takers", __name__)
pages.before_request(access.refuse_other_sites)


@pages.get("/library/<toolkit_name>/take")
def show(toolkit_name: str) -> ResponseReturnValue:
    return _page(public_toolkit(toolkit_name), TakeForm())


@pages.post("/library/<toolkit_name>/take")
def take(toolkit_name: str) -> ResponseReturnValue:
    """The same answer for everybody: it tells nobody whom we know."""
    public, form = public_toolkit(toolkit_name), TakeForm(request.form)
    if not form.validate():
        return _page(public, form), 422
    try:
        taking.checked(form.asked())
    except BadInput as error:
        form.explain(error)
        return _page(public, form), 422
    if not form.is_from_a_machine:
        count_try()
        _take(public, form)
    return redirect(url_for(".show", toolkit_name=toolkit_name, sent="yes"), 303)


@pages.get("/t/<token>")
def follow(token: str) -> ResponseReturnValue:
    """To the toolkit, counted by day; nothing is kept of who follows it, no cookie is set."""
    return redirect(f"/library/{_counted(token).toolkit}", 302)


@pages.get("/t/<token>/kit")
def follow_to_kit(token: str) -> ResponseReturnValue:
    """The same, to what there is to repost."""
    return redirect(f"/library/{_counted(token).toolkit}/kit", 302)


@pages.get("/t/<token>/stop")
def ask_to_stop(token: str) -> ResponseReturnValue:
    return render_template("taker-stop.html", taker=taker_of("used", token), problem="")


@pages.post("/t/<token>/stop")
def stop(token: str) -> ResponseReturnValue:
    """The link itself is the proof that it's their address."""
    taker, choice = taker_of("used", token), request.form.get("choice")
    if choice not in (_STOP, _KEEP):
        problem = "Choose what we should do"
        return render_template("taker-stop.html", taker=taker, problem=problem), 422
    with site().database.writing() as session:
        if choice == _STOP:
            taking.stop(session, taker, site().clock())
        else:
            taking.start(session, taker)
    return redirect(url_for(".ask_to_stop", token=token), 303)


def taker_of(purpose: Purpose, token: str) -> Known:
    """Who has this link; answers 404 when it isn't one of ours."""
    number = delivery_of(purpose, token)
    with site().database.reading() as session:
        return taking.known(session, number)


def _counted(token: str) -> Known:
    taker = taker_of("taker", token)
    public_toolkit(taker.toolkit)  # not found where it isn't for everybody any more
    counting().follow(taker.id)
    return taker


def _take(public: Public, form: TakeForm) -> None:
    days = site().settings.follow_up_days
    with site().database.writing() as session:
        taking.take(
            session,
            public.id,
            public.title,
            form.asked(),
            links=site().links,
            cell=look().cell,
            follow_up=timedelta(days=days) if days else None,
            now=site().clock(),
        )


def _page(public: Public, form: TakeForm) -> str:
    sent = request.method == "GET" and request.args.get("sent") == "yes"
    return render_template("take.html", toolkit=public, form=form, sent=sent)

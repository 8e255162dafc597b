"""`/bulletins/<bulletin>/subscribe`: ask for a public bulletin, and say yes by a letter's link."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cascade.accounts import throttling
from cascade.bulletins import archive, subscribers
from cascade.errors import BadInput, NotFound
from cascade.shelf.visible import audiences
from cascade.web import access
from cascade.web.bulletin_forms import SubscribeForm
from cascade.web.site import site

pages = Blueprint("subscribing", __name__, url_prefix="/bulletins/<bulletin>/subscribe")
pages.before_request(access.refuse_other_sites)


@pages.get("")
def show(bulletin: str) -> ResponseReturnValue:
    return _page(bulletin, SubscribeForm(), is_sent=request.args.get("sent") == "yes")


@pages.post("")
def ask(bulletin: str) -> ResponseReturnValue:
    """Write to the address; the answer is the same whether it gets the bulletin already or not."""
    form = SubscribeForm(request.form)
    now = site().clock()
    try:
        with site().database.writing() as session:
            row = archive.find(session, bulletin, audiences(session))
            asked, address = subscribers.ask(session, row, form.email.text, now)
            names = [f"subscribe:{asked.id}", f"subscriber:{request.remote_addr or ''}"]
            if throttling.allows(session, names, now):
                token = site().links.token("subscribe", asked.ticket)
                link = url_for(".confirmation", bulletin=bulletin, token=token)
                home = site().settings.base_url
                subscribers.letter(session, row, address, f"{home}{link}", now)
    except BadInput as error:
        form.explain(error)
        return _page(bulletin, form), 422
    return redirect(url_for(".show", bulletin=bulletin, sent="yes"), 303)


@pages.get("/<token>")
def confirmation(bulletin: str, token: str) -> ResponseReturnValue:
    """A page with a button: programs that follow links subscribe nobody."""
    with site().database.reading() as session:
        row = archive.find(session, bulletin, audiences(session))
        asked = subscribers.pending(session, row, _ticket(token), site().clock())
        done = asked.confirmed_at is not None
    return render_template("subscribe-confirm.html", bulletin=row, email=asked.email, done=done)


@pages.post("/<token>")
def confirm(bulletin: str, token: str) -> ResponseReturnValue:
    with site().database.writing() as session:
        row = archive.find(session, bulletin, audiences(session))
        subscribers.confirm(session, row, _ticket(token), site().clock())
    return redirect(url_for(".confirmation", bulletin=bulletin, token=token), 303)


def _ticket(token: str) -> int:
    found = site().links.read("subscribe", token)
    if found is None:
        raise NotFound("This link is not complete. Use the whole of it.")
    return found


def _page(bulletin: str, form: SubscribeForm, *, is_sent: bool = False) -> str:
    with site().database.reading() as session:
        row = archive.find(session, bulletin, audiences(session))
    return render_template("subscribe.html", bulletin=row, form=form, is_sent=is_sent)

"""`/bulletins/<bulletin>/subscribe`: ask for a public bulletin, and say yes by a letter's link."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.bulletins import archive, subscribers
from cascade.bulletins.records import Bulletin
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
    """Write to the address; the answer is the same whatever is known of it."""
    form = SubscribeForm(request.form)
    now = site().clock()
    try:
        with site().database.writing() as session:
            row = archive.find(session, bulletin, audiences(session))
            address = subscribers.checked(form.email.text)
            place = access.client()["address"]
            if subscribers.may_be_written_to(session, address, place, now):
                _write(session, row, address, now)
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


def _write(session: Session, bulletin: Bulletin, address: str, now: datetime) -> None:
    asked = subscribers.ask(session, bulletin, address, now)
    token = site().links.token("subscribe", asked.ticket)
    link = url_for(".confirmation", bulletin=bulletin.name, token=token)
    subscribers.letter(session, bulletin, address, f"{site().settings.base_url}{link}", now)


def _ticket(token: str) -> int:
    found = site().links.read("subscribe", token)
    if found is None:
        raise NotFound("This link is not complete. Use the whole of it.")
    return found


def _page(bulletin: str, form: SubscribeForm, *, is_sent: bool = False) -> str:
    with site().database.reading() as session:
        row = archive.find(session, bulletin, audiences(session))
    return render_template("subscribe.html", bulletin=row, form=form, is_sent=is_sent)

"""`/c/<token>`: the message as its recipient got it, and the form that confirms it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import Conflict, NotFound

from cascade.errors import BadInput
from cascade.evidence import item_use
from cascade.evidence.confirm import ANSWERS, Answer, answers, checked, confirm
from cascade.sending.records import Cascade, Delivery
from cascade.sending.sample import NO_DELIVERY
from cascade.sending.states import CascadeState
from cascade.sending.view import MessageView, view
from cascade.web.appearance import appearance
from cascade.web.errors import not_found_by_link
from cascade.web.forms import ConfirmForm
from cascade.web.security import allow_pictures
from cascade.web.site import site
from cascade.web.stamps import Stamper
from cascade.web.superseded import superseded_at
from cascade.web.tokens import delivery_of

pages = Blueprint("confirm", __name__)
pages.register_error_handler(404, not_found_by_link)


@pages.get("/c/<token>")
def show(token: str) -> ResponseReturnValue:
    stamper = _stamper(token)
    if stamper.delivery == NO_DELIVERY:
        return render_template("tested.html")
    with site().database.reading() as session:
        return _page(session, ConfirmForm.stamped(stamper), stamper.delivery)


@pages.post("/c/<token>")
def answer(token: str) -> ResponseReturnValue:
    """Keep a complete answer; anything else shows the form again with all that was filled in."""
    stamper = _stamper(token)
    form = ConfirmForm.stamped(stamper, request.form)
    given = _complete(form)
    if given is None:
        with site().database.reading() as session:
            return _page(session, form, stamper.delivery), 422
    with site().database.writing() as session:
        if _state(session, stamper.delivery) == CascadeState.WITHDRAWN:
            raise Conflict
        confirm(session, stamper.delivery, given, now=site().clock())
        if form.used.data:
            asked = _message(session, stamper.delivery).items
            wanted = [one for one in asked if one in form.used.data]
            item_use.keep(session, stamper.delivery, wanted, site().clock())
    return redirect(url_for(".show", token=token), 303)


def _stamper(token: str) -> Stamper:
    return Stamper(site().links, delivery_of("confirm", token), site().clock())


def _complete(form: ConfirmForm) -> Answer | None:
    form.validate()
    given = form.given()
    try:
        checked(given)
    except BadInput as error:
        form.explain(error.problems)
    return None if form.problems() else given


def _state(session: Session, delivery: int) -> str:
    state = session.scalar(
        select(Cascade.state)
        .join(Delivery, Delivery.cascade_id == Cascade.id)
        .where(Delivery.id == delivery)
    )
    if state is None:
        raise NotFound
    return state


def _message(session: Session, delivery: int) -> MessageView:
    message = view(session, delivery, site().links, appearance().default)
    if message is None:
        raise NotFound
    return message


def _page(session: Session, form: ConfirmForm, delivery: int) -> str:
    message = _message(session, delivery)
    used = item_use.kept(session, delivery) if message.items else frozenset()
    if form.used.data is None or not form.answer.data:
        form.used.data = sorted(used)
    allow_pictures()
    return render_template(
        "message.html",
        message=message,
        form=form,
        given=answers(session, delivery),
        answers=ANSWERS,
        is_withdrawn=message.state is CascadeState.WITHDRAWN,
        superseded_at=superseded_at(session, delivery),
        now=site().clock(),
    )

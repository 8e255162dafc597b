"""`/account/second-step`: an authenticator app and recovery codes, turned on, renewed and off."""

import segno
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Conflict

from cascade.accounts import second_step
from cascade.accounts.acts import Act
from cascade.errors import BadInput, Refused
from cascade.web import access, account
from cascade.web.account_forms import CodeForm, ProofForm
from cascade.web.appearance import look
from cascade.web.noting import note_own
from cascade.web.site import site

_OFF = {"second step": "off"}
_ON = {"second step": "on"}

pages = Blueprint("second_step", __name__, url_prefix="/account")
pages.before_request(access.require())


@pages.get("/second-step")
def show() -> ResponseReturnValue:
    """What to scan, or how to turn it off; a secret is kept only when its first code is right."""
    if access.person().has_second_step:
        return _off_page(ProofForm())
    return _on_page(CodeForm(), second_step.new_secret())


@pages.post("/second-step")
def turn_on() -> ResponseReturnValue:
    if access.person().has_second_step:
        raise Conflict
    form, secret = CodeForm(request.form), request.form.get("secret", "")
    if not second_step.is_secret(secret):
        return redirect(url_for(".show"), 303)
    if not form.validate():
        return _on_page(form, secret), 422
    person, now = access.person(), site().clock()
    try:
        with site().database.writing() as session:
            codes = second_step.turn_on(session, person.id, secret, form.code.text, now)
            note_own(session, Act.SECOND_STEP_ON, before=_OFF, after=_ON)
    except (BadInput, Refused) as error:
        form.explain(error)
        return _on_page(form, secret), 422
    return render_template("recovery-codes.html", codes=codes)


@pages.post("/second-step/off")
def turn_off() -> ResponseReturnValue:
    form = ProofForm(request.form)
    if not form.validate() or not account.proved(form):
        return _off_page(form), 422
    with site().database.writing() as session:
        second_step.turn_off(session, access.person().id)
        note_own(session, Act.SECOND_STEP_OFF, before=_ON, after=_OFF)
    return redirect(url_for("account.show"), 303)


@pages.get("/recovery-codes")
def codes() -> ResponseReturnValue:
    if not access.person().has_second_step:
        return redirect(url_for(".show"), 303)
    return render_template("new-codes.html", form=ProofForm())


@pages.post("/recovery-codes")
def new_codes() -> ResponseReturnValue:
    """Ten new ones, shown in this answer and never again; the old ones end."""
    if not access.person().has_second_step:
        raise Conflict
    form = ProofForm(request.form)
    if not form.validate() or not account.proved(form):
        return render_template("new-codes.html", form=form), 422
    with site().database.writing() as session:
        made = second_step.new_codes(session, access.person().id)
        note_own(session, Act.NEW_RECOVERY_CODES)
    return render_template("recovery-codes.html", codes=made)


def _off_page(form: ProofForm) -> str:
    return render_template("second-step-off.html", form=form)


def _on_page(form: CodeForm, secret: str) -> str:
    address = second_step.address(
        secret, email=access.person().email, issuer=f"Cascade {look().cell}"
    )
    picture = segno.make(address, micro=False).svg_data_uri(scale=5, light="#fff")
    return render_template("second-step-on.html", form=form, secret=secret, picture=picture)

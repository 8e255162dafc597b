"""Put an address on the suppression list by hand, and lift it from there."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.audience import suppression
from cascade.audience.records import Suppression
from cascade.audience.suppression import REASON_WORDS
from cascade.cleaning import cut
from cascade.errors import BadInput, Refused
from cascade.web import access
from cascade.web.noting import note
from cascade.web.paging import typed
from cascade.web.people_forms import LiftForm, SuppressionForm
from cascade.web.site import site

_LONGEST = 320

pages = Blueprint("suppression_changes", __name__, url_prefix="/suppressions")
pages.before_request(access.require(Permission.EDIT_PEOPLE))


@pages.get("/new")
def blank() -> ResponseReturnValue:
    return _page(SuppressionForm())


@pages.post("/new")
def add() -> ResponseReturnValue:
    form = SuppressionForm(request.form)
    if not form.validate():
        return _page(form), 422
    try:
        with site().database.writing() as session:
            added = suppression.add(
                session, form.email.text, form.reason.data or "", form.why.text, site().clock()
            )
            _note(session, Act.ADDRESS_SUPPRESSED, added, form.why.text)
    except (BadInput, Refused) as error:
        form.explain(error)
        return _page(form), 422
    return redirect(url_for("suppressions.show"), 303)


@pages.get("/lift")
def ask() -> ResponseReturnValue:
    return _lift_page(LiftForm(), typed("email", _LONGEST))


@pages.post("/lift")
def lift() -> ResponseReturnValue:
    form = LiftForm(request.form)
    email = cut(request.form.get("email", ""), _LONGEST)
    if not form.validate():
        return _refused(form, email)
    try:
        with site().database.writing() as session:
            lifted = suppression.lift(session, email, form.why.text)
            _note(session, Act.SUPPRESSION_LIFTED, lifted, form.why.text)
    except BadInput as error:
        form.explain(error)
        return _refused(form, email)
    return redirect(url_for("suppressions.show"), 303)


def _note(session: Session, act: Act, row: Suppression, why: str) -> None:
    state = {"reason": row.reason}
    before, after = (state, None) if act == Act.SUPPRESSION_LIFTED else (None, state)
    note(session, act, f"address {row.email}", before, after, detail=why)


def _refused(form: LiftForm, email: str) -> ResponseReturnValue:
    answer = make_response(_lift_page(form, email))
    if answer.status_code == 200:
        answer.status_code = 422
    return answer


def _page(form: SuppressionForm) -> str:
    form.reason.choices = list(REASON_WORDS.items())
    return render_template("suppress.html", form=form)


def _lift_page(form: LiftForm, email: str) -> ResponseReturnValue:
    with site().database.reading() as session:
        found = suppression.reasons(session, [email])
    for address, reason in found.items():
        return render_template(
            "lift.html", form=form, email=address, reason=REASON_WORDS.get(reason, reason)
        )
    # Somebody else has lifted it, or the address was cut off: the list shows how it is.
    return redirect(url_for("suppressions.show"), 303)

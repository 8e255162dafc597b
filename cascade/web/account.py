"""`/account`: what people see of themselves, their open visits, and their password."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from cascade.accounts import joining, links, second_step, signing_in, visits
from cascade.accounts.acts import Act
from cascade.accounts.signing_in import Proven, Rejected
from cascade.errors import BadInput
from cascade.web import access, entrance
from cascade.web.account_forms import AccountForm, ChangePasswordForm
from cascade.web.noting import note_own
from cascade.web.site import site
from cascade.web.tokens import ROW

_WRONG = "This is not your password"

pages = Blueprint("account", __name__, url_prefix="/account")
pages.before_request(access.require())


@pages.get("")
def show() -> ResponseReturnValue:
    here = access.here()
    with site().database.reading() as session:
        opened = visits.open_visits(session, here.person.id, site().clock())
        codes = second_step.codes_left(session, here.person.id)
    return render_template("account.html", here=here, visits=opened, codes=codes)


@pages.post(f"/visits/<{ROW}:number>/end")
def end(number: int) -> ResponseReturnValue:
    """Sign out a browser of one's own; nobody can end somebody else's."""
    here, now = access.here(), site().clock()
    with site().database.writing() as session:
        if number not in {one.id for one in visits.open_visits(session, here.person.id, now)}:
            raise NotFound
        visits.end(session, number, now)
        note_own(session, Act.VISIT_ENDED, detail=f"visit {number}")
    return redirect(url_for(".show"), 303)


@pages.post("/visits/end-others")
def end_others() -> ResponseReturnValue:
    here, now = access.here(), site().clock()
    with site().database.writing() as session:
        ended = visits.end_others(session, here.person.id, here.visit_id, now)
        note_own(session, Act.VISITS_ENDED, detail=f"{ended} other visits")
    return redirect(url_for(".show"), 303)


@pages.get("/password")
def password() -> ResponseReturnValue:
    return _password_page(ChangePasswordForm())


@pages.post("/password")
def change_password() -> ResponseReturnValue:
    """Change it, end every visit, and begin a new one in this browser."""
    form = ChangePasswordForm(request.form)
    if not form.validate() or not proved(form):
        return _password_page(form), 422
    try:
        token = _changed(form.password.data or "")
    except BadInput as error:
        form.explain(error)
        return _password_page(form), 422
    return access.enter(redirect(url_for(".show"), 303), token)


def proved(form: AccountForm) -> bool:
    """Whether the field `old` holds the person's password; tries are counted as at sign-in."""
    judged = entrance.tried(access.person().email, form["old"].data or "")
    with site().database.writing() as session:
        proof = signing_in.prove(session, judged, site().clock())
    if isinstance(proof, Rejected):
        form.blame("old", _WRONG)
    return isinstance(proof, Proven)


def _changed(password: str) -> str:
    person, now = access.person(), site().clock()
    with site().database.writing() as session:
        # The one way to set a password is by a link; here it is redeemed as soon as it is made.
        link = links.issue(session, person.id, "reset", now)
        joining.choose_password(session, "reset", link, password, now)
        return visits.begin(session, person.id, now=now, **access.client())


def _password_page(form: ChangePasswordForm) -> str:
    return render_template("change-password.html", form=form)

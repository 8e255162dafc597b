"""`/forgotten`, `/reset/<token>` and `/welcome/<token>`: how people come to a password."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from cascade.accounts import joining, links, signing_in
from cascade.errors import BadInput, Refused
from cascade.web import access, entrance
from cascade.web.account_forms import EmailForm, NewPasswordForm
from cascade.web.appearance import look
from cascade.web.site import site

_PURPOSES: Mapping[str, Literal["reset", "invitation"]] = MappingProxyType(
    {"reset": "reset", "welcome": "invitation"}
)

pages = Blueprint("passwords", __name__)
pages.before_request(access.refuse_other_sites)


@pages.get("/forgotten")
def forgotten() -> ResponseReturnValue:
    return render_template("forgotten.html", form=EmailForm(), is_done=False)


@pages.post("/forgotten")
def send_link() -> ResponseReturnValue:
    """The same answer for everybody: it tells nobody who has an account."""
    form = EmailForm(request.form)
    if not form.validate():
        return render_template("forgotten.html", form=form, is_done=False), 422
    settings = site().settings
    with site().database.writing() as session:
        joining.forgotten(
            session,
            form.email.text,
            base_url=settings.base_url,
            cell=look().cell,
            now=site().clock(),
        )
    return render_template("forgotten.html", form=form, is_done=True)


@pages.get("/reset/<token>", defaults={"way": "reset"})
@pages.get("/welcome/<token>", defaults={"way": "welcome"})
def choose(way: str, token: str) -> ResponseReturnValue:
    return _page(way, token, NewPasswordForm())


@pages.post("/reset/<token>", defaults={"way": "reset"})
@pages.post("/welcome/<token>", defaults={"way": "welcome"})
def save(way: str, token: str) -> ResponseReturnValue:
    """Set the password and sign in; who has a second step takes it, or a mailbox were enough."""
    form = NewPasswordForm(request.form)
    if not form.validate():
        return _page(way, token, form, 422)
    try:
        return _saved(way, token, form.password.data or "")
    except BadInput as error:
        form.explain(error)
        return _page(way, token, form, 422)
    except Refused:
        return _spent(way)


def _saved(way: str, token: str, password: str) -> Response:
    now = site().clock()
    with site().database.writing() as session:
        person = joining.choose_password(session, _PURPOSES[way], token, password, now)
        if person.has_second_step:
            return entrance.ask_for_code(links.issue(session, person.id, "code", now))
        visit = signing_in.let_in(
            session, person, now=now, detail=f"by a link to {way}", **access.client()
        )
    return access.enter(redirect(url_for("cascades.home"), 303), visit)


def _page(way: str, token: str, form: NewPasswordForm, status: int = 200) -> ResponseReturnValue:
    with site().database.reading() as session:
        person = links.peek(session, _PURPOSES[way], token, site().clock())
    if person is None:
        return _spent(way)
    return render_template("choose-password.html", person=person, form=form, way=way), status


def _spent(way: str) -> ResponseReturnValue:
    return render_template("spent-link.html", purpose=_PURPOSES[way]), 403

"""`/settings/windows`: when what waits for the next send window goes out."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import TextAreaField
from wtforms.validators import Length

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.errors import BadInput
from cascade.sending import windows
from cascade.web import access
from cascade.web.account_forms import AccountForm
from cascade.web.noting import note
from cascade.web.site import site

_AHEAD = 3

pages = Blueprint("windows", __name__, url_prefix="/settings/windows")
pages.before_request(access.require(Permission.ADMINISTER))


class WindowsForm(AccountForm):
    """A window on each line."""

    windows = TextAreaField("Send windows", [Length(max=2_000)])


@pages.get("")
def show() -> ResponseReturnValue:
    with site().database.reading() as session:
        said = [str(one) for one in windows.windows(session)]
    return _page(WindowsForm(windows="\n".join(said)))


@pages.post("")
def change() -> ResponseReturnValue:
    form = WindowsForm(request.form)
    if not form.validate():
        return _page(form), 422
    lines = (form.windows.data or "").splitlines()
    try:
        with site().database.writing() as session:
            before = _audited(session)
            windows.change(session, lines, by=access.person().email, now=site().clock())
            _note(session, before)
    except BadInput as error:
        form.explain(error)
        return _page(form), 422
    return redirect(url_for(".show"), 303)


@pages.post("/reset")
def reset() -> ResponseReturnValue:
    """Put them back to the default."""
    with site().database.writing() as session:
        before = _audited(session)
        windows.reset(session)
        _note(session, before)
    return redirect(url_for(".show"), 303)


def _audited(session: Session) -> dict[str, object]:
    return {"windows": [str(one) for one in windows.windows(session)]}


def _note(session: Session, before: dict[str, object]) -> None:
    after = _audited(session)
    if after != before:
        note(session, Act.SEND_WINDOWS_CHANGED, "send windows", before, after)


def _page(form: WindowsForm) -> str:
    with site().database.reading() as session:
        every = windows.windows(session)
    ahead: list[datetime] = []
    for _ in range(_AHEAD):
        ahead.append(windows.next_of(every, ahead[-1] if ahead else site().clock()))
    return render_template(
        "windows.html", form=form, ahead=ahead, is_default=every == windows.DEFAULT
    )

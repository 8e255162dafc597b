"""Pause, resume and withdraw a cascade, by who may release."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.errors import Refused
from cascade.reporting.funnel import funnel
from cascade.sending import control
from cascade.web import access, cascades
from cascade.web.noting import note
from cascade.web.site import site
from cascade.web.tokens import ROW

pages = Blueprint("watch_controls", __name__, url_prefix=f"/cascades/<{ROW}:number>")
pages.before_request(access.require(Permission.RELEASE))


@pages.post("/pause")
def pause(number: int) -> ResponseReturnValue:
    return _done(number, Act.CASCADE_PAUSED, control.pause)


@pages.post("/resume")
def resume(number: int) -> ResponseReturnValue:
    return _done(number, Act.CASCADE_RESUMED, control.resume)


@pages.get("/withdraw")
def ask(number: int) -> ResponseReturnValue:
    """What has gone already, before anything is taken back."""
    with site().database.reading() as session:
        found = funnel(session, number)
    return render_template("withdraw.html", about=found, funnel=found)


@pages.post("/withdraw")
def withdraw(number: int) -> ResponseReturnValue:
    return _done(number, Act.CASCADE_WITHDRAWN, control.withdraw)


def _done(number: int, act: Act, do: Callable[..., None]) -> ResponseReturnValue:
    """Do it and note it; what is refused is said at the top of the cascade's page."""
    try:
        with site().database.writing() as session:
            before = control.find(session, number).state
            do(session, number, by=access.person().email, now=site().clock())
            _note(session, number, act, before)
    except Refused as error:
        return cascades.page(number, problem=str(error)), 422
    return redirect(url_for("cascades.show", number=number), 303)


def _note(session: Session, number: int, act: Act, before: str) -> None:
    session.expire_all()
    cascade = control.find(session, number)
    after = {"state": cascade.state}
    note(session, act, f"cascade {number}: {cascade.title}", {"state": before}, after)

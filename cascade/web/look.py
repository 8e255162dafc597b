"""`/settings/look`: the cell's name, its sender, and the colour and the logo of its header."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.cleaning import cut
from cascade.errors import BadInput
from cascade.identity import Identity
from cascade.look import changing, colours
from cascade.look.logos import LARGEST
from cascade.look.wearing import Kept, kept, worn
from cascade.sending.preview import render
from cascade.web import access, writing
from cascade.web.appearance import appearance
from cascade.web.look_forms import NONE, LookForm
from cascade.web.mail_frames import framed
from cascade.web.noting import note
from cascade.web.site import site

_ROOM = 10 * LARGEST
"""Bytes of a form with its file: one that is a little too large is refused beside its field."""
_EXAMPLE = """---
title: Cold weather alert
action: Check your heating plan today.
key_messages:
  - Keep rooms at 18°C or warmer.
---
This is how a message of yours looks to **{{ organisation }}**.
"""

pages = Blueprint("look", __name__, url_prefix="/settings/look")
pages.before_request(writing.room(_ROOM))
pages.before_request(access.require(Permission.ADMINISTER))


@pages.get("")
def show() -> ResponseReturnValue:
    default = appearance().default
    return _page(LookForm.of(_shown(), default))


@pages.post("")
def change() -> ResponseReturnValue:
    """Show an email in the look that is typed, or keep it."""
    form = LookForm(request.form)
    default, now = appearance().default, site().clock()
    if not form.validate():
        return _page(form), 422
    wanted = form.given()
    try:
        if request.form.get("act") == "preview":
            changing.checked(wanted, default)
            return _page(form)
        with site().database.writing() as session:
            before = kept(session)
            changing.change(session, wanted, default, by=access.person().email, now=now)
            _note(session, before)
    except BadInput as error:
        form.explain(error)
        return _page(form), 422
    appearance().forget()
    return redirect(url_for(".show"), 303)


@pages.post("/reset")
def reset() -> ResponseReturnValue:
    """Put it back to the settings of the installation."""
    with site().database.writing() as session:
        before = kept(session)
        changing.reset(session)
        _note(session, before)
    appearance().forget()
    return redirect(url_for(".show"), 303)


@pages.get("/email")
def email() -> ResponseReturnValue:
    """An email as it would look: with what the address says, else as it is now."""
    shown = _shown()
    colour = colours.colour(request.args.get("colour", "")) or ""
    if "cell" in request.args:
        cell = cut(request.args["cell"], changing.LONGEST_NAME)
        shown = replace(shown, cell=cell or appearance().default.cell, colour=colour)
    home = site().settings.base_url
    now = site().clock()
    return framed(render(_EXAMPLE, frozenset(), "email", now=now, home=home, identity=shown))


def _shown() -> Identity:
    with site().database.reading() as session:
        return worn(appearance().default, kept(session), site().settings.base_url)


def _note(session: Session, before: Kept) -> None:
    was, now = changing.audited(before), changing.audited(kept(session))
    if was != now:
        note(session, Act.LOOK_CHANGED, "look of the cell", was, now)


def _page(form: LookForm) -> str:
    with site().database.reading() as session:
        look = kept(session)
    default = appearance().default
    shown = worn(default, look, site().settings.base_url)
    return render_template(
        "look.html",
        form=form,
        kept=look,
        default=default,
        shown=shown,
        palette=colours.PALETTE,
        usual=NONE,
        typed=form.chosen_colour(),
        # Return paths at the sender's domain or below it fit the rules of DMARC.
        is_foreign=not f".{shown.bounce_domain}".endswith(f".{shown.domain}"),
    )

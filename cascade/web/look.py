"""`/settings/look`: the cell's name, its sender, and the colour and the logo of its header."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.cleaning import cut
from cascade.errors import BadInput, Overtaken
from cascade.identity import Identity
from cascade.look import changing, colours
from cascade.look.logos import LARGEST
from cascade.look.wearing import Kept, kept, worn
from cascade.sending.preview import render
from cascade.web import access, writing
from cascade.web.appearance import appearance
from cascade.web.frames import framed
from cascade.web.look_forms import NONE, LookForm
from cascade.web.noting import last_by, note
from cascade.web.site import site

_SUBJECT = "look of the cell"
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
    return _page(_form())


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
            seen, by = form.seen.data or "", access.person().email
            changing.change(session, wanted, default, seen=seen, by=by, now=now)
            _note(session, before)
    except Overtaken:
        return _overtaken(form), 422
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


def _form() -> LookForm:
    """The form as the look is now."""
    default = appearance().default
    with site().database.reading() as session:
        look = kept(session)
    shown = worn(default, look, site().settings.base_url)
    return LookForm.of(shown, default, changing.mark(look))


def _overtaken(form: LookForm) -> str:
    """What somebody else made of it beside what was typed; sent once more it is meant."""
    with site().database.reading() as session:
        by = last_by(session, _SUBJECT)
    return _page(form, theirs=form.taken_over(_form()), by=by)


def _note(session: Session, before: Kept) -> None:
    was, now = changing.audited(before), changing.audited(kept(session))
    if was != now:
        note(session, Act.LOOK_CHANGED, _SUBJECT, was, now)


def _page(form: LookForm, theirs: list[tuple[str, str, str]] | None = None, by: str = "") -> str:
    with site().database.reading() as session:
        look = kept(session)
    default = appearance().default
    shown = worn(default, look, site().settings.base_url)
    return render_template(
        "look.html",
        form=form,
        theirs=theirs,
        by=by,
        kept=look,
        default=default,
        shown=shown,
        palette=colours.PALETTE,
        usual=NONE,
        typed=form.chosen_colour(),
        # Return paths at the sender's domain or below it fit the rules of DMARC.
        is_foreign=not f".{shown.bounce_domain}".endswith(f".{shown.domain}"),
    )

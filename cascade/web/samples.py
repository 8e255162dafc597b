"""`/release/…/as/…`: what one real recipient would get of a release that is still to be made."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as PageNotFound

import toolkits
from cascade.accounts.permissions import Permission
from cascade.library.publish import find
from cascade.sending.sample import Message, Reader, message, reader
from cascade.sending.windows import upcoming
from cascade.sending.words import organisation_words
from cascade.web import access, release_choices
from cascade.web.appearance import look
from cascade.web.frames import framed
from cascade.web.previews import LONGEST
from cascade.web.release_choices import Choices, WhenForm
from cascade.web.releasing import release_of
from cascade.web.site import site
from cascade.web.tokens import ROW

pages = Blueprint("samples", __name__, url_prefix=f"/release/<toolkit_name>/as/<{ROW}:contact>")
pages.before_request(access.require(Permission.RELEASE))
pages.before_request(access.require(Permission.SEE_PEOPLE))


@pages.get("")
def show(toolkit_name: str, contact: int) -> ResponseReturnValue:
    choices, to = _found(toolkit_name, contact)
    if to is None:
        return _back(toolkit_name, choices)
    chosen = choices.address()
    return page(
        to,
        _message(to),
        back=url_for("releasing.check", toolkit_name=toolkit_name, **chosen),
        frame=url_for("samples.email", toolkit_name=toolkit_name, contact=contact, **chosen),
        is_exercise=choices.exercise,
    )


@pages.get("/email")
def email(toolkit_name: str, contact: int) -> ResponseReturnValue:
    """The email by itself, for a frame that may run nothing."""
    choices, to = _found(toolkit_name, contact)
    if to is None:
        return _back(toolkit_name, choices)
    made = _message(to)
    if made is None:
        raise PageNotFound
    return framed(made.html)


def page(
    to: Reader, made: Message | None, *, back: str, frame: str, is_exercise: bool = False
) -> str:
    """Who gets it, and the message; `frame`: the address of the email, `back`: the last look."""
    return render_template(
        "release-sample.html",
        back=back,
        frame=frame,
        is_exercise=is_exercise,
        to=to.recipient,
        organisation=organisation_words(tuple(to.recipient.organisations.values())),
        titles=to.titles,
        version=to.version,
        direction=toolkits.direction(to.version.language),
        message=made,
    )


def _found(toolkit_name: str, contact: int) -> tuple[Choices, Reader | None]:
    """What the address has chosen, and with it the recipient; None: something is missing."""
    now = site().clock()
    with site().database.reading() as session:
        toolkit = find(session, toolkit_name)
        choices = release_choices.of(request.args, upcoming(session, now))
        if not (choices.tier and choices.segments and WhenForm(request.args).is_right(now)):
            return choices, None
        return choices, reader(session, release_of(toolkit, choices, now), contact, now)


def _back(toolkit_name: str, choices: Choices) -> ResponseReturnValue:
    """To the last look, which asks for what is missing."""
    chosen = choices.address()
    return redirect(url_for("releasing.check", toolkit_name=toolkit_name, **chosen), 303)


def _message(to: Reader) -> Message | None:
    """None for a text that is too long to be shown."""
    if len(to.version.text) > LONGEST:
        return None
    return message(to, look(), site().settings.base_url, site().clock())

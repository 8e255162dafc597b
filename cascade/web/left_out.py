"""`/release/…/left-out`: by name, whom a release would leave out, or who is in several segments."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cascade.accounts.permissions import Permission
from cascade.audience.segments import titles
from cascade.library.publish import find, own
from cascade.sending.left_out import OVERLAP, left_out
from cascade.sending.windows import upcoming
from cascade.web import access, release_choices
from cascade.web.headcounts import reached
from cascade.web.paging import page_number
from cascade.web.site import site

LEFT_OUT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "no-contact": "organisations without any contact",
        "no-address": "contacts without an email address",
        "unsubscribed": "contacts who want no routine messages",
        "complained": "contacts who complained, so that nothing is written to them",
        "bounced": "contacts whose address does not work",
        "nothing-new": "readers for whom nothing in it is new",
    }
)
_SIZE = 50
_WORDS = {**LEFT_OUT_WORDS, OVERLAP: "people in several segments"}

pages = Blueprint("left_out", __name__, url_prefix="/release/<toolkit_name>")
pages.before_request(access.require(Permission.RELEASE))


@pages.get("/left-out")
def listing(toolkit_name: str) -> ResponseReturnValue:
    why = request.args.get("why", "")
    with site().database.reading() as session:
        version = own(session, find(session, toolkit_name))
        choices = release_choices.of(request.args, upcoming(session, site().clock()))
        if choices.tier is None or not choices.segments or why not in _WORDS:
            return redirect(url_for("releasing.segments", toolkit_name=toolkit_name), 303)
        counted = reached(session, choices)
        found = left_out(session, counted, why, page=page_number(), size=_SIZE)
        called = titles(session)
    return render_template(
        "left-out.html",
        toolkit_name=toolkit_name,
        version=version,
        choices=choices,
        found=found,
        why=why,
        titles=called,
        words=_WORDS[why],
    )

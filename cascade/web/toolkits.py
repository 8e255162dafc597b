"""`/toolkits`: drafts and published toolkits in one list, help with the syntax, ready pieces."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from cascade.accounts.permissions import Permission
from cascade.library.snippets import snippets
from cascade.reporting import shelf
from cascade.web import access
from cascade.web.paging import page_number, typed
from cascade.web.site import site
from toolkits import CHANNELS, KNOWN_SLOTS

_SIZE = 50
STATE_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # What a text is called where it stands, and the colour of its tag.
        "draft": ("Draft", "blue"),
        "submitted": ("Waiting for approval", "yellow"),
        "approved": ("Approved", "green"),
        "returned": ("Returned", "orange"),
        "published": ("Published", "grey"),
        "given-up": ("Given up", "grey"),
    }
)

pages = Blueprint("toolkits", __name__, url_prefix="/toolkits")
pages.before_request(access.require(Permission.SEE))


@pages.get("")
def listing() -> ResponseReturnValue:
    number = page_number()
    search = typed()
    given_up = request.args.get("given-up") == "yes"
    with site().database.reading() as session:
        found = shelf.listing(session, search=search, given_up=given_up, page=number, size=_SIZE)
    return render_template(
        "toolkits.html", found=found, search=search, given_up=given_up, states=STATE_WORDS
    )


@pages.get("/help")
def syntax() -> ResponseReturnValue:
    lines = [(f"{{{{ {name} }}}}", words) for name, words in KNOWN_SLOTS.items()]
    return render_template("toolkit-help.html", slot_lines=lines, channels=CHANNELS)


@pages.get("/snippets")
def pieces() -> ResponseReturnValue:
    return render_template("snippets.html", snippets=snippets())

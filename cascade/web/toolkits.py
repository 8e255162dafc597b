"""`/toolkits`: drafts and published toolkits in one list, help with the syntax, ready pieces."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.permissions import Permission
from cascade.library.snippets import snippets
from cascade.reporting import shelf
from cascade.shelf.catalogue import standing
from cascade.sign_off import clearance
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
        there = standing_there(session, [one.toolkit for one in found.lines])
    return render_template(
        "toolkits.html",
        found=found,
        search=search,
        given_up=given_up,
        states=STATE_WORDS,
        in_library=there,
    )


def standing_there(session: Session, names: Collection[str]) -> frozenset[str]:
    """Which toolkits stand in the public library now."""
    in_force = clearance.in_force(session, site().settings.sign_off)
    return standing(session, names, sign_off=in_force)


@pages.get("/help")
def syntax() -> ResponseReturnValue:
    lines = [(f"{{{{ {name} }}}}", words) for name, words in KNOWN_SLOTS.items()]
    return render_template("toolkit-help.html", slot_lines=lines, channels=CHANNELS)


@pages.get("/snippets")
def pieces() -> ResponseReturnValue:
    return render_template("snippets.html", snippets=snippets())

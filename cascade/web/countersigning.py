"""The second person of an urgent release: a look at what would go, and yes or no."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.errors import Refused
from cascade.library.records import Toolkit
from cascade.sending import control
from cascade.sending.countersigning import countersign
from cascade.sending.states import CascadeState
from cascade.sign_off import standing
from cascade.web import access
from cascade.web.noting import note
from cascade.web.previews import FORMAT_WORDS, choose, of_version, previews
from cascade.web.site import site
from cascade.web.tokens import ROW

pages = Blueprint("countersigning", __name__)
pages.before_request(access.require(Permission.RELEASE))


@pages.get(f"/cascades/<{ROW}:number>/countersign")
def show(number: int) -> ResponseReturnValue:
    return _page(number)


@pages.post(f"/cascades/<{ROW}:number>/countersign")
def sign(number: int) -> ResponseReturnValue:
    """Let it go. Of two at once one does, and the other is told who it was."""
    try:
        with site().database.writing() as session:
            countersign(session, number, by=access.person(), now=site().clock())
            note(session, Act.COUNTERSIGNED, f"cascade {number}")
    except Refused as error:
        return _page(number, str(error)), 409
    return redirect(url_for("cascades.show", number=number), 303)


def _page(number: int, problem: str = "") -> str:
    with site().database.reading() as session:
        cascade = control.find(session, number)
        version = standing.version(session, cascade.version_id)
        toolkit = session.get_one(Toolkit, cascade.toolkit_id)
        sources = of_version(session, version)
        chosen = choose(session, request.args, sources, cascade.segments)
    return render_template(
        "countersign.html",
        cascade=cascade,
        version=version,
        toolkit=toolkit,
        problem=problem,
        is_own=cascade.released_by == access.person().email,
        is_awaiting=cascade.state == CascadeState.AWAITING,
        chosen=chosen,
        rows=previews(sources, chosen, site().clock()),
        format_words=FORMAT_WORDS,
    )

"""`/organisations`: whom messages go to, and what each has received and confirmed."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.permissions import Permission
from cascade.audience import contact_editing, editing
from cascade.audience.listing import COUNTED, Wanted, organisations
from cascade.audience.records import Contact
from cascade.audience.segments import kinds
from cascade.audience.suppression import reasons
from cascade.reporting.histories import history
from cascade.web import access
from cascade.web.kinds import kind_words
from cascade.web.paging import row_number, typed
from cascade.web.people_forms import PLACES
from cascade.web.site import site
from cascade.web.tokens import ROW

pages = Blueprint("organisations", __name__, url_prefix="/organisations")
pages.before_request(access.require(Permission.SEE_PEOPLE))


@pages.get("")
def listing() -> ResponseReturnValue:
    wanted = _wanted()
    with site().database.reading() as session:
        listed = organisations(
            session, wanted, after=row_number("after"), before=row_number("before")
        )
        known = kinds(session)
    return render_template(
        "organisations.html",
        found=listed.stretch,
        total=listed.total,
        most=COUNTED,
        wanted=wanted,
        kept=_kept(wanted),
        kinds={kind: kind_words(kind) for kind in known},
    )


@pages.get(f"/<{ROW}:number>")
def show(number: int) -> ResponseReturnValue:
    with site().database.reading() as session:
        one = editing.get(session, number)
        people = contact_editing.contacts(session, number)
        told = history(session, number, before=row_number("before"))
        stopped = _stopped(session, people)
    return render_template(
        "organisation.html", one=one, people=people, told=told, stopped=stopped, places=PLACES
    )


def _stopped(session: Session, people: tuple[Contact, ...]) -> dict[str, str]:
    return reasons(session, [one.email for one in people if one.email])


def _wanted() -> Wanted:
    return Wanted(
        search=typed(),
        kind=typed("kind"),
        place=typed("place"),
        closed="closed" in request.args.getlist("only"),
        no_address="no-address" in request.args.getlist("only"),
    )


def _kept(wanted: Wanted) -> dict[str, str | list[str] | None]:
    """What was searched for, as addresses carry it."""
    only = [
        name
        for name, is_on in (("closed", wanted.closed), ("no-address", wanted.no_address))
        if is_on
    ]
    return {
        "search": wanted.search or None,
        "kind": wanted.kind or None,
        "place": wanted.place or None,
        "only": only or None,
    }

"""`/`, `/cascades` and `/cascades/…`: what went out, how far it is, and how well that is known."""

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.permissions import Permission
from cascade.reporting.cascades import LONGEST_SEARCH, Wanted
from cascade.reporting.cascades import listing as listed
from cascade.reporting.confirmed import progress
from cascade.reporting.funnel import funnel
from cascade.reporting.today import today
from cascade.reporting.words import STATE_WORDS
from cascade.sending.states import GRADE_MEANING, CascadeState, Tier
from cascade.web import access
from cascade.web.figures import summary
from cascade.web.paging import page_number, typed
from cascade.web.plot import plot
from cascade.web.site import site
from cascade.web.tokens import ROW

_NEWEST, _SIZE = 10, 50
_STATES = {str(state): STATE_WORDS[state].partition(":")[0] for state in CascadeState}
_TIERS = {str(tier): tier.capitalize() for tier in Tier}
_ASK_AGAIN = {
    # Seconds until a page that is open looks again; after the last message only answers come in.
    CascadeState.SENDING: 2,
    CascadeState.PAUSED: 2,
    CascadeState.AWAITING: 2,
    CascadeState.SCHEDULED: 10,
    CascadeState.HELD: 10,
    CascadeState.SENT: 10,
    CascadeState.WITHDRAWN: 30,
}

_ASK_SOON, _ASK_SELDOM = 2, 30

pages = Blueprint("cascades", __name__)
pages.before_request(access.require(Permission.SEE))


@pages.get("/")
def home() -> ResponseReturnValue:
    with site().database.reading() as session:
        found = listed(session, size=_NEWEST)
        now = _today(session)
    return render_template("home.html", found=found, **now)


@pages.get("/cascades")
def listing() -> ResponseReturnValue:
    number, wanted = page_number(), _wanted()
    with site().database.reading() as session:
        found = listed(session, wanted, page=number, size=_SIZE)
    return render_template(
        "cascades.html", found=found, wanted=wanted, states=_STATES, tiers=_TIERS
    )


@pages.get("/today")
def current() -> ResponseReturnValue:
    """The part of the first page that changes, for its script; answers 304 while nothing has."""
    with site().database.reading() as session:
        now = _today(session)
    return conditional(render_template("today.html", **now))


@pages.get(f"/cascades/<{ROW}:number>")
def show(number: int) -> ResponseReturnValue:
    return page(number)


@pages.get(f"/cascades/<{ROW}:number>/funnel")
def figures(number: int) -> ResponseReturnValue:
    """The part of the page that changes, for its script; answers 304 while nothing has."""
    return conditional(render_template("figures.html", **_figures(number)))


def conditional(text: str) -> ResponseReturnValue:
    """A part of a page, or that it has not changed since it was last asked for."""
    answer: Response = make_response(text)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return answer.make_conditional(request)


def _wanted() -> Wanted:
    """What the address asks for; a state or a tier that there isn't is none."""
    state, tier = request.args.get("state", ""), request.args.get("tier", "")
    return Wanted(
        search=typed(longest=LONGEST_SEARCH),
        state=state if state in _STATES else "",
        tier=tier if tier in _TIERS else "",
    )


def _today(session: Session) -> dict[str, object]:
    visitor = access.visitor()
    found = today(session, visitor.person if visitor else None, site().clock())
    return {"today": found, "again": _ASK_SOON if found.in_flight else _ASK_SELDOM}


def page(number: int, problem: str = "") -> str:
    """The page of a cascade, with what was refused at its top."""
    return render_template("cascade.html", problem=problem, **_figures(number))


def _figures(number: int) -> dict[str, object]:
    with site().database.reading() as session:
        found = funnel(session, number)
        known = progress(session, found, site().clock())
    return {
        "about": found,
        "funnel": found,
        "progress": known,
        "plot": plot(known),
        "meanings": GRADE_MEANING,
        "again": _ASK_AGAIN[CascadeState(found.state)],
        "summary": summary(found),
    }

"""`/cascades/<number>/…`: who it went to, each one's story, what they answered, what failed."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.permissions import Permission
from cascade.database import Database
from cascade.evidence.confirm import ANSWERS
from cascade.reporting import said as saying
from cascade.reporting.failures import failures as failed
from cascade.reporting.heading import Heading, heading, is_in
from cascade.reporting.recipients import recipients as found
from cascade.reporting.recipients_csv import as_csv
from cascade.reporting.selection import SORTS, Wanted
from cascade.reporting.timeline import VIA_WORDS
from cascade.reporting.timeline import story as told
from cascade.reporting.windows import MOST, Place
from cascade.reporting.words import DELIVERY_WORDS
from cascade.sending.reference import read_reference, reference
from cascade.sending.states import GRADE_MEANING, DeliveryState
from cascade.web import access
from cascade.web.paging import page_number, row_number, typed
from cascade.web.site import site
from cascade.web.tokens import ROW

pages = Blueprint("watch", __name__, url_prefix=f"/cascades/<{ROW}:number>")
pages.before_request(access.require(Permission.SEE_PEOPLE))


@pages.get("/recipients")
def recipients(number: int) -> ResponseReturnValue:
    with site().database.reading() as session:
        about = _about(session, number)
        wanted = _wanted(about)
        delivery = _by_reference(session, number, wanted.search)
        if delivery is not None:
            return redirect(url_for(".story", number=number, delivery=delivery), 303)
        start, page = Place.read(request.args.get("from", "")), page_number()
        shown = found(session, number, wanted, start=start, page=page)
    kept = {name: value or None for name, value in asdict(wanted).items()}
    return render_template(
        "recipients.html",
        about=about,
        shown=shown,
        wanted=wanted,
        kept=kept | {"number": number},
        start=request.args.get("from"),
        states={str(one): DELIVERY_WORDS[one] for one in DeliveryState},
        meanings=GRADE_MEANING,
        sorts=SORTS,
        answers=ANSWERS,
        most=MOST,
    )


@pages.get("/recipients.csv")
def export(number: int) -> ResponseReturnValue:
    """Everything that is filtered for; no cell can become a formula."""
    with site().database.reading() as session:
        wanted = _wanted(_about(session, number))
    answer = Response(_lines(site().database, number, wanted), mimetype="text/csv")
    name = f"cascade-{number}-recipients.csv"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


@pages.get(f"/recipients/<{ROW}:delivery>")
def story(number: int, delivery: int) -> ResponseReturnValue:
    with site().database.reading() as session:
        about, shown = heading(session, number), told(session, number, delivery)
    return render_template(
        "story.html",
        about=about,
        story=shown,
        code=reference(site().links, delivery),
        answers=ANSWERS,
        meanings=GRADE_MEANING,
    )


@pages.get("/answers")
def answers(number: int) -> ResponseReturnValue:
    only = request.args.get("only", "")
    only = only if only in (*ANSWERS, saying.COMMENT) else ""
    before = row_number("before") or None
    with site().database.reading() as session:
        about = _about(session, number)
        shown = saying.said(session, number, only, before=before, page=page_number())
    return render_template(
        "answers.html",
        about=about,
        shown=shown,
        only=only,
        before=before,
        answers=ANSWERS,
        via=VIA_WORDS,
        most=MOST,
    )


@pages.get("/failures")
def failures(number: int) -> ResponseReturnValue:
    with site().database.reading() as session:
        about, shown = _about(session, number), failed(session, number)
    return render_template("failures.html", about=about, shown=shown, words=DELIVERY_WORDS)


def _about(session: Session, number: int) -> Heading:
    return heading(session, number)


def _wanted(about: Heading) -> Wanted:
    """What the address asks for; a choice that there isn't is no choice."""
    return Wanted(
        segment=_chosen("segment", about.segments),
        state=_chosen("state", DeliveryState),
        grade=_chosen("grade", GRADE_MEANING),
        place=typed("place"),
        search=typed(),
        sort=_chosen("sort", SORTS),
    )


def _chosen(name: str, choices: Iterable[str]) -> str:
    given = request.args.get(name, "")
    return given if given in map(str, choices) else ""


def _by_reference(session: Session, number: int, search: str) -> int | None:
    """The message whose code was read out on the phone."""
    delivery = read_reference(site().links, search)
    return delivery if delivery is not None and is_in(session, number, delivery) else None


def _lines(database: Database, number: int, wanted: Wanted) -> Iterator[str]:
    # A transaction of its own: the answer is sent after the view has ended.
    with database.reading() as session:
        yield from as_csv(session, number, wanted)

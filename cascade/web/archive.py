"""`/bulletins`: bulletins with their dates, and every issue that went out, for anybody."""

import hashlib
from collections.abc import Callable, Sequence

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from cascade import printing
from cascade.bulletins import archive, dates, paper, schedules
from cascade.bulletins.archive import Out
from cascade.bulletins.archive_search import search
from cascade.bulletins.public_issues import (
    Place,
    in_first_language,
    item_titles,
    public,
    read,
)
from cascade.errors import Refused
from cascade.look.records import Logo
from cascade.paging import Page
from cascade.printing import Given
from cascade.shelf.orders import own_pictures
from cascade.shelf.searching import asked_words
from cascade.shelf.workshop import Busy
from cascade.web import kit, shelf_answers
from cascade.web.appearance import look
from cascade.web.paging import page_number, typed
from cascade.web.shelf_answers import Made, State
from cascade.web.site import site
from cascade.web.tokens import ROW
from toolkits import direction

pages = Blueprint("archive", __name__)


def place() -> Place:
    return Place(look(), site().settings.base_url)


def answer(key: Sequence[object], make: Callable[[Session, State], Made]) -> ResponseReturnValue:
    """An answer that is kept as long as nothing happens to a bulletin or a release."""
    now = shelf_answers.state()
    with site().database.reading() as session:
        of = archive.revision(session)
    return shelf_answers.answer((of, *key), make, now)


@pages.get("/bulletins")
def listing() -> ResponseReturnValue:
    # The next dates pass without anything being done.
    minute = site().clock().replace(second=0, microsecond=0)
    return answer(("bulletins", minute), _listing)


@pages.get("/bulletins/<bulletin>")
def show(bulletin: str) -> ResponseReturnValue:
    written, number = typed(), page_number()
    minute = site().clock().replace(second=0, microsecond=0)

    def make(session: Session, now: State) -> Made:
        return _archive(session, now, bulletin, written, number)

    return answer(("archive", bulletin, written, number, minute), make)


@pages.get(f"/bulletins/<bulletin>/<{ROW}:number>")
def issue(bulletin: str, number: int) -> ResponseReturnValue:
    audience, language = _audience(), request.args.get("language", "")
    preferred = request.accept_languages.to_header()

    def make(session: Session, now: State) -> Made:
        return _issue(session, now, bulletin, number, language, audience)

    return answer(("issue", bulletin, number, audience, language or preferred[:200]), make)


@pages.get(f"/bulletins/<bulletin>/<{ROW}:number>.pdf")
def on_paper(bulletin: str, number: int) -> ResponseReturnValue:
    """The issue as a PDF, made when somebody asks for it."""
    audience, language = _audience(), request.args.get("language", "")
    now = shelf_answers.state()
    of = now.catalogue()
    with site().database.reading() as session:
        row = archive.find(session, bulletin, of.audiences)
        chosen = _chosen(archive.issue(session, row, number), language)
        found = public(session, of, row, [chosen], place())[0]
        mark = look().logo
        logo = session.get(Logo, mark.sha256) if mark else None
        pictures = own_pictures(session, found.shown.document, place().home)
    # What takes seconds holds no connection.
    try:
        text = read(found, audience, place())
        drawn, files = paper.page(found, text, place(), cell_logo=logo.content if logo else None)
        given = {one: Given(content, kind) for one, (kind, content) in pictures.items()}
        key = hashlib.sha256(f"{drawn}{mark}".encode()).hexdigest()
        content = kit.WORKSHOP.get(f"issue/{key}", lambda: printing.pdf(drawn, {**given, **files}))
    except Refused as error:
        return render_template("error.html", title="This could not be made", remedy=error), 422
    except Busy:
        return kit.busy()
    return _download(content, f"{bulletin}-{number}.pdf")


@pages.get("/bulletins/<bulletin>/dates.ics")
def calendar(bulletin: str) -> ResponseReturnValue:
    """Its next dates, for calendars."""
    minute = site().clock().replace(second=0, microsecond=0)

    def make(session: Session, now: State) -> Made:
        row = archive.find(session, bulletin, now.catalogue().audiences)
        coming = dates.upcoming(session, row, site().clock())
        written = dates.calendar(row, coming, place())
        return shelf_answers.made(written, "text/calendar; charset=utf-8")

    return answer(("dates", bulletin, minute), make)


def _listing(session: Session, now: State) -> Made:
    rows = archive.listing(session, now.catalogue().audiences)
    lines = [
        (
            one,
            schedules.said(schedules.read(one.schedule)),
            next(iter(dates.upcoming(session, one, site().clock(), 1)), None),
        )
        for one in rows
    ]
    return shelf_answers.page(
        "bulletins.html", lines=lines, canonical=f"{site().settings.base_url}/bulletins"
    )


def _archive(session: Session, now: State, name: str, written: str, number: int) -> Made:
    of = now.catalogue()
    row = archive.find(session, name, of.audiences)
    if asked := asked_words(written):
        numbers = search(session, of, row, asked, place())
        begin = (number - 1) * archive.SIZE
        outs = archive.some(session, row, numbers[begin : begin + archive.SIZE])
        found = Page(outs, number, archive.SIZE, len(numbers))
    else:
        found = archive.page(session, row, number)
    issues = public(session, of, row, in_first_language(found.lines), place())
    return shelf_answers.page(
        "bulletin.html",
        bulletin=row,
        words=schedules.said(schedules.read(row.schedule)),
        coming=dates.upcoming(session, row, site().clock(), 3),
        found=found,
        issues=[(one, item_titles(one, ("", *of.audiences), place())) for one in issues],
        written=written,
        audiences={one: of.audiences[one] for one in row.segments if one in of.audiences},
        canonical=place().bulletin(row.name),
    )


def _issue(
    session: Session, now: State, name: str, number: int, language: str, audience: str
) -> Made:
    of = now.catalogue()
    row = archive.find(session, name, of.audiences)
    out = archive.issue(session, row, number)
    found = public(session, of, row, [_chosen(out, language)], place())[0]
    return shelf_answers.page(
        "bulletin-issue.html",
        pictures=True,
        bulletin=row,
        issue=found,
        read=read(found, audience, place()),
        audience=audience,
        languages=tuple(out.versions),
        beside=archive.beside(session, row, number),
        direction=direction(found.shown.language),
        is_foreign=found.shown.language.partition("-")[0] != "en",
        canonical=place().issue(row.name, number),
    )


def _chosen(out: Out, language: str) -> tuple[Out, int]:
    """In the language that was asked for, else in the one that its reader prefers."""
    there = tuple(out.versions)
    if language not in there:
        language = request.accept_languages.best_match(there, there[0])
    return out, out.versions[language]


def _audience() -> str:
    """A public segment; what is none is everybody."""
    asked = request.args.get("audience", "")
    return asked if asked in shelf_answers.state().catalogue().audiences else ""


def _download(content: bytes, name: str) -> WerkzeugResponse:
    answered = Response(content, mimetype="application/pdf")
    answered.headers["Content-Security-Policy"] = kit.SANDBOX
    answered.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answered.headers["Cache-Control"] = "public, max-age=60, stale-while-revalidate=600"
    answered.headers["X-Robots-Tag"] = "all"
    answered.headers["Vary"] = "Accept-Language"
    answered.set_etag(hashlib.sha256(content).hexdigest()[:32])
    return answered.make_conditional(request)

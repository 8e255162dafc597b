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
from cascade.bulletins.records import Bulletin
from cascade.errors import Refused
from cascade.look.records import Logo
from cascade.paging import Page
from cascade.printing import Given
from cascade.shelf.catalogue import Catalogue
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
    audience, of = _audience(), shelf_answers.state().catalogue()
    with site().database.reading() as session:
        # Before the key, which holds nothing but their choice: an answer is kept for everybody.
        language = _language(_find(session, of, bulletin, number)[1])

    def make(session: Session, now: State) -> Made:
        return _issue(session, now, bulletin, number, language, audience)

    return answer(("issue", bulletin, number, audience, language), make)


@pages.get(f"/bulletins/<bulletin>/<{ROW}:number>.pdf")
def on_paper(bulletin: str, number: int) -> ResponseReturnValue:
    """The issue as a PDF, made when somebody asks for it."""
    audience, of = _audience(), shelf_answers.state().catalogue()
    with site().database.reading() as session:
        row, out = _find(session, of, bulletin, number)
        found = public(session, of, row, [(out, out.versions[_language(out)])], place())[0]
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
    row, out = _find(session, of, name, number)
    found = public(session, of, row, [(out, out.versions[language])], place())[0]
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


def _find(session: Session, of: Catalogue, bulletin: str, number: int) -> tuple[Bulletin, Out]:
    row = archive.find(session, bulletin, of.audiences)
    return row, archive.issue(session, row, number)


def _language(out: Out) -> str:
    """The one that was asked for where it is there, else the one that its reader prefers."""
    asked, there = request.args.get("language", ""), tuple(out.versions)
    return asked if asked in there else request.accept_languages.best_match(there, there[0])


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

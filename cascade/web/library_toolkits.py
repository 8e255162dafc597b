"""`/library/<toolkit>`: a toolkit as anybody may read it, in its languages and versions."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound as PageNotFound

from cascade.shelf import card, speaking
from cascade.shelf.editions import Edition, edition
from cascade.shelf.reading import reading
from cascade.shelf.values import page_of
from cascade.web import embed_code, shelf_answers
from cascade.web.appearance import look
from cascade.web.shelf_answers import Made, State
from cascade.web.site import site
from cascade.web.tokens import ROW
from toolkits import direction

VIEWS = ("large", "easy", "text")
"""Other forms of a page."""

pages = Blueprint("library_toolkits", __name__)


@pages.get("/library/<toolkit_name>")
def show(toolkit_name: str) -> ResponseReturnValue:
    return _answer(toolkit_name, request.args.get("language", ""), None)


@pages.get(f"/library/<toolkit_name>/<language>/<{ROW}:number>")
def version(toolkit_name: str, language: str, number: int) -> ResponseReturnValue:
    return _answer(toolkit_name, language, number)


@pages.get("/library/<toolkit_name>/card.png")
def picture(toolkit_name: str) -> ResponseReturnValue:
    """The picture that stands for it where its address is shared."""

    def make(session: Session, now: State) -> Made:
        of = _edition(session, now, toolkit_name, "", None)
        read = reading(of, "", look(), site().settings.base_url)
        drawn = card.draw(read.title, look().cell, look().colour)
        return shelf_answers.made(drawn, "image/png")

    return shelf_answers.answer(("card", toolkit_name), make)


@pages.get("/library/<toolkit_name>/spoken.wav")
def read_aloud(toolkit_name: str) -> ResponseReturnValue:
    """It is read aloud as its page has it; 404 where the machine can't."""
    now, audience = shelf_answers.state(), request.args.get("audience", "")
    audience = audience if audience in now.catalogue().audiences else ""
    with site().database.reading() as session:
        of = _edition(session, now, toolkit_name, request.args.get("language", ""), None)
    # Without a connection of the database: it may take some seconds.
    said = reading(of, audience, look(), site().settings.base_url).text
    wave = speaking.spoken(said, of.shown.language)
    if wave is None:
        raise PageNotFound
    return shelf_answers.send(shelf_answers.made(wave, "audio/wav", X_Robots_Tag="noindex"))


def _answer(toolkit: str, language: str, number: int | None) -> ResponseReturnValue:
    audience = request.args.get("audience", "")
    view = request.args.get("as", "")
    view = view if view in VIEWS else ""
    now = shelf_answers.state()
    # Which of its languages a reader prefers depends on what there is: the key holds their choice.
    of = now.catalogue()
    there = of.languages.get(toolkit, ())
    if number is None and language not in there:
        language = request.accept_languages.best_match(there, there[0]) if there else ""
    audience = audience if audience in of.audiences else ""

    def make(session: Session, now: State) -> Made:
        return _made(_edition(session, now, toolkit, language, number), now, audience, view)

    key = ("toolkit", toolkit, language, number, audience, view)
    return shelf_answers.answer(key, make, now)


def _edition(
    session: Session, now: State, toolkit: str, language: str, number: int | None
) -> Edition:
    of = now.catalogue()
    there = of.languages.get(toolkit, ())
    return edition(
        session, of, toolkit, language or "".join(there[:1]), number, sign_off=now.of.sign_off
    )


def _made(of: Edition, now: State, audience: str, view: str) -> Made:
    home = site().settings.base_url
    read = reading(of, audience, look(), home)
    shown, here = of.shown, page_of(of.shown.toolkit, home)
    if view == "text":
        return shelf_answers.made(
            read.text.encode(),
            "text/plain; charset=utf-8",
            Vary="Accept-Language",
            X_Robots_Tag="noindex",
        )
    return shelf_answers.page(
        "library-easy.html" if view == "easy" else "library-toolkit.html",
        pictures=True,
        robots="all" if of.is_current and not view else "noindex",
        of=of,
        shown=shown,
        read=read,
        audience=audience,
        view=view,
        is_over=of.is_over(now.of.today),
        direction=direction(shown.language),
        is_foreign=shown.language.partition("-")[0] != "en",
        canonical=here,
        card=f"{here}/card.png",
        embedding=tuple(embed_code.discovery(shown.toolkit, home, one) for one in ("json", "xml")),
        can_speak=of.is_current and speaking.can_speak(of.shown.language),
    )

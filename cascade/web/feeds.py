"""`/feeds`: the newest issues of bulletins and toolkits of the library, as Atom, RSS, JSON Feed."""

from collections.abc import Callable
from email.utils import format_datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound as PageNotFound

from cascade.bulletins import archive
from cascade.bulletins.recent import issues_feed
from cascade.errors import NotFound
from cascade.shelf.feeds import FORMS, Feed
from cascade.shelf.recent import toolkits_feed
from cascade.web import shelf_answers
from cascade.web.archive import answer, place
from cascade.web.shelf_answers import Made, State

pages = Blueprint("feeds", __name__, url_prefix="/feeds")


@pages.get("/library.<form>")
def library(form: str) -> ResponseReturnValue:
    def make(session: Session, now: State) -> Feed:
        return toolkits_feed(session, now.catalogue(), place().identity, place().home, now.of.today)

    return _answer(("feed", "library"), form, make)


@pages.get("/<bulletin>.<form>")
def issues(bulletin: str, form: str) -> ResponseReturnValue:
    return _of(bulletin, "", form)


@pages.get("/<bulletin>/<segment>.<form>")
def for_segment(bulletin: str, segment: str, form: str) -> ResponseReturnValue:
    return _of(bulletin, segment, form)


def _of(bulletin: str, segment: str, form: str) -> ResponseReturnValue:
    def make(session: Session, now: State) -> Feed:
        of = now.catalogue()
        row = archive.find(session, bulletin, of.audiences)
        if segment and segment not in of.audiences:
            raise NotFound(f"There is no public audience called “{segment}”.")
        return issues_feed(session, of, row, segment, place())

    return _answer(("feed", bulletin, segment), form, make)


def _answer(
    key: tuple[str, ...], form: str, make: Callable[[Session, State], Feed]
) -> ResponseReturnValue:
    if form not in FORMS:
        raise PageNotFound
    media_type, write = FORMS[form]

    def made(session: Session, now: State) -> Made:
        feed = make(session, now)
        return shelf_answers.made(
            write(feed).encode(),
            f"{media_type}; charset=utf-8",
            Last_Modified=format_datetime(feed.updated, usegmt=True),
            Access_Control_Allow_Origin="*",
        )

    return answer((*key, form), made)

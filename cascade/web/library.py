"""`/library`: the public shelf of current toolkits, for anybody; its map for search engines."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.bulletins import archive as public_bulletins
from cascade.sending.deadlines import LONDON
from cascade.shelf.catalogue import Catalogue
from cascade.shelf.listing import FRESH, Wanted, in_words, shelf
from cascade.shelf.searching import asked_words, hits
from cascade.shelf.spelling import suggestion
from cascade.shelf.values import page_of
from cascade.web import archive, shelf_answers
from cascade.web.appearance import look
from cascade.web.paging import page_number, typed
from cascade.web.shelf_answers import Made, State
from cascade.web.site import site

_MOST_ADDRESSES = 50_000  # of one sitemap (sitemaps.org)
_MOST_ISSUES = 1_000  # of one bulletin
_OPEN = ("/library", "/bulletins", "/feeds", "/a/", "/static/", "/look/", "/logo/")
"""What robots may read: everything else is the desk, or somebody's own link."""
_FILTERS: Mapping[str, str] = MappingProxyType(
    {
        "campaign": "Campaign",
        "audience": "Audience",
        "topic": "Topic",
        "language": "Language",
        "days": "Published",
    }
)

pages = Blueprint("library", __name__)


@pages.get("/library")
def listing() -> ResponseReturnValue:
    written, number, wanted = typed(), page_number(), _wanted()
    key = ("listing", written, wanted, number)

    def make(session: Session, now: State) -> Made:
        return _listing(session, now, written, wanted, number)

    return shelf_answers.answer(key, make)


@pages.get("/sitemap.xml")
def sitemap() -> ResponseReturnValue:
    return archive.answer(("sitemap",), _sitemap)


@pages.get("/robots.txt")
def robots() -> ResponseReturnValue:
    allowed = "".join(f"Allow: {one}\n" for one in _OPEN)
    home = site().settings.base_url.rstrip("/")
    said = f"User-agent: *\nDisallow: /\n{allowed}Sitemap: {home}/sitemap.xml\n"
    return shelf_answers.send(shelf_answers.made(said.encode(), "text/plain; charset=utf-8"))


def _wanted() -> Wanted:
    days = request.args.get("days", 0, type=int)
    return Wanted(
        words=asked_words(typed()),
        campaign=typed("campaign", 300),
        audience=typed("audience", 200),
        topic=typed("topic", 200),
        language=typed("language", 35),
        days=days if days in FRESH else 0,
    )


def _listing(session: Session, now: State, written: str, wanted: Wanted, number: int) -> Made:
    of = now.catalogue()
    found = hits(session, wanted.words, of.audiences) if written else None
    shown = shelf(session, of, wanted, found, today=now.of.today, page=number)
    meant = ""
    if wanted.words and not shown.any_found:
        meant = suggestion(
            session, wanted.words, lambda words: _standing(session, of, words, now.of.today)
        )
    return shelf_answers.page(
        "library.html",
        wanted=wanted,
        written=written,
        meant=meant,
        shelf=shown,
        lines=[in_words(one, look(), site().settings.base_url) for one in shown.found.lines],
        filters=_FILTERS,
        audiences=of.audiences,
        is_empty=not of.entries,
        kept={"search": written or None} | {one: getattr(wanted, one) or None for one in _FILTERS},
        canonical=f"{site().settings.base_url}/library",
    )


def _standing(session: Session, of: Catalogue, words: Sequence[str], today: date) -> int:
    """How many texts that stand in the library have all of the words."""
    there = {one.version_id for one in of.entries if not one.is_over(today)}
    return sum(one.version_id in there for one in hits(session, words, of.audiences))


def _sitemap(session: Session, now: State) -> Made:
    of, home = now.catalogue(), site().settings.base_url
    current = [one for one in of.entries if one.is_own and not one.is_over(now.of.today)]
    pages = [(page_of(one.toolkit, home), one.published.isoformat()) for one in current]
    text = render_template(
        "sitemap.xml",
        shelf=f"{home.rstrip('/')}/library",
        pages=[*_of_bulletins(session, now), *pages][:_MOST_ADDRESSES],
    )
    return shelf_answers.made(text.encode(), "application/xml; charset=utf-8")


def _of_bulletins(session: Session, now: State) -> Iterator[tuple[str, str]]:
    place = archive.place()
    for one in public_bulletins.listing(session, now.catalogue().audiences):
        yield place.bulletin(one.name), ""
        for issue in public_bulletins.addresses(session, one, _MOST_ISSUES):
            day = issue.send_at.astimezone(LONDON).date()
            yield place.issue(one.name, issue.number), day.isoformat()

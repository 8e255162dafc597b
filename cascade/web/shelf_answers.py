"""Answers of the library: made once for each of its states, kept in this process, sent to anybody.

No page of it looks at who asks, and none sets a cookie. What they depend on is read with each
request (`cascade.shelf.revision`): as long as that is the same, an answer is the same bytes.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import cast

from flask import Flask, Response, current_app, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as WerkzeugResponse

from cascade.sending.deadlines import LONDON
from cascade.shelf.catalogue import Catalogue, catalogue
from cascade.shelf.revision import Revision, revision
from cascade.web.appearance import look
from cascade.web.security import kept_policy
from cascade.web.site import site

_NAME = "cascade-library"
_MOST_BYTES = 16 * 1024 * 1024
_LASTS = timedelta(seconds=1)
"""Until what was done in another process is seen here: to ask for each page costs more than it."""
_CACHE = "public, max-age=60, stale-while-revalidate=600"


@dataclass(frozen=True, slots=True)
class Made:
    """One answer, as it is sent to everybody."""

    body: bytes
    etag: str
    headers: tuple[tuple[str, str], ...]


class State:
    """The library as it is as long as nothing changes, with the answers that were made of it."""

    def __init__(self, of: Revision) -> None:
        self.of = of
        self._catalogue: Catalogue | None = None
        self._answers: OrderedDict[Hashable, Made] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def catalogue(self) -> Catalogue:
        """Every text that stands in the library; read when first asked for."""
        if self._catalogue is None:
            with site().database.reading() as session:
                self._catalogue = catalogue(session, sign_off=self.of.sign_off)
        return self._catalogue

    def kept(self, key: Hashable) -> Made | None:
        with self._lock:
            found = self._answers.get(key)
            if found:
                self._answers.move_to_end(key)
            return found

    def keep(self, key: Hashable, made: Made) -> None:
        """Keep an answer, and let those go that were not asked for longest."""
        with self._lock:
            if key in self._answers:
                return
            self._answers[key] = made
            self._bytes += len(made.body)
            while self._bytes > _MOST_BYTES:
                self._bytes -= len(self._answers.popitem(last=False)[1].body)


class _Library:
    """The newest state that this process knows, and when it was looked at last."""

    def __init__(self) -> None:
        self._key: Hashable = None
        self._state: State | None = None
        self._looked = datetime.min.replace(tzinfo=UTC)
        self._lock = Lock()

    def current(self, worn: Hashable, now: datetime) -> State:
        """The state now; the database is asked again after a second."""
        with self._lock:
            found = self._state
            if (
                found
                and self._key == (found.of, worn)
                and timedelta(0) <= now - self._looked < _LASTS
            ):
                return found
        with site().database.reading() as session:
            of = revision(session, site().settings.sign_off, now.astimezone(LONDON).date())
        with self._lock:
            if self._state is None or self._key != (of, worn):
                self._key, self._state = (of, worn), State(of)
            self._looked = now
            return self._state

    def forget(self) -> None:
        """Look again for the next page."""
        self._looked = datetime.min.replace(tzinfo=UTC)


def register(app: Flask) -> None:
    """Give the application a place to keep its answers; every act in it makes them look again."""
    library = app.extensions[_NAME] = _Library()

    @app.after_request
    def forget(answered: Response) -> Response:
        if request.method not in ("GET", "HEAD"):
            library.forget()
        return answered


def state() -> State:
    """The library as it is now."""
    return cast(_Library, current_app.extensions[_NAME]).current(look(), site().clock())


def answer(
    key: Hashable, make: Callable[[Session, State], Made], at: State | None = None
) -> WerkzeugResponse:
    """The answer that is kept under this key, else made now and kept."""
    now = at or state()
    found = now.kept(key)
    if found is None:
        now.catalogue()  # before there is a connection: two for one request could lock everybody up
        with site().database.reading() as session:
            found = make(session, now)
        now.keep(key, found)
    return send(found)


def send(made: Made) -> WerkzeugResponse:
    """One answer to one reader, who may have it already."""
    response = Response(made.body)
    response.headers.update(made.headers)
    response.headers["Cache-Control"] = _CACHE
    response.set_etag(made.etag)
    return response.make_conditional(request)


def made(body: bytes, media_type: str, **headers: str) -> Made:
    """An answer of any type; names of headers with `_` for `-`."""
    pairs = {"Content-Type": media_type, "X-Robots-Tag": "all"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return Made(body, sha256(body).hexdigest()[:32], tuple(pairs.items()))


def page(template: str, *, pictures: bool = False, robots: str = "all", **shown: object) -> Made:
    """A page; `pictures`: from anywhere over https, as toolkits may hold them."""
    text = render_template(template, is_kept=True, **shown)
    return made(
        text.encode(),
        "text/html; charset=utf-8",
        Content_Security_Policy=kept_policy(text, pictures=pictures),
        X_Robots_Tag=robots,
        Vary="Accept-Language",
    )

"""The look of every page, read every few seconds: what it shows is no matter of a moment."""

from datetime import datetime, timedelta
from typing import cast

from flask import Flask, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from cascade.identity import Identity, identity
from cascade.look.wearing import kept, worn
from cascade.web.site import Site

_NAME = "cascade-look"
_LASTS = timedelta(seconds=5)
"""Until a change in another process is seen here."""
_BARE = ("static", "health.", "look_files.")
"""Answers without a header."""


class Appearance:
    """The look as it was read last."""

    def __init__(self, of: Site) -> None:
        self._site = of
        self.default = identity(of.settings)
        """As the settings of the installation have it."""
        self._read: tuple[datetime, Identity] | None = None

    def current(self) -> Identity:
        """Whom messages come from, and how pages look."""
        return self._read[1] if self._read else self.default

    def refresh(self) -> None:
        """Read it when that was some seconds ago; with a database that is down, as it was."""
        now = self._site.clock()
        if self._read and timedelta(0) <= now - self._read[0] < _LASTS:
            return
        try:
            with self._site.database.reading() as session:
                found = worn(self.default, kept(session), self._site.settings.base_url)
        except SQLAlchemyError:
            return  # the page that says so has a header all the same
        self._read = (now, found)

    def forget(self) -> None:
        """Read it again for the next page."""
        self._read = None


def appearance() -> Appearance:
    """The look of the request that is being answered."""
    return cast(Appearance, current_app.extensions[_NAME])


def look() -> Identity:
    """Whom messages come from now, and how pages look."""
    return appearance().current()


def register(app: Flask, of: Site) -> None:
    """Hand the look to each template."""
    app.extensions[_NAME] = Appearance(of)
    # Before a page holds a connection of its own: two for one request could lock everybody up.
    app.before_request(_refresh)
    app.context_processor(lambda: {"look": look(), "contact": look().contact})


def _refresh() -> None:
    if not (request.endpoint or "").startswith(_BARE):
        appearance().refresh()

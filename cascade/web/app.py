"""Makes the application out of what it needs: settings, a database and a clock."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask
from jinja2 import ChainableUndefined, ChoiceLoader, FileSystemLoader, PackageLoader

from cascade.config import Settings
from cascade.database import Database
from cascade.links import Links
from cascade.sending.framing import EXERCISE_WORDS
from cascade.web import (
    cascades,
    confirm,
    desk,
    errors,
    health,
    inbox,
    paging,
    security,
    unsubscribe,
)
from cascade.web.figures import FILTERS
from cascade.web.site import NAME, Site

_TEMPLATES = Path(__file__).parents[2] / "templates" / "pages"
_LARGEST_REQUEST = 64 * 1024  # a confirmation with the longest comment, every letter an emoji


class _Application(Flask):
    jinja_options = {
        # Flask escapes in .html only, and the NHS macros are .jinja.
        "autoescape": True,
        # The NHS macros ask for what may be missing at any depth.
        "undefined": ChainableUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }


def create_app(settings: Settings, database: Database, *, clock: Callable[[], datetime]) -> Flask:
    """The web application of one installation; refuses to start without a secret key."""
    app = _Application("cascade.web")
    site = Site(settings, database, Links(settings.secret, settings.base_url), clock)
    app.extensions[NAME] = site
    app.config.update(
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=_LARGEST_REQUEST,
        MAX_FORM_PARTS=50,
    )
    _templates(app, site)
    for blueprint in (confirm.pages, unsubscribe.pages, cascades.pages, desk.pages, health.pages):
        app.register_blueprint(blueprint)
    if settings.catcher:
        app.register_blueprint(inbox.pages)
    errors.register(app)
    app.after_request(security.protect)
    return app


def _templates(app: Flask, site: Site) -> None:
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(_TEMPLATES), PackageLoader("nhsuk_frontend_jinja")]
    )
    app.jinja_env.globals.update(
        csp_nonce=security.nonce,
        settings=site.settings,
        contact=site.contact,
        exercise_words=EXERCISE_WORDS,
        previous_and_next=paging.previous_and_next,
    )
    app.jinja_env.filters.update(FILTERS)

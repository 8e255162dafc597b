"""`/health`: whether everything runs, in words for people; it keeps itself fresh."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cascade import migrations
from cascade.accounts.permissions import Permission
from cascade.reporting.health import Outside, health, summary
from cascade.web import access
from cascade.web.cascades import conditional
from cascade.web.site import site

_ASK_AGAIN = 5
_ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
TAGS = {
    "right": ("Working", "green"),
    "look": ("Look at this", "yellow"),
    "wrong": ("Not working", "red"),
    "unknown": ("Not known", "grey"),
}

pages = Blueprint("health_page", __name__)
pages.before_request(access.require(Permission.SEE))


@pages.get("/health")
def show() -> ResponseReturnValue:
    return render_template("health.html", **_found())


@pages.get("/health/now")
def current() -> ResponseReturnValue:
    """The part of the page that changes, for its script; answers 304 while nothing has."""
    return conditional(render_template("health-parts.html", **_found()))


def _found() -> dict[str, object]:
    engine = site().database.engine
    outside = Outside(
        database=_ENGINES[engine.dialect.name],
        is_current=migrations.is_current(engine),
        has_doorbell=site().settings.redis_url is not None,
    )
    with site().database.reading() as session:
        parts = health(session, outside, site().clock())
    return {"parts": parts, "summary": summary(parts), "tags": TAGS, "again": _ASK_AGAIN}

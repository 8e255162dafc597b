"""Whether the process lives, and whether it can do its work: two different questions."""

from collections.abc import Iterator
from datetime import timedelta

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cascade import migrations
from cascade.sending.records import ClockBeat
from cascade.web.site import site

BEAT_WITHIN = timedelta(seconds=30)

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def alive() -> ResponseReturnValue:
    """Asks nothing of anything: a database that is away must not get this process killed."""
    return Response("ok\n", mimetype="text/plain")


@pages.get("/readyz")
def ready() -> ResponseReturnValue:
    """Whether the database answers, is up to date, and the clock has worked lately."""
    try:
        with site().database.reading() as session:
            reasons = [*_outdated(), *_still(session)]
    except SQLAlchemyError as error:
        reasons = [f"the database does not answer ({type(error).__name__})"]
    return jsonify(ready=not reasons, reasons=reasons), 503 if reasons else 200


def _outdated() -> Iterator[str]:
    if not migrations.is_current(site().database.engine):
        yield "the database is not at this version of Cascade; run `cascade db upgrade`"


def _still(session: Session) -> Iterator[str]:
    last = session.scalar(select(func.max(ClockBeat.at)))
    if last is None:
        yield "the clock has never run; start it with `cascade serve` or the clock process"
    elif (ago := site().clock() - last) > BEAT_WITHIN:
        yield f"the clock last worked {ago.total_seconds():.0f} seconds ago"

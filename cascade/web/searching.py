"""`/search?q=`: everything that is found by some words, the first of each kind."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cascade.accounts.permissions import Permission
from cascade.audience.finding import MOST
from cascade.reporting.everything import FIRST, LONGEST, everything
from cascade.reporting.words import STATE_WORDS
from cascade.web import access
from cascade.web.kinds import kind_words
from cascade.web.paging import typed
from cascade.web.site import site

pages = Blueprint("searching", __name__)
pages.before_request(access.require(Permission.SEE))


@pages.get("/search")
def show() -> ResponseReturnValue:
    words = typed("q", LONGEST)
    sees_people = Permission.SEE_PEOPLE in access.permissions()
    found = None
    if words:
        with site().database.reading() as session:
            found = everything(session, words, people=sees_people)
    return render_template(
        "search.html",
        words=words,
        found=found,
        sees_people=sees_people,
        first=FIRST,
        most=MOST,
        states=STATE_WORDS,
        kind_words=kind_words,
        is_address="@" in words,
    )

"""`/segments`: each segment with its rule in words, and how many it holds now."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cascade.accounts.permissions import Permission
from cascade.audience.segments import sizes
from cascade.web import access
from cascade.web.kinds import rule_words
from cascade.web.lately import lately
from cascade.web.site import site

pages = Blueprint("segments", __name__)
pages.before_request(access.require(Permission.SEE))


@pages.get("/segments")
def listing() -> ResponseReturnValue:
    with site().database.reading() as session:
        every = lately("segments", lambda: sizes(session))
    rules = {one.name: rule_words(one.rule) for one in every}
    return render_template("segments.html", every=every, rules=rules)

"""`/segments/<name>`: who is in a segment, and why."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cascade.accounts.permissions import Permission
from cascade.audience.membership import members
from cascade.audience.segments import find, size
from cascade.web import access
from cascade.web.kinds import kind_words, language_words, rule_words
from cascade.web.lately import lately
from cascade.web.paging import row_number
from cascade.web.site import site

pages = Blueprint("segment_members", __name__)
pages.before_request(access.require(Permission.SEE_PEOPLE))


@pages.get("/segments/<name>")
def show(name: str) -> ResponseReturnValue:
    with site().database.reading() as session:
        segment = find(session, name)
        found = members(session, segment, after=row_number("after"), before=row_number("before"))
        counts = lately(f"segment {segment.id}", lambda: size(session, segment))
    return render_template(
        "segment.html",
        segment=segment,
        found=found,
        counts=counts,
        rule=rule_words(segment.rule),
        words=_words,
        asks=set(segment.rule),
        language=language_words,
    )


def _words(part: str, said: str) -> str:
    return kind_words(said) if part == "kind" else said

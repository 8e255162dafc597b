"""`/segments/<name>/change`: see what a change makes of a segment, then make it; remove one."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.audience import changing_segments, making_segments
from cascade.audience.changing_segments import Difference
from cascade.audience.kinds import FIRST_KINDS
from cascade.audience.segments import find
from cascade.errors import BadInput, Overtaken, Refused
from cascade.sending import segment_uses
from cascade.web import access
from cascade.web.kinds import rule_words
from cascade.web.noting import last_by, note
from cascade.web.people_forms import SegmentForm
from cascade.web.segment_making import audited, known_places, offer
from cascade.web.site import site

pages = Blueprint("segment_changes", __name__)
pages.before_request(access.require(Permission.EDIT_PEOPLE))


@pages.get("/segments/<name>/change")
def edit(name: str) -> ResponseReturnValue:
    with site().database.reading() as session:
        segment = find(session, name)
        asked, seen = making_segments.asked_of(segment), changing_segments.mark(segment)
    return _page(name, SegmentForm.of(asked, seen))


@pages.post("/segments/<name>/change")
def change(name: str) -> ResponseReturnValue:
    """The first press shows the difference; the second, on the page with it, makes it."""
    form = SegmentForm(request.form)
    offer(form)
    if not form.validate():
        return _page(name, form), 422
    try:
        if request.form.get("act") != "keep":
            return _page(name, form, _difference(name, form))
        with site().database.writing() as session:
            before = audited(find(session, name))
            kept = changing_segments.change(session, name, form.asked(), seen=form.seen.data or "")
            if audited(kept) != before:
                note(session, Act.SEGMENT_CHANGED, _subject(name), before, audited(kept))
    except BadInput as error:
        form.explain(error)
        return _page(name, form), 422
    except Overtaken:
        return _overtaken(name, form), 409
    return redirect(url_for("segment_members.show", name=name), 303)


@pages.post("/segments/<name>/remove")
def remove(name: str) -> ResponseReturnValue:
    """Remove a segment that nothing uses."""
    try:
        with site().database.writing() as session:
            gone = segment_uses.remove(session, name)
            note(session, Act.SEGMENT_REMOVED, _subject(name), before=audited(gone))
    except Refused as error:
        with site().database.reading() as session:
            segment = find(session, name)
            asked, seen = making_segments.asked_of(segment), changing_segments.mark(segment)
        return _page(name, SegmentForm.of(asked, seen), refused=str(error)), 409
    return redirect(url_for("segments.listing"), 303)


def _difference(name: str, form: SegmentForm) -> Difference:
    with site().database.reading() as session:
        return changing_segments.difference(session, find(session, name), form.asked())


def _overtaken(name: str, form: SegmentForm) -> str:
    """What somebody else made of it, and what was typed; sent once more it is meant."""
    with site().database.reading() as session:
        segment = find(session, name)
        form.seen.data = changing_segments.mark(segment)
        by = last_by(session, _subject(name))
    return _page(name, form, _difference(name, form), theirs=audited(segment), by=by)


def _subject(name: str) -> str:
    return f"segment {name}"


def _page(
    name: str,
    form: SegmentForm,
    difference: Difference | None = None,
    *,
    theirs: dict[str, str] | None = None,
    by: str = "",
    refused: str = "",
) -> str:
    choices = offer(form)
    with site().database.reading() as session:
        segment = find(session, name)
        used = segment_uses.uses(session, name)
    return render_template(
        "segment-change.html",
        segment=segment,
        form=form,
        choices=choices,
        places=known_places(),
        difference=difference,
        rule=rule_words(difference.after.rule) if difference else "",
        uses=used,
        is_first=name in FIRST_KINDS,
        theirs=theirs,
        by=by,
        refused=refused,
    )

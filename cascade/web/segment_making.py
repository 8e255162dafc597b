"""`/segments/new`: say what a segment asks for, see whom it would hold, then keep it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.audience import making_segments
from cascade.audience.records import Segment
from cascade.audience.segments import SegmentSize, kinds
from cascade.errors import BadInput
from cascade.web import access
from cascade.web.kinds import kind_words, rule_words
from cascade.web.lately import lately
from cascade.web.noting import note
from cascade.web.people_forms import SegmentForm
from cascade.web.site import site

pages = Blueprint("segment_making", __name__)
pages.before_request(access.require(Permission.EDIT_PEOPLE))


@pages.get("/segments/new")
def blank() -> ResponseReturnValue:
    return _page(SegmentForm())


@pages.post("/segments/new")
def make() -> ResponseReturnValue:
    """The first press counts; the second, on the page with the count, keeps it."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    try:
        if request.form.get("act") != "keep":
            with site().database.reading() as session:
                return _page(form, making_segments.count(session, form.asked()))
        with site().database.writing() as session:
            kept = making_segments.keep(session, form.asked())
            _note(session, kept)
    except BadInput as error:
        form.explain(error)
        return _page(form), 422
    return redirect(url_for("segment_members.show", name=kept.name), 303)


def _form() -> SegmentForm:
    form = SegmentForm(request.form)
    offer(form)
    return form


def offer(form: SegmentForm) -> dict[str, str]:
    """Let people choose from the kinds there are."""
    with site().database.reading() as session:
        known = kinds(session)
    form.kinds.choices = [(kind, kind_words(kind)) for kind in known]
    return {kind: kind_words(kind) for kind in known}


def known_places() -> tuple[str, ...]:
    """The places that organisations are in, as counted within the last half minute."""
    with site().database.reading() as session:
        return lately("places", lambda: making_segments.places(session))


def _note(session: Session, kept: Segment) -> None:
    note(session, Act.SEGMENT_ADDED, f"segment {kept.name}", after=audited(kept))


def audited(segment: Segment) -> dict[str, str]:
    """A segment as the audit trail keeps it."""
    return {
        "title": segment.title,
        "rule": rule_words(segment.rule),
        "public": "yes" if segment.public else "no",
    }


def _page(form: SegmentForm, counts: SegmentSize | None = None) -> str:
    choices = offer(form)
    return render_template(
        "segment-form.html",
        form=form,
        choices=choices,
        places=known_places(),
        counts=counts,
        rule=rule_words(counts.rule) if counts else "",
    )

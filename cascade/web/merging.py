"""Find organisations that are there twice, and make one of two."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound as PageNotFound

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.audience import contact_editing, duplicates, editing
from cascade.audience.duplicates import Found
from cascade.audience.editing import audited
from cascade.audience.merging import Merged, merge
from cascade.errors import Refused
from cascade.web import access
from cascade.web.noting import note
from cascade.web.paging import typed
from cascade.web.people_forms import MergeForm, moment_of
from cascade.web.site import site
from cascade.web.tokens import ROW

_WAYS: dict[str, Callable[[Session, str], Found]] = {
    "postcode": duplicates.by_postcode,
    "email": duplicates.by_email,
    "phone": duplicates.by_phone,
}
_LONGEST = 320

pages = Blueprint("merging", __name__, url_prefix="/organisations")
pages.before_request(access.require(Permission.EDIT_PEOPLE))


@pages.get("/duplicates")
def listing() -> ResponseReturnValue:
    by = request.args.get("by", "")
    by = by if by in _WAYS else "postcode"
    after = typed("after", _LONGEST)
    with site().database.reading() as session:
        found = _WAYS[by](session, after)
    return render_template("duplicates.html", found=found, by=by, after=after)


@pages.get(f"/<{ROW}:number>/merge/<{ROW}:other>")
def compare(number: int, other: int) -> ResponseReturnValue:
    return _page(MergeForm(), number, other)


@pages.post(f"/<{ROW}:number>/merge/<{ROW}:other>")
def do(number: int, other: int) -> ResponseReturnValue:
    form = MergeForm(request.form)
    if form.keep.data not in (str(number), str(other)):
        form.blame("keep", "Choose which organisation stays")
        return _page(form, number, other), 422
    keep = int(form.keep.data)
    gone = other if keep == number else number
    moments = {number: moment_of(form.seen_first.data), other: moment_of(form.seen_second.data)}
    try:
        with site().database.writing() as session:
            before = audited(editing.get(session, keep))
            seen = (moments[keep], moments[gone])
            done = merge(session, keep, gone, seen=seen, now=site().clock())
            _note(session, done, before)
    except Refused as error:
        form.blame("keep", str(error))
        return _page(form, number, other), 422
    return redirect(url_for("organisations.show", number=keep), 303)


def _note(session: Session, done: Merged, before: dict[str, object]) -> None:
    kept, closed = done.kept, done.closed
    moved = f"Contacts moved: {', '.join(done.moved) or 'none'}."
    left = f" Already there, so closed: {', '.join(done.left)}." if done.left else ""
    note(
        session,
        Act.ORGANISATIONS_MERGED,
        f"organisation {kept.id}",
        before,
        audited(kept),
        detail=f"organisation {closed.id} ({closed.name}) became part of it. {moved}{left}",
    )
    note(
        session,
        Act.ORGANISATION_CLOSED,
        f"organisation {closed.id}",
        {"closed": False},
        {"closed": True},
        detail=f"became part of organisation {kept.id} ({kept.name})",
    )


def _page(form: MergeForm, number: int, other: int) -> str:
    with site().database.reading() as session:
        both = tuple(editing.get(session, one) for one in (number, other))
        people = tuple(contact_editing.contacts(session, one) for one in (number, other))
    if number == other:
        raise PageNotFound
    names = list(dict.fromkeys(name for one in both for name in one.attributes))
    form.seen_first.data, form.seen_second.data = (one.updated_at.isoformat() for one in both)
    return render_template("merge.html", form=form, both=both, people=people, attributes=names)

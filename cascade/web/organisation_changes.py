"""Add an organisation, change it, close it and open it again."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.audience import editing
from cascade.audience.editing import There, audited
from cascade.audience.segments import kinds
from cascade.errors import BadInput, Overtaken
from cascade.web import access
from cascade.web.noting import last_by, note
from cascade.web.people_forms import OrganisationForm
from cascade.web.site import site
from cascade.web.tokens import ROW

pages = Blueprint("organisation_changes", __name__, url_prefix="/organisations")
pages.before_request(access.require(Permission.EDIT_PEOPLE))


@pages.get("/new")
def blank() -> ResponseReturnValue:
    return _page(OrganisationForm())


@pages.post("/new")
def add() -> ResponseReturnValue:
    form = OrganisationForm(request.form)
    if not form.validate():
        return _page(form), 422
    try:
        with site().database.writing() as session:
            added = editing.add(session, form.given(), site().clock())
            note(session, Act.ORGANISATION_ADDED, subject(added.id), after=audited(added))
    except BadInput as error:
        form.explain(error)
        return _page(form, there=_there(error)), 422
    return redirect(url_for("organisations.show", number=added.id), 303)


@pages.get(f"/<{ROW}:number>/change")
def edit(number: int) -> ResponseReturnValue:
    with site().database.reading() as session:
        form = OrganisationForm.of(editing.get(session, number))
    return _page(form, number)


@pages.post(f"/<{ROW}:number>/change")
def change(number: int) -> ResponseReturnValue:
    form = OrganisationForm(request.form)
    if not form.validate():
        return _page(form, number), 422
    try:
        with site().database.writing() as session:
            before = audited(editing.get(session, number))
            changed = editing.change(
                session, number, form.given(), seen=form.seen_at(), now=site().clock()
            )
            note(session, Act.ORGANISATION_CHANGED, subject(number), before, audited(changed))
    except Overtaken:
        return _overtaken(form, number), 422
    except BadInput as error:
        form.explain(error)
        return _page(form, number, there=_there(error)), 422
    return redirect(url_for("organisations.show", number=number), 303)


@pages.post(f"/<{ROW}:number>/close")
def close(number: int) -> ResponseReturnValue:
    return _set_closed(number, closed=True)


@pages.post(f"/<{ROW}:number>/reopen")
def reopen(number: int) -> ResponseReturnValue:
    return _set_closed(number, closed=False)


def subject(number: int) -> str:
    """An organisation as the audit trail names it."""
    return f"organisation {number}"


def _set_closed(number: int, *, closed: bool) -> ResponseReturnValue:
    act = Act.ORGANISATION_CLOSED if closed else Act.ORGANISATION_REOPENED
    with site().database.writing() as session:
        before = audited(editing.get(session, number))
        row = editing.set_closed(session, number, closed=closed, now=site().clock())
        if audited(row) != before:
            note(session, act, subject(number), before, audited(row), detail=row.name)
    return redirect(url_for("organisations.show", number=number), 303)


def _overtaken(form: OrganisationForm, number: int) -> str:
    """What somebody else wrote stands beside what was typed; saving again is then meant."""
    with site().database.reading() as session:
        row = editing.get(session, number)
        by = last_by(session, subject(number), form.seen_at())
    return _page(form, number, theirs=form.taken_over(OrganisationForm.of(row)), by=by)


def _there(error: BadInput) -> int | None:
    return error.number if isinstance(error, There) else None


def _page(
    form: OrganisationForm,
    number: int | None = None,
    *,
    there: int | None = None,
    theirs: list[tuple[str, str, str]] | None = None,
    by: str = "",
) -> str:
    with site().database.reading() as session:
        form.offer(kinds(session))
    return render_template(
        "organisation-form.html", form=form, number=number, there=there, theirs=theirs, by=by
    )

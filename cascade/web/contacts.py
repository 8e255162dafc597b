"""Add a contact of an organisation, change, close and reopen it; put deputies in order."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound as PageNotFound

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.audience import contact_editing, editing
from cascade.audience.contact_editing import audited
from cascade.audience.records import Contact, Organisation
from cascade.errors import BadInput, Overtaken
from cascade.web import access
from cascade.web.noting import last_by, note
from cascade.web.people_forms import PLACES, ContactForm
from cascade.web.site import site
from cascade.web.tokens import ROW

pages = Blueprint("contacts", __name__, url_prefix="/organisations")
pages.before_request(access.require(Permission.EDIT_PEOPLE))


@pages.get(f"/<{ROW}:number>/contacts/new")
def blank(number: int) -> ResponseReturnValue:
    return _page(ContactForm(), _organisation(number))


@pages.post(f"/<{ROW}:number>/contacts/new")
def add(number: int) -> ResponseReturnValue:
    form = ContactForm(request.form)
    if not form.validate():
        return _page(form, _organisation(number)), 422
    try:
        with site().database.writing() as session:
            added = contact_editing.add(session, number, form.given(), site().clock())
            _note(session, Act.CONTACT_ADDED, added, after=audited(added))
    except BadInput as error:
        form.explain(error)
        return _page(form, _organisation(number)), 422
    return _back(number)


@pages.get(f"/<{ROW}:number>/contacts/<{ROW}:contact>")
def edit(number: int, contact: int) -> ResponseReturnValue:
    row = _row(number, contact)
    return _page(ContactForm.of(row), _organisation(number), row)


@pages.post(f"/<{ROW}:number>/contacts/<{ROW}:contact>")
def change(number: int, contact: int) -> ResponseReturnValue:
    form = ContactForm(request.form)
    organisation, row = _organisation(number), _row(number, contact)
    if not form.validate():
        return _page(form, organisation, row), 422
    try:
        with site().database.writing() as session:
            before = audited(_contact(session, number, contact))
            changed = contact_editing.change(
                session, contact, form.given(), seen=form.seen_at(), now=site().clock()
            )
            _note(session, Act.CONTACT_CHANGED, changed, before, audited(changed))
    except Overtaken:
        return _overtaken(form, organisation, contact), 422
    except BadInput as error:
        form.explain(error)
        return _page(form, organisation, row), 422
    return _back(number)


@pages.post(f"/<{ROW}:number>/contacts/<{ROW}:contact>/close")
def close(number: int, contact: int) -> ResponseReturnValue:
    return _set_closed(number, contact, closed=True)


@pages.post(f"/<{ROW}:number>/contacts/<{ROW}:contact>/reopen")
def reopen(number: int, contact: int) -> ResponseReturnValue:
    return _set_closed(number, contact, closed=False)


@pages.get(f"/<{ROW}:number>/order")
def show_order(number: int) -> ResponseReturnValue:
    return _order_page(number)


@pages.post(f"/<{ROW}:number>/order")
def order(number: int) -> ResponseReturnValue:
    wanted, seen = _numbers("place"), _numbers("seen")
    try:
        with site().database.writing() as session:
            before = _order(session, number)
            contact_editing.put_in_order(session, number, wanted, seen=seen, now=site().clock())
            after = _order(session, number)
            if after != before:
                note(session, Act.DEPUTIES_ORDERED, f"organisation {number}", before, after)
    except (BadInput, Overtaken) as error:
        return _order_page(number, str(error)), 422
    return _back(number)


def _numbers(prefix: str) -> dict[int, int]:
    """Fields such as `place-12`: the contact's number, and where it is to stand."""
    found = {}
    for name, said in request.form.items():
        word, _, number = name.partition("-")
        if word == prefix and _is_small(number, 18) and _is_small(said, 2):
            found[int(number)] = int(said)
    return found


def _is_small(text: str, digits: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= digits


def _order(session: Session, number: int) -> dict[str, int]:
    return {
        one.name or one.key: one.deputy
        for one in contact_editing.contacts(session, number)
        if one.closed_at is None
    }


def _set_closed(number: int, contact: int, *, closed: bool) -> ResponseReturnValue:
    act = Act.CONTACT_CLOSED if closed else Act.CONTACT_REOPENED
    with site().database.writing() as session:
        before = audited(_contact(session, number, contact))
        row = contact_editing.set_closed(session, contact, closed=closed, now=site().clock())
        if audited(row) != before:
            _note(session, act, row, before, audited(row))
    return _back(number)


def _overtaken(form: ContactForm, organisation: Organisation, contact: int) -> str:
    with site().database.reading() as session:
        row = _contact(session, organisation.id, contact)
        by = last_by(session, _subject(row), form.seen_at())
    theirs = form.taken_over(ContactForm.of(row))
    return _page(form, organisation, row, theirs=theirs, by=by)


def _note(
    session: Session,
    act: Act,
    row: Contact,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    note(session, act, _subject(row), before, after, detail=f"organisation {row.organisation_id}")


def _subject(row: Contact) -> str:
    return f"contact {row.id}"


def _organisation(number: int) -> Organisation:
    with site().database.reading() as session:
        return editing.get(session, number)


def _row(number: int, contact: int) -> Contact:
    with site().database.reading() as session:
        return _contact(session, number, contact)


def _contact(session: Session, number: int, contact: int) -> Contact:
    """A contact of this very organisation; another's is not found."""
    row = contact_editing.get(session, contact)
    if row.organisation_id != number:
        raise PageNotFound
    return row


def _back(number: int) -> ResponseReturnValue:
    return redirect(url_for("organisations.show", number=number), 303)


def _page(
    form: ContactForm,
    organisation: Organisation,
    row: Contact | None = None,
    *,
    theirs: list[tuple[str, str, str]] | None = None,
    by: str = "",
) -> str:
    return render_template(
        "contact-form.html", form=form, organisation=organisation, row=row, theirs=theirs, by=by
    )


def _order_page(number: int, problem: str = "") -> str:
    organisation = _organisation(number)
    with site().database.reading() as session:
        people = contact_editing.contacts(session, number)
    here = [one for one in people if one.closed_at is None]
    return render_template(
        "order.html", organisation=organisation, people=here, places=PLACES, problem=problem
    )

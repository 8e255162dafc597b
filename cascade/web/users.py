"""`/users`: who works in the cell; invited, changed, closed and reopened by administrators."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts import joining, users
from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.accounts.users import Person
from cascade.errors import BadInput, CascadeError, Refused
from cascade.web import access
from cascade.web.account_forms import InviteForm, PersonForm
from cascade.web.appearance import look
from cascade.web.noting import note
from cascade.web.paging import page_number, typed
from cascade.web.site import site
from cascade.web.tokens import ROW

_SIZE = 50

pages = Blueprint("users", __name__, url_prefix="/users")
pages.before_request(access.require(Permission.ADMINISTER))


@pages.get("")
def listing() -> ResponseReturnValue:
    number = page_number()
    search = typed()
    closed = request.args.get("closed") == "yes"
    with site().database.reading() as session:
        found = users.listing(session, search=search, closed=closed, page=number, size=_SIZE)
    return render_template("users.html", found=found, search=search, closed=closed)


@pages.get("/invite")
def invitation() -> ResponseReturnValue:
    return _invite_page(InviteForm())


@pages.post("/invite")
def invite() -> ResponseReturnValue:
    form = InviteForm(request.form)
    if not form.validate():
        return _invite_page(form), 422
    try:
        with site().database.writing() as session:
            added = _add(session, form)
    except (BadInput, Refused) as error:
        form.explain(error)
        return _invite_page(form), 422
    return redirect(url_for(".show", number=added.id), 303)


@pages.get(f"/<{ROW}:number>")
def show(number: int) -> ResponseReturnValue:
    person = _person(number)
    return _page(person, _form(person))


@pages.post(f"/<{ROW}:number>")
def change(number: int) -> ResponseReturnValue:
    form = PersonForm(request.form)
    if not form.validate():
        return _page(_person(number), form), 422

    def changed(session: Session, person: Person) -> Person:
        return users.change(
            session,
            person.id,
            name=form.name.text,
            organisation=form.organisation.text,
            roles=form.roles.data or [],
        )

    return _done(number, Act.USER_CHANGED, changed, form)


@pages.post(f"/<{ROW}:number>/close")
def close(number: int) -> ResponseReturnValue:
    def closed(session: Session, person: Person) -> Person:
        users.close(session, person.id, site().clock())
        return users.get(session, person.id)

    return _done(number, Act.USER_CLOSED, closed)


@pages.post(f"/<{ROW}:number>/reopen")
def reopen(number: int) -> ResponseReturnValue:
    def reopened(session: Session, person: Person) -> Person:
        users.reopen(session, person.id)
        return users.get(session, person.id)

    return _done(number, Act.USER_REOPENED, reopened)


@pages.post(f"/<{ROW}:number>/invite")
def invite_again(number: int) -> ResponseReturnValue:
    """Another letter with another link; the link of the one before ends."""
    try:
        with site().database.writing() as session:
            _write(session, users.get(session, number))
    except Refused as error:
        return _refused(number, error)
    return redirect(url_for(".show", number=number), 303)


def _done(
    number: int,
    act: Act,
    do: Callable[[Session, Person], Person],
    form: PersonForm | None = None,
) -> ResponseReturnValue:
    """Do something to somebody and note it; what is refused is said at the top of their page."""
    try:
        with site().database.writing() as session:
            before = users.get(session, number)
            _note(session, act, before, do(session, before))
    except (BadInput, Refused) as error:
        return _refused(number, error, form)
    return redirect(url_for(".show", number=number), 303)


def _refused(
    number: int, error: CascadeError, form: PersonForm | None = None
) -> ResponseReturnValue:
    person = _person(number)
    shown = form or _form(person)
    shown.explain(error)
    return _page(person, shown), 422


def _form(person: Person) -> PersonForm:
    return PersonForm(name=person.name, organisation=person.organisation, roles=person.roles)


def _add(session: Session, form: InviteForm) -> Person:
    added = users.add(
        session,
        email=form.email.text,
        name=form.name.text,
        organisation=form.organisation.text,
        roles=form.roles.data or [],
        now=site().clock(),
    )
    _note(session, Act.USER_ADDED, None, added)
    _write(session, added)
    return added


def _write(session: Session, person: Person) -> None:
    settings = site().settings
    joining.invite(
        session,
        person,
        base_url=settings.base_url,
        cell=look().cell,
        by=access.person().email,
        now=site().clock(),
    )


def _note(session: Session, act: Act, before: Person | None, after: Person) -> None:
    was = None if before is None else users.audited(before)
    note(session, act, f"user {after.email}", was, users.audited(after))


def _person(number: int) -> Person:
    with site().database.reading() as session:
        return users.get(session, number)


def _invite_page(form: InviteForm) -> str:
    return render_template("invite.html", form=form)


def _page(person: Person, form: PersonForm) -> str:
    return render_template("user.html", person=person, form=form)

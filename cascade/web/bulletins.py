"""`/editions`: bulletins, with their schedules, issues and subscribers."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.audience import segments
from cascade.bulletins import archive, collecting, issues, making, schedules, subscribers
from cascade.bulletins.dates import upcoming
from cascade.bulletins.records import Bulletin
from cascade.errors import BadInput, CascadeError, Overtaken, Refused
from cascade.shelf.visible import audiences
from cascade.web import access
from cascade.web.bulletin_forms import BulletinForm, SubscribeForm
from cascade.web.noting import note
from cascade.web.paging import page_number
from cascade.web.site import site

_SIZE = 50
_NEEDED = {
    "bulletins.listing": Permission.SEE,
    "bulletins.show": Permission.SEE,
    "bulletins.readers": Permission.SEE_PEOPLE,
    "bulletins.add_reader": Permission.EDIT_PEOPLE,
}
STATE_WORDS = {
    "collecting": ("Collecting", "blue"),
    "closed": ("To be edited", "yellow"),
    "submitted": ("Waiting for approval", "yellow"),
    "approved": ("Approved", "green"),
    "returned": ("Returned", "orange"),
    "released": ("Released", "grey"),
    "skipped": ("Skipped", "grey"),
    "empty": ("Empty, not sent", "grey"),
}
"""What an issue is called where it stands, and the colour of its tag."""

pages = Blueprint("bulletins", __name__, url_prefix="/editions")


@pages.before_request
def guard() -> ResponseReturnValue | None:
    """Who may see looks; who may write makes bulletins and puts issues together."""
    return access.require(_NEEDED.get(request.endpoint or "", Permission.WRITE))()


@pages.get("")
def listing() -> ResponseReturnValue:
    with site().database.reading() as session:
        found = making.listing(session, page=page_number(), size=_SIZE)
        current = issues.all_under_way(session, found.lines)
    words = {one.id: schedules.said(schedules.read(one.schedule)) for one in found.lines}
    return render_template(
        "editions.html", found=found, current=current, words=words, states=STATE_WORDS
    )


@pages.get("/new")
def blank() -> ResponseReturnValue:
    return _form_page(BulletinForm.blank())


@pages.post("/new")
def add() -> ResponseReturnValue:
    form = BulletinForm(request.form)
    wanted = form.wanted()
    if wanted is None or request.form.get("act") == "dates":
        return _form_page(form), 422 if wanted is None else 200
    try:
        with site().database.writing() as session:
            made = making.add(session, wanted, by=access.person().email, now=site().clock())
            note(session, Act.BULLETIN_ADDED, _subject(made), after=making.audited(made))
    except BadInput as error:
        form.explain(error)
        return _form_page(form), 422
    return redirect(url_for(".show", bulletin=made.name), 303)


@pages.get("/dates")
def dates() -> ResponseReturnValue:
    """The next dates of the schedule that is being typed, for its script."""
    form = BulletinForm(request.args)
    found = _dates(form)
    return render_template("edition-dates.html", dates=found)


@pages.get("/<bulletin>")
def show(bulletin: str) -> ResponseReturnValue:
    return _page(bulletin)


@pages.get("/<bulletin>/change")
def edit(bulletin: str) -> ResponseReturnValue:
    with site().database.reading() as session:
        form = BulletinForm.of(making.find(session, bulletin))
    return _form_page(form, bulletin)


@pages.post("/<bulletin>/change")
def change(bulletin: str) -> ResponseReturnValue:
    form = BulletinForm(request.form)
    wanted = form.wanted(bulletin)
    if wanted is None or request.form.get("act") == "dates":
        return _form_page(form, bulletin), 422 if wanted is None else 200
    try:
        with site().database.writing() as session:
            row = making.find(session, bulletin)
            before = making.audited(row)
            by, now = access.person().email, site().clock()
            making.change(session, row, wanted, seen=form.seen, by=by, now=now)
            note(session, Act.BULLETIN_CHANGED, _subject(row), before, making.audited(row))
    except BadInput as error:
        form.explain(error)
        return _form_page(form, bulletin), 422
    except Overtaken as error:
        with site().database.reading() as session:
            form.revision.data = str(making.find(session, bulletin).revision)
        form.blame("title", f"{error} If you save once more, yours replaces theirs.")
        return _form_page(form, bulletin), 409
    return redirect(url_for(".show", bulletin=bulletin), 303)


@pages.post("/<bulletin>/stop")
def stop(bulletin: str) -> ResponseReturnValue:
    return _set_stopped(bulletin, stopped=True)


@pages.post("/<bulletin>/go-on")
def go_on(bulletin: str) -> ResponseReturnValue:
    return _set_stopped(bulletin, stopped=False)


@pages.post("/<bulletin>/open")
def open_issue(bulletin: str) -> ResponseReturnValue:
    """Open the next issue at once, with what is due for it."""

    def act(session: Session, row: Bulletin) -> None:
        now = site().clock()
        made = issues.open_next(session, row, by=access.person().email, now=now)
        sign_off = access.sign_off_in_force()
        collecting.collect(session, row, made, now=now, sign_off=sign_off)
        note(session, Act.ISSUE_OPENED, f"{_subject(row)}, issue {made.number}")

    return _done(bulletin, act)


@pages.get("/<bulletin>/subscribers")
def readers(bulletin: str) -> ResponseReturnValue:
    return _readers_page(bulletin, SubscribeForm())


@pages.post("/<bulletin>/subscribers")
def add_reader(bulletin: str) -> ResponseReturnValue:
    form = SubscribeForm(request.form)
    try:
        with site().database.writing() as session:
            row = making.find(session, bulletin)
            added = subscribers.subscribe(session, row, form.email.text, site().clock())
            note(session, Act.SUBSCRIBER_ADDED, _subject(row), after={"email": added.email})
    except BadInput as error:
        form.explain(error)
        return _readers_page(bulletin, form), 422
    return redirect(url_for(".readers", bulletin=bulletin), 303)


def _set_stopped(bulletin: str, *, stopped: bool) -> ResponseReturnValue:
    def act(session: Session, row: Bulletin) -> None:
        before = making.audited(row)
        by, now = access.person().email, site().clock()
        making.set_stopped(session, row, stopped=stopped, by=by, now=now)
        done = Act.BULLETIN_STOPPED if stopped else Act.BULLETIN_GOES_ON
        note(session, done, _subject(row), before, making.audited(row))

    return _done(bulletin, act)


def _done(bulletin: str, act: Callable[[Session, Bulletin], None]) -> ResponseReturnValue:
    try:
        with site().database.writing() as session:
            act(session, making.find(session, bulletin))
    except (Refused, BadInput) as error:
        return _page(bulletin, error), 409
    return redirect(url_for(".show", bulletin=bulletin), 303)


def _subject(bulletin: Bulletin) -> str:
    return f"bulletin {bulletin.name}"


def _page(bulletin: str, refused: CascadeError | None = None) -> str:
    sign_off = access.sign_off_in_force()
    with site().database.reading() as session:
        row = making.find(session, bulletin)
        found = issues.listing(session, row, page=page_number())
        stands = {one.id: issues.standing(session, one, sign_off=sign_off) for one in found.lines}
        called = segments.titles(session)
        current = issues.under_way(session, row)
        is_public = archive.is_public(row, audiences(session))
        coming = upcoming(session, row, site().clock())
    return render_template(
        "edition.html",
        is_public=is_public,
        bulletin=row,
        found=found,
        stands=stands,
        states=STATE_WORDS,
        titles=called,
        current=current,
        refused=str(refused or ""),
        words=schedules.said(schedules.read(row.schedule)),
        coming=coming,
    )


def _form_page(form: BulletinForm, bulletin: str = "") -> str:
    with site().database.reading() as session:
        choices = segments.titles(session)
    # Its own subscribers get it without being asked for.
    choices.pop(f"{subscribers.PREFIX}{bulletin}", None)
    found = _dates(form)
    return render_template(
        "edition-form.html", form=form, bulletin=bulletin, choices=choices, dates=found
    )


def _dates(form: BulletinForm) -> list[object]:
    """The next ten dates of what was typed, as far as it is a schedule."""
    schedule = form.schedule()
    try:
        checked = schedule and schedules.checked(schedule)
    except BadInput:
        return []
    return [*schedules.upcoming(checked, site().clock())] if checked else []


def _readers_page(bulletin: str, form: SubscribeForm) -> str:
    with site().database.reading() as session:
        row = making.find(session, bulletin)
        found = subscribers.listing(session, row, page=page_number(), size=_SIZE)
        is_public = archive.is_public(row, audiences(session))
    return render_template(
        "edition-readers.html", bulletin=row, found=found, form=form, is_public=is_public
    )

"""What the cell does with reports: writes one down, has a link looked at, withdraws one."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.errors import BadInput, Refused
from cascade.library.publish import find
from cascade.library.records import Toolkit
from cascade.reposts import checking, using
from cascade.sending.deadlines import LONDON
from cascade.web import access, writing
from cascade.web.noting import note
from cascade.web.repost_forms import UsedForm, WithdrawForm
from cascade.web.reposts import story_page
from cascade.web.site import site
from cascade.web.tokens import ROW
from cascade.web.using import ROOM

pages = Blueprint("repost_changes", __name__)
pages.before_request(writing.room(ROOM))
pages.before_request(access.require(Permission.EDIT_PEOPLE))


@pages.get("/reposts/of/<toolkit_name>/new")
def blank(toolkit_name: str) -> ResponseReturnValue:
    return _page(_toolkit(toolkit_name), UsedForm())


@pages.post("/reposts/of/<toolkit_name>/new")
def add(toolkit_name: str) -> ResponseReturnValue:
    """What somebody told the cell in another way."""
    toolkit, form, now = _toolkit(toolkit_name), UsedForm(request.form), site().clock()
    if not form.validate():
        return _page(toolkit, form), 422
    loopback = site().settings.check_loopback
    try:
        report = using.checked(form.given(), toolkit.created_at, now, loopback=loopback)
    except BadInput as error:
        form.explain(error)
        return _page(toolkit, form), 422
    by = access.person().email
    with site().database.writing() as session:
        kept = using.keep(session, toolkit.id, report, now=now, by=by)
        after = {"toolkit": toolkit.name, "group": report.group, "where": report.way}
        note(session, Act.REPOST_ADDED, f"repost {kept.id}", after=after)
        number = kept.id
    return redirect(url_for("reposts.show", number=number), 303)


@pages.post(f"/reposts/<{ROW}:number>/check")
def check(number: int) -> ResponseReturnValue:
    """Have its link looked at again; a look that is about to be is not asked for twice."""
    with site().database.writing() as session:
        repost = using.get(session, number)
        if checking.ask(session, repost, by=access.person().email, now=site().clock()):
            note(session, Act.REPOST_CHECKED, f"repost {number}", detail=repost.link[:300])
    return redirect(url_for("reposts.show", number=number), 303)


@pages.post(f"/reposts/<{ROW}:number>/withdraw")
def withdraw(number: int) -> ResponseReturnValue:
    form = WithdrawForm(request.form)
    if not form.validate():
        return story_page(number, form), 422
    try:
        with site().database.writing() as session:
            repost = using.get(session, number)
            by = access.person().email
            using.withdraw(session, repost, form.why.text, by=by, now=site().clock())
            before = {"group": repost.group_name, "grade": repost.grade}
            note(session, Act.REPOST_WITHDRAWN, f"repost {number}", before, detail=form.why.text)
    except (BadInput, Refused) as error:
        form.explain(error)
        return story_page(number, form), 409 if isinstance(error, Refused) else 422
    return redirect(url_for("reposts.show", number=number), 303)


def _toolkit(name: str) -> Toolkit:
    with site().database.reading() as session:
        return find(session, name)


def _page(toolkit: Toolkit, form: UsedForm) -> str:
    today = site().clock().astimezone(LONDON).date().isoformat()
    return render_template("repost-form.html", toolkit=toolkit, form=form, today=today)

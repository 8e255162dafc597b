"""`/editions/<bulletin>/<number>/approve` and `/release`: an issue is approved, and goes out."""

from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.audience.segments import titles
from cascade.bulletins import candidates, issues, submitting
from cascade.bulletins.records import Bulletin, Issue
from cascade.errors import CascadeError
from cascade.sending.plan import foresee, reached
from cascade.sending.planned import Planned
from cascade.web import access
from cascade.web.bulletin_forms import TakeInForm
from cascade.web.issues import found, house, step, subject
from cascade.web.lately import lately
from cascade.web.left_out import LEFT_OUT_WORDS
from cascade.web.noting import note
from cascade.web.releasing import HOLD
from cascade.web.site import site
from cascade.web.tokens import ROW

pages = Blueprint("issue_release", __name__, url_prefix=f"/editions/<bulletin>/<{ROW}:number>")


@pages.before_request
def guard() -> ResponseReturnValue | None:
    """Who approves approves; who releases looks once more and releases."""
    approves = request.endpoint == "issue_release.approve"
    return access.require(Permission.APPROVE if approves else Permission.RELEASE)()


@pages.post("/approve")
def approve(bulletin: str, number: int) -> ResponseReturnValue:
    """Approve it in every language at once; returning it is done where its text stands."""

    form = TakeInForm(request.form)

    def act(session: Session, row: Bulletin, issue: Issue) -> None:
        by, now = access.person(), site().clock()
        submitting.approve(session, issue, seen=form.seen, by=by, house=house(), now=now)
        note(session, Act.ISSUE_APPROVED, subject(row, issue), after={"versions": issue.versions})

    return step(bulletin, number, act)


@pages.get("/release")
def check(bulletin: str, number: int) -> ResponseReturnValue:
    """A last look: whom it would reach now, and with what."""
    return _check_page(bulletin, number)


@pages.post("/release")
def release(bulletin: str, number: int) -> ResponseReturnValue:
    try:
        with site().database.writing() as session:
            row, issue = found(session, bulletin, number)
            person, now = access.person(), site().clock()
            issues.refuse_other(session, issue, TakeInForm(request.form).seen)
            planned = submitting.send(
                session,
                row,
                issue,
                by=person.email,
                person=person,
                house=house(),
                now=now,
                send_at=now + HOLD,
            )
            note(
                session, Act.ISSUE_RELEASED, subject(row, issue), after={"cascade": planned.cascade}
            )
    except CascadeError as error:
        return _check_page(bulletin, number, str(error)), 409
    assert planned.cascade is not None
    return redirect(url_for("cascades.show", number=planned.cascade), 303)


def _check_page(bulletin: str, number: int, refused: str = "") -> str:
    planned: Planned | None = None
    with site().database.reading() as session:
        row, issue = found(session, bulletin, number)
        called = titles(session)
        if not refused:
            try:
                planned = _foreseen(session, row, issue)
            except CascadeError as error:
                refused = str(error)
    return render_template(
        "issue-release.html",
        bulletin=row,
        issue=issue,
        planned=planned,
        refused=refused,
        titles=called,
        reasons=LEFT_OUT_WORDS,
        hold=int(HOLD.total_seconds()),
    )


def _foreseen(session: Session, bulletin: Bulletin, issue: Issue) -> Planned:
    """What a release would come to, with whom it reaches as counted within half a minute."""
    wanted = submitting.waiting(session, bulletin, issue, person=access.person())
    candidates.refuse_over(session, issue, site().clock())
    name = f"headcount of issue {issue.id}, revision {issue.revision}"
    counted = lately(name, partial(reached, session, wanted))
    return foresee(session, wanted, counted, site().clock(), sign_off=house().sign_off)

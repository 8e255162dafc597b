"""`/versions/<n>` and `/approvals`: what was submitted, what each segment gets, decisions."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts import users
from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.accounts.users import Person
from cascade.errors import BadInput, CascadeError, Refused
from cascade.library.publish import latest
from cascade.library.records import BULLETIN, Toolkit, ToolkitVersion
from cascade.shelf.catalogue import said_of
from cascade.sign_off import approvers, returns, signing, standing, telling
from cascade.sign_off.records import SignOff, SignOffAct
from cascade.web import access
from cascade.web.account_forms import AccountForm
from cascade.web.issue_versions import IssueOf, issue_of
from cascade.web.noting import note
from cascade.web.paging import page_number
from cascade.web.previews import FORMAT_WORDS, choose, of_version, previews
from cascade.web.sign_off_forms import ApproveForm, ReturnForm, SubmitForm
from cascade.web.site import site
from cascade.web.tokens import ROW
from cascade.web.toolkits import STATE_WORDS, standing_there
from cascade.web.version_changes import Answered, Changes, answered, changes

_SIZE = 20
# Three forms stand on one page, so their fields have names of their own.
_SUBMIT, _APPROVE, _RETURN = "submit-", "approve-", "return-"
_NEEDED = {
    "versions.submit": Permission.WRITE,
    "versions.approve": Permission.APPROVE,
    "versions.give_back": Permission.APPROVE,
}

pages = Blueprint("versions", __name__)


@pages.before_request
def guard() -> ResponseReturnValue | None:
    """Who may see looks; each act has its own permission."""
    return access.require(_NEEDED.get(request.endpoint or "", Permission.SEE))()


@dataclass(frozen=True, slots=True)
class Shown:
    """A version, where its sign-off stands, and what the person who looks may do with it."""

    version: ToolkitVersion
    toolkit: Toolkit
    newest: ToolkitVersion
    sign_off: SignOff | None
    story: tuple[SignOffAct, ...]
    changes: Changes | None
    """Since the last approved version before this one."""
    answered: Answered | None
    may_decide: bool
    why_not: str
    """Why who looks may not decide, when they are an approver."""
    names: Mapping[str, str]
    """Of people with an account, by their address."""
    deciders: tuple[str, ...]
    library: tuple[str, ...] | None
    """Public segments that it says something to; None: it is kept out of the library."""
    in_library: bool
    """Whether the toolkit stands there now."""
    issue: IssueOf | None
    """What it is the text of, when it is a bulletin's."""
    draft: int | None
    """The draft that it is mended in."""

    @property
    def state(self) -> str:
        return self.sign_off.state if self.sign_off else "published"

    @property
    def is_issue(self) -> bool:
        return self.toolkit.kind == BULLETIN

    @property
    def is_newest(self) -> bool:
        return self.newest.id == self.version.id


@pages.get("/approvals")
def waiting() -> ResponseReturnValue:
    with site().database.reading() as session:
        found = standing.waiting(session, page=page_number(), size=_SIZE)
    return render_template("approvals.html", found=found)


@pages.get(f"/versions/<{ROW}:number>")
def show(number: int) -> ResponseReturnValue:
    return _page(number)


@pages.post(f"/versions/<{ROW}:number>/submit")
def submit(number: int) -> ResponseReturnValue:
    form = SubmitForm(request.form, prefix=_SUBMIT)

    def act(session: Session, by: Person) -> None:
        signing.submit(session, number, by=by, now=site().clock(), note=form.note.data or "")

    return _step(number, form, Act.SUBMITTED, act)


@pages.post(f"/versions/<{ROW}:number>/approve")
def approve(number: int) -> ResponseReturnValue:
    form = ApproveForm(request.form, prefix=_APPROVE)

    def act(session: Session, by: Person) -> None:
        signing.approve(
            session,
            number,
            by=by,
            now=site().clock(),
            note=form.note.data or "",
            immediate_use=bool(form.immediate_use.data),
        )

    return _step(number, form, Act.APPROVED, act)


@pages.post(f"/versions/<{ROW}:number>/return")
def give_back(number: int) -> ResponseReturnValue:
    form = ReturnForm(request.form, prefix=_RETURN)

    def act(session: Session, by: Person) -> None:
        signing.give_back(
            session,
            number,
            by=by,
            now=site().clock(),
            note=form.note.data or "",
            comments=form.given(),
        )

    return _step(number, form, Act.RETURNED, act)


def _step(
    number: int, form: AccountForm, done: Act, act: Callable[[Session, Person], None]
) -> ResponseReturnValue:
    """Do a step of the sign-off, note it, and write to whom it concerns; or say why not."""
    if not form.validate():
        return _page(number, form), 422
    try:
        with site().database.writing() as session:
            act(session, access.person())
            of = standing.version(session, number)
            name = session.get_one(Toolkit, of.toolkit_id).name
            note(session, done, f"toolkit {name}, version {of.number} ({of.language})")
            telling.tell(session, number, base_url=site().settings.base_url, now=site().clock())
    except (BadInput, Refused) as error:
        form.explain(error)
        return _page(number, form), 409 if isinstance(error, Refused) else 422
    return redirect(url_for(".show", number=number), 303)


def _page(number: int, form: AccountForm | None = None) -> str:
    with site().database.reading() as session:
        shown = _shown(session, number)
        sources = of_version(session, shown.version)
        chosen = choose(session, request.args, sources, shown.issue.segments if shown.issue else ())
    return render_template(
        "version.html",
        shown=shown,
        states=STATE_WORDS,
        form=form or SubmitForm(prefix=_SUBMIT),
        approving=form if isinstance(form, ApproveForm) else ApproveForm(prefix=_APPROVE),
        returning=form if isinstance(form, ReturnForm) else ReturnForm(prefix=_RETURN),
        submitting=form if type(form) is SubmitForm else SubmitForm(prefix=_SUBMIT),
        chosen=chosen,
        rows=previews(sources, chosen, site().clock()),
        format_words=FORMAT_WORDS,
    )


def _shown(session: Session, number: int) -> Shown:
    version = standing.version(session, number)
    toolkit = session.get_one(Toolkit, version.toolkit_id)
    before = standing.approved_before(session, version)
    why_not = _why_not(session, version)
    draft = returns.draft_of(session, version)
    sign_off, story = standing.standing(session, number), tuple(standing.story(session, number))
    answers = answered(session, version)
    return Shown(
        version=version,
        toolkit=toolkit,
        newest=latest(session, toolkit, version.language) or version,
        sign_off=sign_off,
        story=story,
        changes=changes(before, version) if before else None,
        answered=answers,
        may_decide=not why_not,
        why_not=why_not,
        names=users.names(session, _people(version, sign_off, story, answers)),
        deciders=tuple(one.name for one in approvers.who_may(session, version)),
        library=said_of(session, version.id),
        in_library=bool(standing_there(session, [toolkit.name])),
        issue=issue_of(session, version, toolkit),
        draft=draft.id if draft else None,
    )


def _people(
    version: ToolkitVersion,
    sign_off: SignOff | None,
    story: tuple[SignOffAct, ...],
    answers: Answered | None,
) -> Iterator[str | None]:
    """The addresses of whom the page names."""
    yield version.published_by
    if sign_off is not None:
        yield from (sign_off.submitted_by, sign_off.decided_by)
    yield from (one.by for one in story)
    if answers is not None:
        yield answers.returned.act.by


def _why_not(session: Session, version: ToolkitVersion) -> str:
    visitor = access.visitor()
    if visitor is None:
        return "Sign in to decide."
    try:
        approvers.refuse_approver(session, visitor.person, version)
    except CascadeError as error:
        return str(error)
    return ""

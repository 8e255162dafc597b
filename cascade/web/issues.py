"""`/editions/<bulletin>/<number>`: an issue: what is in it, sign-off, release."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.audience.segments import titles
from cascade.bulletins import (
    arranging,
    candidates,
    collecting,
    issues,
    making,
    strangers,
    submitting,
)
from cascade.bulletins.candidates import Found
from cascade.bulletins.heading_words import HEADING_WORDS
from cascade.bulletins.records import Bulletin, Issue, IssueEntry
from cascade.bulletins.submitting import House
from cascade.errors import BadInput, Refused
from cascade.library.records import Toolkit
from cascade.reporting.item_uses import ItemUse, item_uses
from cascade.sending.preview import render
from cascade.sending.states import Tier
from cascade.web import access, issue_texts
from cascade.web.appearance import look
from cascade.web.bulletin_forms import TakeInForm, WordsForm
from cascade.web.bulletins import STATE_WORDS
from cascade.web.frames import framed
from cascade.web.noting import note
from cascade.web.previews import FORMAT_WORDS, choose, previews
from cascade.web.site import site
from cascade.web.tokens import ROW

_FORMATS = {name: FORMAT_WORDS[name] for name in ("email", "text")}
_NEEDED = {
    "issues.show": Permission.SEE,
    "issues.email": Permission.SEE,
}

pages = Blueprint("issues", __name__, url_prefix=f"/editions/<bulletin>/<{ROW}:number>")


@pages.before_request
def guard() -> ResponseReturnValue | None:
    """Who may see looks; each act has its own permission."""
    return access.require(_NEEDED.get(request.endpoint or "", Permission.WRITE))()


@dataclass(frozen=True, slots=True)
class Shown:
    """An issue, what is in it, and where it stands."""

    bulletin: Bulletin
    issue: Issue
    stands: str
    entries: tuple[tuple[IssueEntry, Toolkit], ...]
    changed: tuple[Found, ...]
    offered: Sequence[tuple[str, str]]
    """Names and titles of toolkits to take in by hand."""
    languages: tuple[str, ...]
    """Those of its text; none where nothing is in it."""
    uses: tuple[ItemUse, ...]
    kept_from_strangers: frozenset[int]
    """Entries that who is a subscriber and nothing else does not get."""

    @property
    def is_edited(self) -> bool:
        return self.issue.state in issues.EDITED


@pages.get("")
def show(bulletin: str, number: int) -> ResponseReturnValue:
    return page(bulletin, number)


@pages.get("/preview/email")
def email(bulletin: str, number: int) -> ResponseReturnValue:
    """The email that somebody in these segments gets in this language, for a frame."""
    language = request.args.get("language", "")
    names = frozenset(filter(None, request.args.get("segments", "").split(",")))
    with site().database.reading() as session:
        made = issue_texts.texts(session, *found(session, bulletin, number), house())
        called = titles(session)
    text = made.get(language) or next(iter(made.values()), "")
    if not text:
        return framed("<html><head></head><body><p>Nothing is in this issue.</p></body></html>")
    return framed(
        render(
            text,
            names,
            "email",
            now=site().clock(),
            home=site().settings.base_url,
            identity=look(),
            titles=called,
            tier=Tier.ROUTINE,
        )
    )


@pages.post("/words")
def words(bulletin: str, number: int) -> ResponseReturnValue:
    form = WordsForm(request.form)

    def act(session: Session, row: Bulletin, issue: Issue) -> None:
        before = {"lead": issue.lead, "note": issue.note}
        arranging.introduce(
            session,
            issue,
            lead=form.lead.data or "",
            note=form.note.data or "",
            seen=form.seen,
            by=access.person().email,
            now=site().clock(),
        )
        after = {"lead": issue.lead, "note": issue.note}
        note(session, Act.ISSUE_CHANGED, subject(row, issue), before, after)

    return step(bulletin, number, act, form)


@pages.post("/collect")
def collect(bulletin: str, number: int) -> ResponseReturnValue:
    """Look for what became due since the clock looked last."""

    def act(session: Session, row: Bulletin, issue: Issue) -> None:
        sign_off = access.sign_off_in_force()
        found = collecting.collect(session, row, issue, now=site().clock(), sign_off=sign_off)
        note(session, Act.ISSUE_COLLECTED, subject(row, issue), after={"items": found})

    return step(bulletin, number, act)


@pages.post("/submit")
def submit(bulletin: str, number: int) -> ResponseReturnValue:
    form = TakeInForm(request.form)

    def act(session: Session, row: Bulletin, issue: Issue) -> None:
        person = access.person()
        submitting.submit(
            session,
            row,
            issue,
            seen=form.seen,
            by=person.email,
            person=person,
            house=house(),
            now=site().clock(),
        )
        note(session, Act.ISSUE_SUBMITTED, subject(row, issue), after={"versions": issue.versions})

    return step(bulletin, number, act, form)


@pages.post("/take-back")
def take_back(bulletin: str, number: int) -> ResponseReturnValue:
    def act(session: Session, row: Bulletin, issue: Issue) -> None:
        submitting.take_back(session, issue, by=access.person().email, now=site().clock())
        note(session, Act.ISSUE_TAKEN_BACK, subject(row, issue))

    return step(bulletin, number, act)


@pages.post("/skip")
def skip(bulletin: str, number: int) -> ResponseReturnValue:
    def act(session: Session, row: Bulletin, issue: Issue) -> None:
        issues.skip(session, row, issue, by=access.person().email, now=site().clock())
        note(session, Act.ISSUE_SKIPPED, subject(row, issue))

    return step(bulletin, number, act)


def found(session: Session, bulletin: str, number: int) -> tuple[Bulletin, Issue]:
    """The bulletin and the issue of an address; raises NotFound."""
    row = making.find(session, bulletin)
    return row, issues.find(session, row, number)


def subject(bulletin: Bulletin, issue: Issue) -> str:
    """What the audit trail calls an issue."""
    return f"bulletin {bulletin.name}, issue {issue.number}"


def house() -> House:
    """What of this installation an issue depends on."""
    return House(access.sign_off_in_force(), site().settings.base_url)


def step(
    bulletin: str,
    number: int,
    act: Callable[[Session, Bulletin, Issue], None],
    form: WordsForm | TakeInForm | None = None,
    back_to: str = "",
) -> ResponseReturnValue:
    """Do something to an issue; what is refused is said at the top of its page.

    `back_to`: what has the focus afterwards, by its id.
    """
    try:
        with site().database.writing() as session:
            act(session, *found(session, bulletin, number))
    except BadInput as error:
        if form is not None:
            form.explain(error)
        shown = page(bulletin, number, form, "" if form else str(error))
        return shown, 422
    except Refused as error:
        return page(bulletin, number, form, str(error)), 409
    done = url_for("issues.show", bulletin=bulletin, number=number, _anchor=back_to or None)
    return redirect(done, 303)


def page(
    bulletin: str,
    number: int,
    form: WordsForm | TakeInForm | None = None,
    refused: str = "",
) -> str:
    """The page of an issue, with what was typed and refused."""
    with site().database.reading() as session:
        shown = _shown(session, bulletin, number)
        sources = issue_texts.sources(shown.bulletin, shown.issue, shown.languages, house())
        segments = submitting.segments_of(shown.bulletin, shown.issue)
        chosen = choose(session, request.args, sources, segments) if sources else None
    rows = previews(sources, chosen, site().clock()) if chosen else ()
    introduced = form if isinstance(form, WordsForm) else WordsForm.of(shown.issue)
    # Whoever sends it again after they saw what somebody else did means it.
    introduced.revision.data = str(shown.issue.revision)
    return render_template(
        "issue.html",
        shown=shown,
        states=STATE_WORDS,
        heading_words=HEADING_WORDS,
        form=form or introduced,
        introduced=introduced,
        taking=form if isinstance(form, TakeInForm) else TakeInForm(),
        refused=refused,
        chosen=chosen,
        rows=rows,
        format_words=_FORMATS,
    )


def _shown(session: Session, bulletin: str, number: int) -> Shown:
    row, issue = found(session, bulletin, number)
    ours = house()
    entries = issues.entries(session, issue)
    changed: Sequence[Found] = ()
    offered: Sequence[tuple[str, str]] = ()
    if issue.state in issues.EDITED:
        changed = candidates.changed_since(session, row, issue, sign_off=ours.sign_off)
        offered = candidates.offered(session, row, issue, sign_off=ours.sign_off)
    first = next(iter(issue.versions.values()), None)
    return Shown(
        bulletin=row,
        issue=issue,
        stands=issues.standing(session, issue, sign_off=ours.sign_off),
        entries=entries,
        changed=tuple(changed),
        offered=offered,
        languages=issue_texts.languages(row, issue, entries),
        uses=item_uses(session, issue.cascade_id, first) if issue.cascade_id and first else (),
        kept_from_strangers=strangers.kept_from(
            session, row, issue, entries, sign_off=ours.sign_off
        ),
    )

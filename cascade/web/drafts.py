"""`/drafts`: a draft in the editor; kept by hand and by itself, submitted, given up, taken up."""

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest
from werkzeug.exceptions import NotFound as PageNotFound

from cascade.accounts.acts import Act
from cascade.audience.segments import known
from cascade.errors import BadInput, CascadeError, NotFound, Refused
from cascade.inserts import expanding
from cascade.library import drafts
from cascade.library.keeping import DraftOvertaken, keep
from cascade.library.publish import publish
from cascade.library.records import Draft
from cascade.sending.moments import moment
from cascade.sign_off import signing, telling
from cascade.web import access, editor, writing
from cascade.web.draft_forms import DraftForm, began_from
from cascade.web.noting import note
from cascade.web.previews import choose, of_draft, previews
from cascade.web.site import site
from cascade.web.tokens import ROW

pages = Blueprint("drafts", __name__, url_prefix="/drafts")
pages.before_request(writing.room(writing.LARGEST_TEXT))
pages.before_request(writing.guard)

_LARGEST_ROW = 2**63 - 1
_CHOICES = ("segment", "format", "language")


@pages.post("")
def begin() -> ResponseReturnValue:
    """A new draft with the starter in it, or of a version."""
    version = request.form.get("version", None, type=int)
    if version is not None and not 0 < version <= _LARGEST_ROW:
        raise BadRequest
    with site().database.writing() as session:
        draft = drafts.begin(
            session, by=access.person().email, now=site().clock(), version_id=version
        )
        note(session, Act.DRAFT_BEGUN, f"draft {draft.id}", after={"title": draft.title})
    return redirect(url_for(".edit", number=draft.id), 303)


@pages.get(f"/<{ROW}:number>")
def edit(number: int) -> ResponseReturnValue:
    return editor.show(number)


@pages.post(f"/<{ROW}:number>")
def save(number: int) -> ResponseReturnValue:
    """Keep the text; with `do=preview` go on to what each segment gets of it."""
    form = DraftForm(request.form)
    if (refused := _kept(number, form)) is not None:
        return refused
    at = "previews" if request.form.get("do") == "preview" else None
    chosen: dict[str, Any] = {name: request.form.getlist(name) for name in _CHOICES}
    return redirect(url_for(".edit", number=number, _anchor=at, **chosen), 303)


@pages.post(f"/<{ROW}:number>/autosave")
def autosave(number: int) -> ResponseReturnValue:
    """The same for the page's script: what stands now, or why it was not kept."""
    form = DraftForm(request.form)
    try:
        revision = _keep(number, form)
    except DraftOvertaken as error:
        return jsonify(problem=str(error), overtaken=True), 409
    except (BadInput, Refused) as error:
        return jsonify(problem=str(error)), 422
    with site().database.reading() as session:
        verdict = editor.judge(session, drafts.readable(form.text.data or ""))
    return jsonify(
        revision=revision,
        saved=moment(site().clock()),
        problems=render_template("problems.html", verdict=verdict),
        size=verdict.size,
    )


@pages.get(f"/<{ROW}:number>/previews")
def shown(number: int) -> ResponseReturnValue:
    """What each chosen segment gets, as a part of the page for its script."""
    with site().database.reading() as session:
        draft = session.get(Draft, number)
        if draft is None:
            raise PageNotFound
        sources = of_draft(session, draft)
        chosen = choose(session, request.args, sources)
    rows = previews(sources, chosen, site().clock())
    return render_template("draft-previews.html", rows=rows, chosen=chosen)


@pages.post(f"/<{ROW}:number>/submit")
def submit(number: int) -> ResponseReturnValue:
    """Keep the text, publish it as a version, and ask for approval; errors stop it."""
    form = DraftForm(request.form)
    if (refused := _kept(number, form)) is not None:
        return refused
    try:
        with site().database.writing() as session:
            version = _submitted(session, number, form.note.data or "")
    except BadInput as error:
        summary = (
            str(error)
            if not error.problems
            else ("The toolkit has errors and was not submitted. Mend them, then submit it again")
        )
        form.blame("text", summary)
    except Refused as error:
        form.blame("text", str(error))
    else:
        return redirect(url_for("versions.show", number=version), 303)
    return _again(number, form)


@pages.post(f"/<{ROW}:number>/close")
def close(number: int) -> ResponseReturnValue:
    """Give the draft up; it can be taken up again."""
    with site().database.writing() as session:
        if drafts.close(session, number, site().clock()):
            note(session, Act.DRAFT_CLOSED, f"draft {number}")
    return redirect(url_for("toolkits.listing"), 303)


@pages.post(f"/<{ROW}:number>/take-up")
def take_up(number: int) -> ResponseReturnValue:
    with site().database.writing() as session:
        if drafts.take_up(session, number):
            note(session, Act.DRAFT_TAKEN_UP, f"draft {number}")
    return redirect(url_for(".edit", number=number), 303)


def _kept(number: int, form: DraftForm) -> ResponseReturnValue | None:
    """Keep what was sent; the page to answer with when that can't be done."""
    if not form.validate():
        return _again(number, form)
    try:
        _keep(number, form)
    except NotFound:
        raise PageNotFound from None
    except DraftOvertaken as error:
        form.blame("text", str(error))
        return editor.show(number, form, error), 409
    except CascadeError as error:
        form.blame("text", str(error))
        return _again(number, form)
    return None


def _keep(number: int, form: DraftForm) -> int:
    if "text" not in request.form:
        raise BadInput("Nothing was sent. Go back and save again")
    with site().database.writing() as session:
        before = _audited(session, number)
        kept = keep(
            session,
            number,
            form.text.data or "",
            revision=began_from(),
            by=access.person().email,
            now=site().clock(),
        )
        if kept.is_new_line:
            note(session, Act.DRAFT_KEPT, f"draft {number}", before, _audited(session, number))
    return kept.revision


def _audited(session: Session, number: int) -> dict[str, object]:
    draft = drafts.get(session, number)
    return {"title": draft.title, "revision": draft.revision}


def _submitted(session: Session, number: int, remark: str) -> int:
    now, person = site().clock(), access.person()
    draft = drafts.get(session, number)
    before = draft.version_id
    home = site().settings.base_url
    version = publish(
        session,
        draft.text,
        by=person.email,
        now=now,
        segments=known(session),
        home=home,
        inserts=expanding.known(session),
    )
    draft.version_id = version.id
    signing.submit(session, version.id, by=person, now=now, note=remark)
    telling.tell(session, version.id, base_url=home, now=now)
    after = {"version": version.id, "number": version.number, "language": version.language}
    note(session, Act.SUBMITTED, f"draft {number}", {"version": before or ""}, after)
    return version.id


def _again(number: int, form: DraftForm) -> ResponseReturnValue:
    return editor.show(number, form), 422

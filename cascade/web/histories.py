"""`/drafts/<n>/history`: every text that was kept of a draft, and what changed with each."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cascade.accounts.acts import Act
from cascade.errors import Refused
from cascade.library import drafts
from cascade.library.diffs import rendered, source
from cascade.library.histories import history, step
from cascade.library.keeping import DraftOvertaken, keep
from cascade.web import access, writing
from cascade.web.draft_forms import DraftForm, began_from
from cascade.web.noting import note
from cascade.web.paging import page_number
from cascade.web.previews import LONGEST
from cascade.web.site import site
from cascade.web.tokens import ROW

_SIZE = 50
_REVISION = "int(max=2147483647)"

pages = Blueprint("histories", __name__, url_prefix="/drafts")
pages.before_request(writing.guard)


@pages.get(f"/<{ROW}:number>/history")
def listing(number: int) -> ResponseReturnValue:
    page = page_number()
    with site().database.reading() as session:
        draft = drafts.get(session, number)
        found = history(session, number, page=page, size=_SIZE)
    return render_template("draft-history.html", draft=draft, found=found)


@pages.get(f"/<{ROW}:number>/history/<{_REVISION}:revision>")
def show(number: int, revision: int) -> ResponseReturnValue:
    return _page(number, revision)


@pages.post(f"/<{ROW}:number>/history/<{_REVISION}:revision>")
def take(number: int, revision: int) -> ResponseReturnValue:
    """Take an older text again: as a new revision, so that nothing is lost."""
    try:
        with site().database.writing() as session:
            old = step(session, number, revision).revision
            kept = keep(
                session,
                number,
                old.text,
                revision=began_from(),
                by=access.person().email,
                now=site().clock(),
                apart=True,
            )
            after = {"revision": kept.revision, "text of": revision}
            note(session, Act.DRAFT_TEXT_TAKEN, f"draft {number}", after=after)
    except DraftOvertaken as error:
        words = f"{error.by} saved this draft meanwhile. Look at its history again, then decide"
        return _page(number, revision, words), 409
    except Refused as error:
        return _page(number, revision, str(error)), 422
    return redirect(url_for("drafts.edit", number=number), 303)


def _page(number: int, revision: int, problem: str = "") -> str:
    with site().database.reading() as session:
        draft = drafts.get(session, number)
        found = step(session, number, revision)
    text = found.revision.text
    before = found.before.text if found.before else ""
    is_short = max(len(text), len(before)) <= LONGEST
    form = DraftForm(request.form)
    if problem:
        form.blame("text", problem)
    return render_template(
        "draft-revision.html",
        draft=draft,
        step=found,
        form=form,
        lines=source(before, text) if found.before else (),
        paragraphs=rendered(before, text) if found.before and is_short else (),
    )

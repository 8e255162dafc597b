"""`/editions/<bulletin>/<number>/items`: put the items of an issue in order, change them."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.bulletins import arranging
from cascade.bulletins.records import Bulletin, Issue, IssueEntry
from cascade.errors import BadInput, Refused
from cascade.library.records import Toolkit
from cascade.web import access
from cascade.web.bulletin_forms import ItemForm, TakeInForm
from cascade.web.issues import found, step, subject
from cascade.web.noting import note
from cascade.web.site import site
from cascade.web.tokens import ROW

_SHIFTS = {"up": -1, "down": 1}
_HOLDS = {"hold-next": "next", "hold-never": "never", "put-in": ""}
_MOST = 100

pages = Blueprint("issue_items", __name__, url_prefix=f"/editions/<bulletin>/<{ROW}:number>/items")
pages.before_request(access.require(Permission.WRITE))


@pages.post("/arrange")
def arrange(bulletin: str, number: int) -> ResponseReturnValue:
    """One step by a button (`act`, `entry`), or the whole order as it was dragged (`order`)."""
    form = TakeInForm(request.form)
    act, entry = request.form.get("act", ""), request.form.get("entry", 0, type=int)

    def do(session: Session, row: Bulletin, issue: Issue) -> None:
        by, now = access.person().email, site().clock()
        if act in _SHIFTS:
            arranging.shift(session, issue, entry, _SHIFTS[act], seen=form.seen, by=by, now=now)
        elif act in _HOLDS:
            arranging.hold(session, issue, entry, _HOLDS[act], seen=form.seen, by=by, now=now)
        else:
            arranging.arrange(session, issue, _order(), seen=form.seen, by=by, now=now)
        note(session, Act.ISSUE_ARRANGED, subject(row, issue), after={"act": act, "entry": entry})

    # Who moves an item by keys goes on with the same button.
    pressed = f"{act}-{entry}" if act in _SHIFTS else "items"
    return step(bulletin, number, do, back_to=pressed)


@pages.post("/take-in")
def take_in(bulletin: str, number: int) -> ResponseReturnValue:
    form = TakeInForm(request.form)

    def do(session: Session, row: Bulletin, issue: Issue) -> None:
        taken = arranging.take_in(
            session,
            row,
            issue,
            form.toolkit.text,
            sign_off=access.sign_off_in_force(),
            seen=form.seen,
            by=access.person().email,
            now=site().clock(),
        )
        note(session, Act.ITEM_TAKEN_IN, subject(row, issue), after={"item": taken.item})

    return step(bulletin, number, do, form)


@pages.get(f"/<{ROW}:entry>")
def edit(bulletin: str, number: int, entry: int) -> ResponseReturnValue:
    with site().database.reading() as session:
        _, issue = found(session, bulletin, number)
        form = ItemForm.of(issue, arranging.find(session, issue, entry))
    return _page(bulletin, number, entry, form)


@pages.post(f"/<{ROW}:entry>")
def change(bulletin: str, number: int, entry: int) -> ResponseReturnValue:
    form = ItemForm(request.form)
    try:
        with site().database.writing() as session:
            row, issue = found(session, bulletin, number)
            before = _audited(arranging.find(session, issue, entry))
            arranging.detail(
                session,
                issue,
                entry,
                heading=form.heading.data or "",
                note=form.note.data or "",
                whole=bool(form.whole.data),
                asks=bool(form.asks.data),
                seen=form.seen,
                by=access.person().email,
                now=site().clock(),
            )
            after = _audited(arranging.find(session, issue, entry))
            note(session, Act.ITEM_CHANGED, subject(row, issue), before, after)
    except (BadInput, Refused) as error:
        form.explain(error)
        return _page(bulletin, number, entry, form), 409 if isinstance(error, Refused) else 422
    return redirect(url_for("issues.show", bulletin=bulletin, number=number), 303)


def _audited(entry: IssueEntry) -> dict[str, object]:
    return {
        "item": entry.item,
        "heading": entry.heading,
        "note": entry.note,
        "whole": entry.whole,
        "asks": entry.asks,
    }


def _order() -> list[tuple[int, str]]:
    """Entries with their headings, as `3:for-action`; what is none is left out."""
    pairs = (one.partition(":") for one in request.form.getlist("order")[:_MOST])
    return [
        (int(number), heading)
        for number, _, heading in pairs
        if number.isascii() and number.isdecimal() and len(number) < 19
    ]


def _page(bulletin: str, number: int, entry: int, form: ItemForm) -> str:
    with site().database.reading() as session:
        row, issue = found(session, bulletin, number)
        item = arranging.find(session, issue, entry)
        toolkit = session.get_one(Toolkit, item.toolkit_id)
    form.revision.data = str(issue.revision)
    return render_template(
        "issue-item.html", bulletin=row, issue=issue, entry=item, toolkit=toolkit, form=form
    )

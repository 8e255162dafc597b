"""`/inserts/<name>/rows/<n>`: one row changed, added or removed; a former revision taken again."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.bulletins.issues import touched
from cascade.errors import BadInput, Refused
from cascade.inserts import editing, keeping, uploads
from cascade.sending.insert_uses import uses
from cascade.web import access
from cascade.web.insert_forms import RowForm, row_form
from cascade.web.inserts import REVISION, table_page
from cascade.web.noting import note
from cascade.web.site import site
from cascade.web.tokens import ROW

pages = Blueprint("insert_changes", __name__, url_prefix="/inserts")
pages.before_request(access.require(Permission.WRITE))


@pages.get(f"/<insert_name>/rows/<{ROW}:number>")
def edit(insert_name: str, number: int) -> ResponseReturnValue:
    """The form of a row; 0 is a new one at the end."""
    return _page(insert_name, number)


@pages.post(f"/<insert_name>/rows/<{ROW}:number>")
def change(insert_name: str, number: int) -> ResponseReturnValue:
    with site().database.reading() as session:
        columns = keeping.find(session, insert_name).columns
    form = row_form(columns, request.form)
    cells = [form[f"cell-{place}"].data or "" for place in range(1, len(columns) + 1)]
    try:
        with site().database.writing() as session:
            insert = keeping.find(session, insert_name)
            before = editing.change(
                session,
                insert,
                number,
                cells,
                revision=form.began_from,
                by=access.person().email,
                now=site().clock(),
            )
            was = dict(zip(columns, before, strict=True)) if before else None
            after = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
            note(session, Act.INSERT_ROW_CHANGED, f"insert {insert_name}", was, after)
    except (BadInput, Refused) as error:
        form.explain(error)
        return _page(insert_name, number, form), 422
    return redirect(url_for("inserts.show", insert_name=insert_name), 303)


@pages.post(f"/<insert_name>/rows/<{ROW}:number>/remove")
def remove(insert_name: str, number: int) -> ResponseReturnValue:
    form = RowForm(request.form)
    by, now = access.person().email, site().clock()
    try:
        with site().database.writing() as session:
            insert = keeping.find(session, insert_name)
            gone = editing.remove(session, insert, number, revision=form.began_from, by=by, now=now)
            before = dict(zip(insert.columns, gone, strict=True))
            note(session, Act.INSERT_ROW_CHANGED, f"insert {insert_name}", before)
    except Refused as error:
        return table_page(insert_name, problem=str(error)), 422
    return redirect(url_for("inserts.show", insert_name=insert_name), 303)


@pages.post(f"/<insert_name>/history/<{REVISION}:revision>")
def take(insert_name: str, revision: int) -> ResponseReturnValue:
    """Make a former revision the newest, if it has what toolkits show."""
    form = RowForm(request.form)
    by, now = access.person().email, site().clock()
    try:
        with site().database.writing() as session:
            insert = keeping.find(session, insert_name)
            old = keeping.given(session, insert, revision)
            uploads.refuse_missing(old, uses(session, insert_name).columns)
            made = editing.take_again(
                session, insert, revision, revision=form.began_from, by=by, now=now
            )
            after = {"revision": made, "table of": revision}
            note(session, Act.INSERT_TAKEN_AGAIN, f"insert {insert_name}", after=after)
    except (BadInput, Refused) as error:
        return table_page(insert_name, revision, str(error)), 422
    return redirect(url_for("inserts.show", insert_name=insert_name), 303)


def _page(name: str, number: int, form: RowForm | None = None) -> str:
    with site().database.reading() as session:
        insert = keeping.find(session, name)
        row = editing.row(session, insert, number) if number else ("",) * len(insert.columns)
        used = uses(session, name)
        coming = touched(session, used)
    if form is None:
        form = row_form(insert.columns, cells=row)
    # Who sends it again has seen what stands now.
    form.revision.data = str(insert.revision)
    return render_template(
        "insert-row.html", insert=insert, number=number, form=form, used=used, coming=coming
    )

"""`/inserts`: tables that toolkits show; each with its rows, where it is used, its history."""

import csv
import io

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from cascade.accounts.permissions import Permission
from cascade.audience.cells import guarded
from cascade.bulletins.issues import touched
from cascade.inserts import keeping
from cascade.inserts.listing import listing as every
from cascade.inserts.listing import revisions, rows
from cascade.sending.insert_uses import uses
from cascade.web import access
from cascade.web.paging import page_number, row_number, typed
from cascade.web.site import site

REVISION = "int(max=2147483647)"
_SIZE = 50

pages = Blueprint("inserts", __name__, url_prefix="/inserts")
pages.before_request(access.require(Permission.SEE))


@pages.get("")
def listing() -> ResponseReturnValue:
    search = typed()
    with site().database.reading() as session:
        found = every(session, search=search, page=page_number(), size=_SIZE)
    return render_template("inserts.html", found=found, search=search)


@pages.get("/<insert_name>")
def show(insert_name: str) -> ResponseReturnValue:
    return table_page(insert_name)


@pages.get("/<insert_name>/table.csv")
def export(insert_name: str) -> ResponseReturnValue:
    """The table as a file: mended in a spreadsheet, it can be imported again."""
    with site().database.reading() as session:
        insert = keeping.find(session, insert_name)
        given = keeping.given(session, insert, insert.revision)
    text = io.StringIO()
    csv.writer(text).writerows(map(guarded, line) for line in (given.columns, *given.rows))
    answer = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={insert_name}.csv"
    return answer


@pages.get("/<insert_name>/history")
def history(insert_name: str) -> ResponseReturnValue:
    with site().database.reading() as session:
        insert = keeping.find(session, insert_name)
        found = revisions(session, insert, page=page_number(), size=_SIZE)
    return render_template("insert-history.html", insert=insert, found=found)


@pages.get(f"/<insert_name>/history/<{REVISION}:revision>")
def former(insert_name: str, revision: int) -> ResponseReturnValue:
    return table_page(insert_name, revision)


def table_page(name: str, revision: int = 0, problem: str = "") -> str:
    """An insert with its rows as they are now, or as they were in a former revision."""
    search, sort = typed(), row_number("sort")
    with site().database.reading() as session:
        insert = keeping.find(session, name)
        state = keeping.state(session, insert, revision or insert.revision)
        found = rows(
            session,
            insert,
            state.revision,
            search=search,
            sort=sort,
            page=page_number(),
            size=_SIZE,
        )
        used = uses(session, name)
        coming = touched(session, used)
    return render_template(
        "insert.html",
        insert=insert,
        state=state,
        found=found,
        used=used,
        coming=coming,
        search=search,
        sort=sort if sort <= len(state.columns) else 0,
        problem=problem,
        may_write=Permission.WRITE in access.permissions(),
        endpoint=request.endpoint,
    )

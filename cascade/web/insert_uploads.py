"""`/inserts/new`, `/inserts/<name>/upload`: a file, what it changes, then exactly that."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.bulletins.issues import touched
from cascade.errors import BadInput, NotFound, Refused
from cascade.inserts import keeping, uploads
from cascade.inserts.expanding import known
from cascade.inserts.keeping import Overtaken
from cascade.inserts.reading import MOST_BYTES, Given, read
from cascade.inserts.records import InsertUpload
from cascade.sending.insert_uses import uses
from cascade.web import access
from cascade.web.account_forms import AccountForm
from cascade.web.insert_forms import NewTableForm, TableForm
from cascade.web.noting import note
from cascade.web.site import site
from cascade.web.tokens import ROW

SHOWN = 100
"""Rows of each sort that are shown."""
_ROOM = 64 * 1024
_AT_ONCE = 500_000
_BRINGS_FILE = ("insert_uploads.make", "insert_uploads.upload")
_TOO_LARGE = f"The file is larger than {MOST_BYTES // 1_000_000} MB. Divide it."

pages = Blueprint("insert_uploads", __name__, url_prefix="/inserts")


@pages.before_request
def make_room() -> ResponseReturnValue | None:
    """Only these forms may bring a file, and only from who may write."""
    if request.endpoint in _BRINGS_FILE and Permission.WRITE in access.permissions():
        request.max_content_length = MOST_BYTES + _ROOM
        request.max_form_memory_size = _AT_ONCE
        if (request.content_length or 0) > MOST_BYTES + _ROOM:
            name = (request.view_args or {}).get("insert_name", "")
            form = TableForm() if name else NewTableForm()
            form.blame("file", _TOO_LARGE)
            return _page(form, name), 413
    return None


pages.before_request(access.require(Permission.WRITE))


@pages.get("/new")
def blank() -> ResponseReturnValue:
    return _page(NewTableForm())


@pages.post("/new")
def make() -> ResponseReturnValue:
    form = NewTableForm(request.form)
    if not form.validate():
        return _page(form), 422
    with site().database.reading() as session:
        taken = form.name.text in known(session)
    if taken:
        form.blame("name", "There is an insert with this name already: choose another")
        return _page(form), 422
    return _kept(form, form.name.text, form.title.text)


@pages.get("/<insert_name>/upload")
def choose(insert_name: str) -> ResponseReturnValue:
    with site().database.reading() as session:
        keeping.find(session, insert_name)
    return _page(TableForm(), insert_name)


@pages.post("/<insert_name>/upload")
def upload(insert_name: str) -> ResponseReturnValue:
    with site().database.reading() as session:
        title = keeping.find(session, insert_name).title
    return _kept(TableForm(request.form), insert_name, title, insert_name)


@pages.get(f"/uploads/<{ROW}:number>")
def show(number: int) -> ResponseReturnValue:
    try:
        return _difference(number)
    except NotFound:  # done, or its time is over: the list is where it goes on
        return redirect(url_for("inserts.listing"), 303)


@pages.post(f"/uploads/<{ROW}:number>")
def do(number: int) -> ResponseReturnValue:
    by, now = access.person().email, site().clock()
    try:
        with site().database.writing() as session:
            waiting = uploads.get(session, number, by=by, now=now)
            before = {"revision": waiting.revision} if waiting.revision else None
            what, name = str(uploads.changes(session, waiting)), waiting.name
            asked = uses(session, name).columns
            insert = uploads.do(session, waiting, asked=asked, by=by, now=now)
            act = Act.INSERT_CHANGED if before else Act.INSERT_ADDED
            after = {"revision": insert.revision, "rows": what}
            note(session, act, f"insert {name}", before, after)
    except Overtaken as error:
        return _difference(_anew(number), str(error)), 422
    except (Refused, BadInput) as error:
        return _difference(number, str(error)), 422
    return redirect(url_for("inserts.show", insert_name=name), 303)


def _kept(form: AccountForm, name: str, title: str, page: str = "") -> ResponseReturnValue:
    """Read the file and show what it would change; what is wrong with it stands at its field."""
    try:
        given, file = _given()
        with site().database.writing() as session:
            kept = uploads.keep(
                session,
                given,
                name=name,
                title=title,
                file=file,
                asked=uses(session, name).columns,
                by=access.person().email,
                now=site().clock(),
            )
    except BadInput as error:
        if error.problems:
            form.explain(error)
        else:
            form.blame("file", str(error))
        return _page(form, page), 422
    return redirect(url_for(".show", number=kept.id), 303)


def _given() -> tuple[Given, str]:
    given = request.files.get("file")
    if given is None or not given.filename:
        raise BadInput("Choose a file")
    content = given.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadInput(_TOO_LARGE)
    return read(content), given.filename


def _anew(number: int) -> int:
    """The same table compared with the insert as it stands now."""
    by, now = access.person().email, site().clock()
    with site().database.writing() as session:
        waiting: InsertUpload = uploads.get(session, number, by=by, now=now)
        waiting.revision = keeping.find(session, waiting.name).revision
    return number


def _difference(number: int, problem: str = "") -> str:
    by, now = access.person().email, site().clock()
    with site().database.reading() as session:
        waiting = uploads.get(session, number, by=by, now=now)
        change = uploads.changes(session, waiting)
        used = uses(session, waiting.name)
        coming = touched(session, used)
    nothing = not (change.added or change.removed or change.changed)
    same = nothing and not change.new_columns and not change.lost_columns and waiting.revision
    return render_template(
        "insert-difference.html",
        one=waiting,
        change=change,
        used=used,
        coming=coming,
        most=SHOWN,
        problem=problem,
        same=same,
    )


def _page(form: AccountForm, name: str = "") -> str:
    return render_template("insert-upload.html", form=form, name=name, most=MOST_BYTES // 1_000_000)

"""`/organisations/import`: a file, the difference that it makes, then exactly that."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound as PageNotFound

from cascade.accounts.acts import Act
from cascade.accounts.permissions import Permission
from cascade.audience import uploads
from cascade.audience.records import Upload
from cascade.audience.segments import kinds
from cascade.audience.uploads import LASTS, MOST_BYTES, SHOWN, Differs
from cascade.errors import BadInput, NotFound, Refused
from cascade.web import access
from cascade.web.kinds import kind_words
from cascade.web.noting import note
from cascade.web.people_forms import ImportForm
from cascade.web.site import site
from cascade.web.tokens import ROW

_ROOM = 64 * 1024
"""For the fields beside the file."""

_AT_ONCE = 500_000
"""What the form's parser may hold of it in memory; files go on to the disk from there."""

_TOO_LARGE = (
    f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it, or ask whoever looks after "
    "the machine to import it there: cascade audience import"
)

pages = Blueprint("importing", __name__, url_prefix="/organisations/import")


@pages.before_request
def make_room() -> ResponseReturnValue | None:
    """Only this form may bring a file. The guard after this reads it, so the limit comes first."""
    if request.endpoint != "importing.upload" or Permission.EDIT_PEOPLE not in access.permissions():
        return None
    request.max_content_length = MOST_BYTES + _ROOM
    request.max_form_memory_size = _AT_ONCE
    if (request.content_length or 0) > MOST_BYTES + _ROOM:
        return _too_large()
    return None


pages.before_request(access.require(Permission.EDIT_PEOPLE))


@pages.get("")
def choose() -> ResponseReturnValue:
    return _page(ImportForm())


@pages.post("")
def upload() -> ResponseReturnValue:
    form = ImportForm(request.form)
    given = request.files.get("file")
    if given is None or not given.filename:
        form.blame("file", "Choose a file")
        return _page(form), 422
    content = given.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return _too_large()
    kind = form.kind.data or ""
    try:
        with site().database.reading() as session:
            if kind and kind not in kinds(session):
                raise BadInput("Choose a kind of organisation from the list.")
            file = uploads.read(
                session, given.filename, content, kind=kind, complete=bool(form.complete.data)
            )
        with site().database.writing() as session:
            kept = uploads.keep(session, file, by=access.person().email, now=site().clock())
    except BadInput as error:
        form.blame("file", str(error))
        return _page(form), 422
    return redirect(url_for(".show", number=kept.id), 303)


@pages.get(f"/<{ROW}:number>")
def show(number: int) -> ResponseReturnValue:
    found = _waiting(number)
    # Its time is over, or it gave way to another file: the way on is to choose it again.
    return _shown(found) if found else redirect(url_for(".choose"), 303)


@pages.post(f"/<{ROW}:number>")
def do(number: int) -> ResponseReturnValue:
    waiting = _upload(number, content=True)
    now = site().clock()
    with site().database.reading() as session:
        file = uploads.read_again(session, waiting)
    try:
        with site().database.writing() as session:
            # Read and locked again: a double press imports once.
            row = uploads.locked(session, waiting.id)
            uploads.do(session, row, file, request.form.get("shown", ""), now)
            note(session, Act.IMPORTED, f"file {row.name}", after=uploads.numbers(row))
    except Differs as error:
        return _show_anew(waiting, str(error)), 422
    except Refused:
        pass  # it was done already: the page says so
    return redirect(url_for(".show", number=number), 303)


@pages.get(f"/<{ROW}:number>/rejects.csv")
def rejects(number: int) -> ResponseReturnValue:
    """The rejected lines, to be mended and imported again."""
    waiting = _waiting(number, content=True)
    if waiting is None:
        return redirect(url_for(".choose"), 303)
    with site().database.reading() as session:
        file = uploads.read_again(session, waiting)
        content = uploads.rejects(session, file, site().clock())
    answer = Response(content, mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=rejects.csv"
    return answer


def _show_anew(waiting: Upload, problem: str) -> str:
    now = site().clock()
    with site().database.reading() as session:
        file = uploads.read_again(session, waiting)
    with site().database.writing() as session:
        row = uploads.locked(session, waiting.id)
        uploads.show_anew(session, row, file, now)
    return _shown(row, problem)


def _upload(number: int, *, content: bool = False) -> Upload:
    found = _waiting(number, content=content)
    if found is None:
        raise PageNotFound
    return found


def _waiting(number: int, *, content: bool = False) -> Upload | None:
    by, now = access.person().email, site().clock()
    try:
        with site().database.reading() as session:
            return uploads.get(session, number, by=by, now=now, content=content)
    except NotFound:
        return None


def _shown(one: Upload, problem: str = "") -> str:
    told = one.shown
    return render_template(
        "import-difference.html",
        one=one,
        told=told,
        problem=problem,
        most=SHOWN,
        added=_of(told, "added"),
        closed=_of(told, "closed"),
        changed=[row for row in told["examples"] if row["what"] not in ("added", "closed")],
        nothing=not any(told[name] for name in ("added", "changed", "closed")),
        rejected=list(_rejected(told)),
    )


def _of(told: dict[str, Any], what: str) -> list[dict[str, Any]]:
    return [row for row in told["examples"] if row["what"] == what]


def _rejected(told: dict[str, Any]) -> Iterator[tuple[int, str]]:
    yield from ((row["line"], row["reason"]) for row in told["rejected"])


def _too_large() -> ResponseReturnValue:
    form = ImportForm()
    form.blame("file", _TOO_LARGE)
    return _page(form), 413


def _page(form: ImportForm) -> str:
    with site().database.reading() as session:
        known = kinds(session)
    form.kind.choices = [("", "The file says it"), *((kind, kind_words(kind)) for kind in known)]
    return render_template(
        "import.html",
        form=form,
        most=MOST_BYTES // 1_000_000,
        hours=int(LASTS.total_seconds()) // 3600,
        kinds=[kind_words(kind) for kind in known],
    )

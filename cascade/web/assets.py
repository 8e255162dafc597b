"""`/assets`: pictures and PDFs for toolkits; `/a/…`: where messages and everybody get them."""

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound as PageNotFound

from cascade.accounts.acts import Act
from cascade.errors import BadInput, Refused
from cascade.library import assets
from cascade.library.records import Asset
from cascade.library.uses import remove as remove_unused
from cascade.library.uses import uses
from cascade.web import access, writing
from cascade.web.draft_forms import AssetForm
from cascade.web.noting import note
from cascade.web.paging import page_number, typed
from cascade.web.site import site

_SIZE = 24
_AROUND = 64 * 1024  # the fields and borders of the form that a file comes in
_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
_FOR_EVER = "public, max-age=31536000, immutable"

pages = Blueprint("assets", __name__)


@pages.before_request
def _guard() -> ResponseReturnValue | None:
    if request.endpoint == "assets.serve":
        return None
    writing.room(assets.LARGEST + _AROUND)()
    return writing.guard()


@pages.get("/assets")
def listing() -> ResponseReturnValue:
    return _page(AssetForm())


@pages.post("/assets")
def upload() -> ResponseReturnValue:
    """Keep a file; the editor's script asks for JSON and gets the Markdown for it."""
    wants_json = request.accept_mimetypes.best == "application/json"
    form = AssetForm(request.form)
    try:
        if not form.validate():
            raise BadInput("The form has mistakes.")
        with site().database.writing() as session:
            asset = _add(session, form)
            said = assets.markdown(asset, writing.address_of(asset))
    except BadInput as error:
        if error.problems:
            form.explain(error)
        if wants_json:
            return jsonify(problems=dict(form.problems())), 422
        return _page(form), 422
    if wants_json:
        return jsonify(markdown=said)
    return redirect(url_for(".listing", search=asset.name), 303)


@pages.get("/a/<sha256>/<name>")
def serve(sha256: str, name: str) -> ResponseReturnValue:
    """A file, for everybody: its bytes never change, and whatever is in them runs nothing."""
    with site().database.reading() as session:
        asset = assets.get(session, sha256)
    if name != asset.name:
        raise PageNotFound
    answer = Response(asset.content, mimetype=asset.media_type)
    answer.headers["Content-Security-Policy"] = _SANDBOX
    answer.headers["Cache-Control"] = _FOR_EVER
    way = "inline" if asset.width else "attachment"
    answer.headers["Content-Disposition"] = f'{way}; filename="{asset.name}"'
    answer.set_etag(asset.sha256)
    return answer.make_conditional(request)


@pages.get("/assets/<sha256>/thumbnail")
def thumbnail(sha256: str) -> ResponseReturnValue:
    """The small picture of the list."""
    with site().database.reading() as session:
        asset = assets.get(session, sha256)
    if asset.thumbnail is None:  # kept before there were any
        return redirect(url_for(".serve", sha256=sha256, name=asset.name))
    answer = Response(asset.thumbnail, mimetype=asset.media_type)
    answer.headers["Content-Security-Policy"] = _SANDBOX
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


@pages.post("/assets/<sha256>/remove")
def remove(sha256: str) -> ResponseReturnValue:
    """Remove a file that no toolkit uses."""
    try:
        with site().database.writing() as session:
            asset = remove_unused(session, sha256)
            before = {"name": asset.name, "type": asset.media_type, "description": asset.alt}
            note(session, Act.FILE_REMOVED, f"file {asset.name}", before=before)
    except Refused as error:
        form = AssetForm()
        form.blame("file", str(error))
        return _page(form), 409
    return redirect(url_for(".listing"), 303)


def _add(session: Session, form: AssetForm) -> Asset:
    given = request.files.get("file")
    if given is None or not given.filename:
        raise BadInput("Choose a file.", ["file: Choose a picture or a PDF"])
    asset, is_new = assets.add(
        session,
        given.read(assets.LARGEST + 1),
        name=given.filename,
        alt=form.alt.data or "",
        by=access.person().email,
        now=site().clock(),
    )
    if is_new:
        after = {"name": asset.name, "type": asset.media_type, "description": asset.alt}
        note(session, Act.FILE_ADDED, f"file {asset.name}", after=after)
    return asset


def _page(form: AssetForm) -> str:
    number = page_number()
    search = typed()
    with site().database.reading() as session:
        found = assets.listing(session, search=search, page=number, size=_SIZE)
        used = uses(session, [asset.id for asset in found.lines])
    lines = [
        (asset, assets.markdown(asset, writing.address_of(asset)), used[asset.id])
        for asset in found.lines
    ]
    return render_template("assets.html", found=found, lines=lines, search=search, form=form)

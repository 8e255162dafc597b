"""`/embed/<toolkit>`: a toolkit in a frame of anybody's site; `/oembed`: how to put it there."""

from xml.etree import ElementTree

from flask import Blueprint, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

import toolkits
from cascade.errors import NotFound
from cascade.sending.deadlines import LONDON
from cascade.shelf import framed
from cascade.shelf.values import finished_html, page_of, values
from cascade.shelf.visible import Shown
from cascade.web import embed_code
from cascade.web.appearance import look
from cascade.web.counting import counting
from cascade.web.public_toolkits import public_toolkit, title_of
from cascade.web.site import site

_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
_KEPT = "private, max-age=300"
"""By the reader's browser only, so that what a site shows is counted."""
_FORMATS = ("json", "xml")

pages = Blueprint("embed", __name__)


@pages.get("/embed/<toolkit_name>")
def show(toolkit_name: str) -> ResponseReturnValue:
    """The newest version; what isn't current any more says so, in the frame, with a way on."""
    try:
        public = public_toolkit(toolkit_name)
    except NotFound:
        return _gone("")
    shown = public.shown.get(request.args.get("language", ""), public.own)
    if shown.is_over(site().clock().astimezone(LONDON).date()):
        return _gone(page_of(toolkit_name, site().settings.base_url))
    counting().show(public.id)
    answer = _framed(_shown(shown))
    answer.headers["Cache-Control"] = _KEPT
    return answer


@pages.get("/oembed")
def oembed() -> ResponseReturnValue:
    """What a site that was given the address of a toolkit puts in its place (oEmbed 1.0)."""
    wanted = request.args.get("format", "json")
    if wanted not in _FORMATS:
        return Response("Ask for json or xml.\n", 501, mimetype="text/plain")
    place = embed_code.place_of(request.args.get("url", ""), site().settings.base_url)
    try:
        title = public_toolkit(place.toolkit).title if place else ""
    except NotFound:
        place = None
    if place is None:
        words = "This is no address of a toolkit in the library.\n"
        return Response(words, 404, mimetype="text/plain")
    size = embed_code.size(
        request.args.get("maxwidth", type=int), request.args.get("maxheight", type=int)
    )
    told = embed_code.told(place, title, look().cell, site().settings.base_url, size)
    answer = jsonify(told) if wanted == "json" else _xml(told)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


def _shown(shown: Shown) -> str:
    base, meta = site().settings.base_url, shown.document.meta
    filled = values(meta, look(), base)
    audience = request.args.get("audience", "")
    audience = audience if audience in shown.audiences else ""
    return render_template(
        "embed.html",
        title=title_of(shown),
        language=shown.language,
        direction=toolkits.direction(shown.language),
        messages=[finished_html(toolkits.inline(one), filled) for one in meta.key_messages],
        action=finished_html(toolkits.inline(meta.action), filled),
        audience=shown.audiences.get(audience, ""),
        own=finished_html(framed.own_words(shown, audience), filled),
        page=embed_code.library_page(
            shown.toolkit,
            base,
            language=request.args.get("language", "") and shown.language,
            audience=audience,
        ),
    )


def _gone(page: str) -> Response:
    base = site().settings.base_url
    answer = _framed(render_template("embed-gone.html", page=page or f"{base}/library"))
    answer.status_code = 410
    return answer


def _framed(page: str) -> Response:
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = _POLICY
    # A site that shuts out everything else may still show this.
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _xml(told: embed_code.Told) -> Response:
    root = ElementTree.Element("oembed")
    for name, value in told.items():
        ElementTree.SubElement(root, name).text = str(value)
    content = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return Response(content, mimetype="text/xml")

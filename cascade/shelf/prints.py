"""What of a kit is printed or shown on a screen: posters, sheets, large print."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import toolkits
from cascade import printing
from cascade.errors import Refused
from cascade.printing import Given
from cascade.shelf.orders import Order
from toolkits.formats import copying
from toolkits.formats.copying import Copy

LONGEST = 60_000
"""Characters of a text that is printed; drawing takes seconds for more."""
_SCALES = (140, 118, 100, 84, 70, 58, 48, 40)
_LONGEST_POSTER = 2_000
"""Characters of a poster: more can't be read in passing, nor fit."""
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class _Format:
    """A page: its measures in CSS, and the size of its letters in millimetres."""

    width: str
    height: str
    base: float
    foot: str
    qr: str


FORMATS: Mapping[str, _Format] = MappingProxyType(
    {
        "poster-a4": _Format("210mm", "297mm", 7.2, "46mm", "36mm"),
        "poster-a3": _Format("297mm", "420mm", 10.2, "64mm", "52mm"),
        "screen": _Format("1920px", "1080px", 13.2, "62mm", "52mm"),
    }
)


def poster(order: Order, form: str) -> bytes:
    """A page in one of `FORMATS`."""
    page = FORMATS[form]
    copy = copying.poster(order.document, order.segments)
    values = _values(order, copy) | {
        "width": page.width,
        "height": page.height,
        "base": page.base,
        "foot": page.foot,
        "qr": page.qr,
    }
    if len(_TAGS.sub("", copy.html)) > _LONGEST_POSTER:
        raise Refused("This text is too long for a poster. Take the briefing sheet.")
    return printing.fitted("poster.html", values, _SCALES, _files(order))


def briefing(order: Order) -> bytes:
    """The sheet for staff, on A4."""
    return _sheet(order, copying.briefing(order.document, order.segments), 11)


def large(order: Order) -> bytes:
    """The message in letters of 18 points (UK Association for Accessible Formats: 16 or more)."""
    return _sheet(order, copying.whole(order.document, order.segments), 18)


def qr(order: Order) -> bytes:
    """The way to the library as a QR code: a PNG to put into other layouts."""
    import segno  # late, as everything that only kits need

    out = io.BytesIO()
    segno.make(order.page, error="m").save(out, kind="png", scale=12, border=4)
    return out.getvalue()


def _sheet(order: Order, copy: Copy, points: int) -> bytes:
    if len(copy.html) > LONGEST:
        raise Refused("This text is too long to be printed here.")
    values = _values(order, copy) | {"points": points, "small": max(9, points - 2)}
    return printing.pdf(printing.render("sheet.html", values), _files(order))


def _values(order: Order, copy: Copy) -> dict[str, object]:
    logo, brand = order.identity.logo, order.brand
    return {
        "language": order.shown.language,
        "direction": toolkits.direction(order.shown.language),
        "title": order.title,
        "about": order.text(toolkits.plain(order.document.meta.summary)) or order.title,
        "author": order.identity.cell,
        "colour": order.colour,
        "headline": order.html(copy.title),
        "words": order.html(copy.html),
        "page": order.page,
        "group": brand.group,
        "group_line": brand.line,
        "logo": logo.alt if logo and order.logo else "",
        "own_logo": brand.logo is not None,
    }


def _files(order: Order) -> dict[str, Given]:
    import segno

    drawn = io.BytesIO()
    segno.make(order.page, error="m").save(drawn, kind="svg", border=4, xmldecl=False)
    files = {address: Given(content, kind) for address, (kind, content) in order.pictures.items()}
    files["given:qr"] = Given(drawn.getvalue(), "image/svg+xml")
    for name, logo in (("given:logo", order.logo), ("given:own-logo", order.brand.logo)):
        if logo:
            is_png = logo.startswith(b"\x89PNG")
            files[name] = Given(logo, "image/png" if is_png else "image/jpeg")
    return files

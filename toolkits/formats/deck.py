"""Headline slides as a presentation (Office Open XML): wide, with speaker notes, nothing empty."""

import io
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from toolkits.formats.sheets import Sheet, fact, legal
from toolkits.formats.slides import Slide
from toolkits.formats.zips import settled
from toolkits.languages import direction

_WIDE, _HIGH = 13.333, 7.5  # inches: 16 to 9
_EDGE = 0.7
_SIZES = ((160, 30), (320, 26), (520, 22), (800, 18))
"""Signs on a slide, and the points they are shown in; what is longer gets the last and is cut."""
_LONGEST_BULLET = 300
_TITLES = ((40, 40), (80, 32), (140, 26))
_SMALL = 14


def to_deck(slides: Sequence[Slide], sheet: Sheet) -> bytes:
    """The slides, with slots filled; the first in the colour of the cell."""
    import pptx  # late: half a second

    deck = pptx.Presentation()
    _stretch(deck)
    _describe(deck.core_properties, sheet)
    for number, slide in enumerate(slides):
        _add(deck, slide, sheet, is_first=number == 0)
    out = io.BytesIO()
    deck.save(out)
    return settled(out.getvalue())


def _stretch(deck: Any) -> None:
    """The template is 4 to 3: what slides take from it is set anew."""
    from pptx.util import Inches

    deck.slide_width, deck.slide_height = Inches(_WIDE), Inches(_HIGH)
    places = {0: (0.6, 1.4), 1: (2.2, 4.3)}
    for layout in (deck.slide_layouts[1], deck.slide_layouts[5]):
        for shape in layout.placeholders:
            kind = shape.placeholder_format.idx
            if kind in places:
                top, high = places[kind]
                shape.left, shape.width = Inches(_EDGE), Inches(_WIDE - 2 * _EDGE)
                shape.top, shape.height = Inches(top), Inches(high)


def _describe(told: Any, sheet: Sheet) -> None:
    at = sheet.made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    told.title, told.language = fact(sheet.title), fact(sheet.language)
    told.author = told.last_modified_by = fact(sheet.author)
    told.created = told.modified = at


def _add(deck: Any, slide: Slide, sheet: Sheet, *, is_first: bool) -> None:
    colour, white = _rgb(sheet.colour), _rgb("#ffffff")
    added = deck.slides.add_slide(deck.slide_layouts[1 if slide.bullets else 5])
    if is_first:
        added.background.fill.solid()
        added.background.fill.fore_color.rgb = colour
    title = _Text(added.shapes.title.text_frame, sheet)
    title.line(
        slide.title, _fitting(slide.title, _TITLES), white if is_first else colour, bold=True
    )
    if slide.bullets:
        bullets = [_cut(bullet) for bullet in slide.bullets]
        body = _Text(added.placeholders[1].text_frame, sheet)
        for bullet in bullets:
            body.line(bullet, _fitting(" ".join(bullets), _SIZES), white if is_first else None)
    _close(added, sheet, white if is_first else None)
    if is_first and sheet.logo:
        _show_logo(added, sheet.logo)
    if slide.notes:
        notes = _Text(added.notes_slide.notes_text_frame, sheet)
        for paragraph in slide.notes.split("\n"):
            notes.line(paragraph, None, None)


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor(*bytes.fromhex(colour.lstrip("#")))  # type: ignore[no-untyped-call]


def _close(added: Any, sheet: Sheet, colour: Any) -> None:
    """Who it is from, in small letters below."""
    from pptx.util import Inches

    if sheet.closing:
        box = added.shapes.add_textbox(
            Inches(_EDGE), Inches(6.7), Inches(_WIDE - 2 * _EDGE), Inches(0.5)
        )
        box.text_frame.word_wrap = True
        _Text(box.text_frame, sheet).line(sheet.closing, _SMALL, colour)


def _show_logo(added: Any, logo: bytes) -> None:
    from pptx.util import Inches

    shape = added.shapes.add_picture(io.BytesIO(logo), 0, Inches(0.2), height=Inches(0.7))
    shape.left = Inches(_WIDE - _EDGE) - shape.width
    shape._element.nvPicPr.cNvPr.set("descr", "")


class _Text:
    """Writes lines into a frame, the first in the paragraph that is there."""

    def __init__(self, frame: Any, sheet: Sheet) -> None:
        self._frame = frame
        self._language = "en-GB" if sheet.language == "en" else sheet.language
        self._rtl = direction(sheet.language) == "rtl"
        self._begun = False

    def line(self, text: str, points: int | None, colour: Any, *, bold: bool = False) -> None:
        """One paragraph."""
        from pptx.util import Pt

        paragraph = self._frame.add_paragraph() if self._begun else self._frame.paragraphs[0]
        self._begun = True
        run = paragraph.add_run()
        run.text = " ".join(legal(text).split())
        run.font._element.set("lang", self._language)
        if points:
            run.font.size = Pt(points)
        if bold:
            run.font.bold = True
        if colour is not None:
            run.font.color.rgb = colour
        properties = paragraph._p.get_or_add_pPr()
        properties.set("algn", "r" if self._rtl else "l")
        if self._rtl:
            properties.set("rtl", "1")


def _fitting(text: str, sizes: Sequence[tuple[int, int]]) -> int:
    return next((points for most, points in sizes if len(text) <= most), sizes[-1][1])


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_BULLET else f"{text[: _LONGEST_BULLET - 1]}…"

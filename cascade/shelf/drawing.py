"""Pictures of a toolkit, drawn with Pillow: posters, the screen slide, one to go with a post."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import toolkits
from cascade.shelf.orders import Order
from toolkits.formats import copying
from toolkits.formats.blocks import read

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

FORMATS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "screen": (1920, 1080),
        "post-picture": (1200, 675),
        "poster-a4": (1654, 2339),
        "poster-a3": (1754, 2480),
    }
)
"""Pixels across and down; A4 is at 200 to the inch, A3 at 150."""
_TALL = (1.6, 1.4, 1.2)
"""Sheets that are higher than wide have room for larger letters, which are tried first."""
_SHARES = (1, 0.86, 0.74, 0.64, 0.55, 0.47, 0.4)
"""Letters are made smaller until everything fits."""
_SCRIPTS = ("", "Arabic", "Hebrew", "Bengali", "Gurmukhi", "Gujarati", "Devanagari", "Tamil")
_FONTS = (
    ("DejaVuSans-Bold.ttf", "DejaVuSans.ttf"),
    *((f"NotoSans{script}-Bold.ttf", f"NotoSans{script}-Regular.ttf") for script in _SCRIPTS),
)
"""Bold and plain: each paragraph is in the first pair that has all its letters."""
_DARK = "#212b32"
_JOINERS = {0x200C, 0x200D}


@dataclass(frozen=True, slots=True)
class _Lines:
    """Text broken into lines of a width, in a font."""

    lines: tuple[str, ...]
    font: "ImageFont.FreeTypeFont"
    step: int

    @property
    def height(self) -> int:
        return self.step * len(self.lines)


def alternative(order: Order) -> str:
    """What the picture says, for whoever doesn't see it."""
    return ". ".join(part.rstrip(". ") for part in (order.title, *_points(order))) + "."


def can_draw(order: Order) -> bool:
    """Whether there is a font here with every letter that is to be drawn."""
    said = (order.title, *_points(order), _from_whom(order), order.page)
    return all(_fonts(text) for text in said)


def draw(order: Order, form: str) -> bytes:
    """A PNG in one of `FORMATS`: title, what to know, where more is, and the QR code."""
    from PIL import Image, ImageDraw

    size = FORMATS[form]
    image = Image.new("RGB", size, "white")
    canvas = ImageDraw.Draw(image)
    for share in (*_TALL, *_SHARES) if size[1] > size[0] else _SHARES:
        if _Page(order, canvas, size, share).drawn(image, is_last=share == _SHARES[-1]):
            break
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


class _Page:
    """One try to draw everything in letters of a size."""

    def __init__(
        self, order: Order, canvas: "ImageDraw.ImageDraw", size: tuple[int, int], share: float
    ) -> None:
        self._order, self._canvas = order, canvas
        self._width, self._height = size
        self._edge = self._width // 20
        self._hundredth = min(size) / 100
        self._unit = self._hundredth * share
        self._rtl = toolkits.direction(order.shown.language) == "rtl"

    def drawn(self, image: "Image.Image", *, is_last: bool) -> bool:
        """Whether it fitted; nothing is drawn if not, unless this is the last try."""
        wide = self._width - 2 * self._edge
        title = self._broken(self._order.title, True, 8.4, wide)
        points = [
            self._broken(point, False, 5, wide - self._edge) for point in _points(self._order)
        ]
        foot = self._height // 5
        head = title.height + self._edge + self._edge // 2
        gap = round(self._unit * 2.4)
        needed = head + sum(one.height + gap for one in points) + gap * 3 + foot
        if needed > self._height and not is_last:
            return False
        self._canvas.rectangle((0, 0, self._width, self._height), "white")
        self._canvas.rectangle((0, 0, self._width, head), self._order.colour)
        self._write(title, self._edge, "white")
        top = head + gap * 2
        for one in points:
            if top + one.height > self._height - foot:
                break
            self._bullet(top, one)
            self._write(one, top, _DARK, indent=self._edge)
            top += one.height + gap
        self._foot(image, foot)
        return True

    def _broken(self, text: str, bold: bool, units: float, wide: int) -> _Lines:
        points = max(12, round(units * self._unit))
        font = _font((_fonts(text) or _FONTS[0])[0 if bold else 1], points)
        lines: list[str] = []
        for word in text.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and font.getlength(longer) <= wide:
                lines[-1] = longer
            else:
                lines += _pieces(word, font, wide)
        return _Lines(tuple(lines), font, round(points * 1.28))

    def _write(self, block: _Lines, top: int, colour: str, *, indent: int = 0) -> None:
        start = self._edge + indent
        for number, line in enumerate(block.lines):
            left = start
            if self._rtl:
                left = round(self._width - start - block.font.getlength(line))
            # On a line that is the same for every font: their letters are not equally high.
            place = (left, top + number * block.step + block.step * 4 // 5)
            direction = "rtl" if self._rtl else "ltr"
            self._canvas.text(place, line, colour, block.font, "ls", direction=direction)

    def _bullet(self, top: int, beside: _Lines) -> None:
        radius = max(3, beside.step // 9)
        left = self._edge + radius * 2
        middle = (self._width - left if self._rtl else left, top + beside.step // 2)
        box = (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
        self._canvas.ellipse(box, self._order.colour)

    def _foot(self, image: "Image.Image", high: int) -> None:
        """Who it is from and where more is, with the QR code at the end."""
        from PIL import Image

        from cascade.shelf.prints import qr

        top = self._height - high
        self._canvas.rectangle((0, top, self._width, top + high // 30), self._order.colour)
        with Image.open(io.BytesIO(qr(self._order))) as code:
            side = high * 8 // 10
            small = code.convert("L").resize((side, side), Image.Resampling.NEAREST)
        left = self._edge if self._rtl else self._width - self._edge - side
        image.paste(small, (left, top + high // 8))
        free = self._width - 2 * self._edge - side - self._edge // 2
        # In letters of one size, however full the rest is.
        self._unit, line = self._hundredth, top + high // 5
        for text, bold in ((_from_whom(self._order), True), (self._order.page, False)):
            block = self._broken(text, bold, 3.2, free)
            self._write(block, line, _DARK)
            line += block.height + high // 20


def _from_whom(order: Order) -> str:
    return order.brand.group or order.identity.cell


def _points(order: Order) -> tuple[str, ...]:
    """What stands below the title: the words of the poster."""
    blocks = read(order.html(copying.poster(order.document, order.segments).html))
    return tuple(" ".join(block.text.split()) for block in blocks if block.text.strip())


def _pieces(word: str, font: "ImageFont.FreeTypeFont", wide: int) -> list[str]:
    """A word that is wider than the page, such as an address, in parts."""
    parts = [""]
    for sign in word:
        if parts[-1] and font.getlength(parts[-1] + sign) > wide:
            parts.append("")
        parts[-1] += sign
    return parts


def _fonts(text: str) -> tuple[str, str] | None:
    """The pair of fonts to draw a paragraph with."""
    needed = {ord(sign) for sign in text if not sign.isspace()} - _JOINERS
    return next((pair for pair in _FONTS if needed <= _letters(pair)), None)


@cache
def _font(name: str, points: int) -> "ImageFont.FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(name, points)


@cache
def _letters(pair: tuple[str, str]) -> frozenset[int]:
    """What both fonts can draw; nothing when they aren't on this machine."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    known = []
    for name in pair:
        try:
            path = _font(name, 12).path
        except OSError:
            return frozenset()
        with TTFont(path, lazy=True) as font:
            known.append(frozenset(font.getBestCmap()))
    return known[0] & known[1]

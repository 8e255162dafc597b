"""The picture that a network shows where somebody shares a toolkit: its title, and whose it is."""

import io
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont, ImageFont

WIDTH, HEIGHT = 1_200, 630
"""What Open Graph pictures are shown at."""

_MARGIN = 80
_BLUE = "#005eb8"
_SIZES = ((72, 26, 5), (56, 34, 6), (44, 44, 8))
"""Of letters, with how many go on a line and lines on a card."""


def draw(title: str, cell: str, colour: str = "") -> bytes:
    """A PNG in the cell's colour; where our letters can't write the title, without it."""
    # Here and not above: most processes never draw one.
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), colour or _BLUE)
    pen = ImageDraw.Draw(image)
    said = title if _can_write(title) else ""
    size, lines = _fitting(said)
    if lines:
        pen.multiline_text(
            (_MARGIN, _MARGIN), "\n".join(lines), "white", _letters(size), spacing=16
        )
    if _can_write(cell):
        cut = wrap(cell, 52, max_lines=1, placeholder=" …")
        place = (_MARGIN, HEIGHT - _MARGIN)
        pen.text(place, "".join(cut), "white", _letters(36 if said else 56), anchor="ls")
    pen.rectangle((_MARGIN, HEIGHT - _MARGIN - 72, WIDTH - _MARGIN, HEIGHT - _MARGIN - 68), "white")
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _fitting(title: str) -> tuple[int, list[str]]:
    """The largest letters in which the title fits; of a longer one, its beginning."""
    for size, letters, most in _SIZES:
        lines = wrap(title, letters)
        if len(lines) <= most:
            return size, lines
    return size, wrap(title, letters, max_lines=most, placeholder=" …")


def _letters(size: int) -> "FreeTypeFont | ImageFont":
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _can_write(text: str) -> bool:
    """Whether the typeface that comes with Pillow has the letters: those of western Europe."""
    return all(letter < "\u0180" or letter in "‘’“”–—…•€" for letter in text)

"""Pictures and PDFs, known by their content. A picture is drawn anew: upright, in sRGB, no wider
than mail shows it, and without what cameras write about people and places. A PDF stays as it is.
"""

from cascade.library.pictures.found import Broken, Found
from cascade.library.pictures.pdf import read

__all__ = ["Broken", "Found", "examine"]


def examine(content: bytes) -> Found | None:
    """What a file is and the bytes to keep of it; None: nothing that is taken. Raises Broken."""
    if content.startswith(b"%PDF-"):
        return read(content)
    # Loaded where somebody brings a picture: Pillow takes memory that workers never need.
    from cascade.library.pictures.drawing import draw

    return draw(content)

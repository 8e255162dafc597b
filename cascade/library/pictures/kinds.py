"""Which kind of file it is, by its first bytes."""

import struct

from cascade.library.pictures import gif, jpeg, png, webp
from cascade.library.pictures.found import Broken, Found

__all__ = ["Broken", "Found", "examine"]


def examine(content: bytes) -> Found | None:
    """What a file is and the bytes to keep of it; None: nothing that is taken. Raises Broken."""
    try:
        if content.startswith(png.SIGNATURE):
            return png.read(content)
        if content.startswith(b"\xff\xd8\xff"):
            return jpeg.read(content)
        if content.startswith((b"GIF87a", b"GIF89a")):
            return gif.read(content)
        if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
            return webp.read(content)
        return _pdf(content)
    except (struct.error, IndexError):
        raise Broken("it ends too early") from None


def _pdf(content: bytes) -> Found | None:
    if not content.startswith(b"%PDF-"):
        return None
    if b"%%EOF" not in content[-2048:]:
        raise Broken("it ends too early")
    return Found("application/pdf", "pdf", content)

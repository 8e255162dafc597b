"""From the bytes of a page to its text, whatever they claim to be."""

import re
import zlib

from cascade.charsets import known

_KINDS = ("text/html", "text/plain", "application/xhtml+xml")
_SAYS = re.compile(rb"<meta[^>]{0,200}charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9_:.-]{1,40})")


def is_text(kind: str) -> bool:
    """Whether a media type is one that is read."""
    return kind in _KINDS


def decoded(content: bytes, encoding: str, charset: str | None, most: int) -> str:
    """The text of at most so many bytes. Raises ValueError for a packing that isn't known."""
    plain = _unpacked(content, encoding.strip().lower(), most)
    said = _SAYS.search(plain[:2_000])
    return plain.decode(known(charset or (said[1].decode() if said else "")), "replace")


def _unpacked(content: bytes, encoding: str, most: int) -> bytes:
    """Nobody asked for a packed page; some sites pack all the same."""
    if encoding in ("", "identity"):
        return content[:most]
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise ValueError("a packing that isn't known")
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(content, most)
    except zlib.error as error:
        raise ValueError("a page that can't be unpacked") from error

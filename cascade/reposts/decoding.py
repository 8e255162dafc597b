"""From the bytes of a page to its text, whatever they claim to be."""

import codecs
import re
import zlib

_KINDS = ("text/html", "text/plain", "application/xhtml+xml")
# Those that browsers know. Some others of Python's take time that grows with the square of a page.
_CHARSETS = {
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "ascii"),
    *(f"iso8859-{number}" for number in range(1, 17)),
    *(f"cp125{number}" for number in range(9)),
    *("cp866", "cp874", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "tis-620"),
    *("gb2312", "gbk", "gb18030", "big5", "big5hkscs"),
    *("shift_jis", "cp932", "euc_jp", "iso2022_jp", "euc_kr", "cp949"),
}
_LONGEST = 40
"""Letters of a charset's name."""
_SAYS = re.compile(rb"<meta[^>]{0,200}charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9_:.-]{1,40})")


def is_text(kind: str) -> bool:
    """Whether a media type is one that is read."""
    return kind in _KINDS


def decoded(content: bytes, encoding: str, charset: str | None, most: int) -> str:
    """The text of at most so many bytes. Raises ValueError for a packing that isn't known."""
    plain = _unpacked(content, encoding.strip().lower(), most)
    said = _SAYS.search(plain[:2_000])
    return plain.decode(_known(charset or (said[1].decode() if said else "")), "replace")


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


def _known(charset: str) -> str:
    try:
        name = codecs.lookup(charset).name if len(charset) <= _LONGEST else ""
    except (LookupError, ValueError):
        name = ""
    return name if name in _CHARSETS else "utf-8"

"""PDF (ISO 32000-2): whole, not locked, and with nothing in it that starts by itself.

This reads names, not meaning: it sees what stands open and in compressed object streams (up to
some size). It is no virus scanner. Files are downloaded, never shown within our pages.
"""

import re
import zlib
from collections.abc import Iterator

from cascade.library.pictures.found import Broken, Found

_MOST_INFLATED = 20_000_000  # bytes out of one file
_END = re.compile(rb"%%EOF[\s\x00]*\Z")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_OBJECTS = re.compile(rb"/ObjStm[^\x00]{0,500}?stream\r?\n")
_NAME_ENDS = rb"(?![A-Za-z0-9_.+-])"
_LOCKED = re.compile(rb"/Encrypt" + _NAME_ENDS)
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|RichMedia|EmbeddedFiles?|ImportData|SubmitForm)" + _NAME_ENDS
)


def read(content: bytes) -> Found:
    """The file as it is; raises Broken when it is cut off, locked, or does things."""
    if not _END.search(content[-1_100:]):
        if b"%%EOF" in content:
            raise Broken("The PDF has something else behind its end. Export it again")
        raise Broken("The PDF ends too early. Export it again")
    for piece in (content, *_compressed(content)):
        names = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), piece)
        if _LOCKED.search(names):
            raise Broken("The PDF is protected. Export it without a password and restrictions")
        if _ACTIVE.search(names):
            raise Broken(
                "The PDF has a script, a form that sends, or a file in it. Print it to a new PDF"
            )
    return Found("application/pdf", "pdf", content)


def _compressed(content: bytes) -> Iterator[bytes]:
    """The object streams, as far as they are deflated and there is room."""
    room = _MOST_INFLATED
    for found in _OBJECTS.finditer(content):
        try:
            inflated = zlib.decompressobj().decompress(content[found.end() :], room)
        except zlib.error:
            continue
        yield inflated
        room -= len(inflated)
        if room <= 0:
            raise Broken("The PDF unpacks to too much. Print it to a new PDF")

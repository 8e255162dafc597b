"""JPEG (ITU-T T.81): segments; EXIF, XMP, IPTC and comments are left out, but for the rotation."""

import re
import struct

from cascade.library.pictures.found import Broken, Found

_EXIF, _IPTC, _COMMENT = 0xE1, 0xED, 0xFE
_END, _SCAN = 0xD9, 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# In a scan, 0xFF is followed by 0 or by a restart mark; anything else ends it.
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_ROTATED = range(2, 9)


def read(content: bytes) -> Found:
    """The picture without metadata and without whatever follows its end."""
    kept: list[bytes] = []
    size, rotation, at, marker = (0, 0), 1, 2, 0
    while True:
        while content[at : at + 2] == b"\xff\xff":  # padding
            at += 1
        if content[at] != 0xFF:
            raise Broken("a part of it is damaged")
        marker = content[at + 1]
        if marker == _END:
            break
        (length,) = struct.unpack_from(">H", content, at + 2)
        body = content[at + 4 : at + 2 + length]
        if marker in _FRAMES:
            size = _size(body)
        rotation = _rotation(body) or rotation if marker == _EXIF else rotation
        after = at + 2 + length if marker != _SCAN else _scanned(content, at + 2 + length)
        if marker not in (_EXIF, _IPTC, _COMMENT):
            kept.append(content[at:after])
        at = after
    exif = _only_rotation(rotation) if rotation in _ROTATED else b""
    whole = b"\xff\xd8" + exif + b"".join(kept) + b"\xff\xd9"
    return Found("image/jpeg", "jpg", whole, *size)


def _size(body: bytes) -> tuple[int, int]:
    height, width = struct.unpack_from(">HH", body, 1)
    return width, height


def _scanned(content: bytes, at: int) -> int:
    found = _AFTER_SCAN.search(content, at)
    if found is None:
        raise Broken("it ends too early")
    return found.start()


def _rotation(body: bytes) -> int | None:
    """The tag 0x0112 of an EXIF segment."""
    if not body.startswith(b"Exif\x00\x00"):
        return None
    tiff = body[6:]
    order = "<" if tiff[:2] == b"II" else ">"
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for number in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * number)
            if tag == 0x0112:
                return int(value)
    except struct.error:
        return None
    return None


def _only_rotation(value: int) -> bytes:
    """An EXIF segment that says how to turn the picture and nothing else."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, value, 0)
    tiff = b"MM\x00\x2a" + struct.pack(">IH", 8, 1) + entry + b"\x00" * 4
    body = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body

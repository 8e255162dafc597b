"""WebP (RFC 9649): chunks in a RIFF file; EXIF and XMP are left out."""

import struct

from cascade.library.pictures.found import Broken, Found

_LEFT_OUT = {b"EXIF", b"XMP "}
_METADATA_FLAGS = 0x08 | 0x04


def read(content: bytes) -> Found:
    """The picture without metadata and without whatever follows its end."""
    (length,) = struct.unpack_from("<I", content, 4)
    end = 8 + length
    if len(content) < end:
        raise Broken("it ends too early")
    kept: list[bytes] = []
    size: tuple[int, int] | None = None
    at = 12
    while at < end:
        name = content[at : at + 4]
        (length,) = struct.unpack_from("<I", content, at + 4)
        body = content[at + 8 : at + 8 + length]
        if len(body) < length:
            raise Broken("it ends too early")
        size = size or _size(name, body)
        if name == b"VP8X":
            body = bytes([body[0] & ~_METADATA_FLAGS]) + body[1:]
        if name not in _LEFT_OUT:
            kept.append(name + struct.pack("<I", length) + body + b"\x00" * (length % 2))
        at += 8 + length + length % 2
    if size is None:
        raise Broken("it has no picture in it")
    inside = b"WEBP" + b"".join(kept)
    return Found("image/webp", "webp", b"RIFF" + struct.pack("<I", len(inside)) + inside, *size)


def _size(name: bytes, body: bytes) -> tuple[int, int] | None:
    match name:
        case b"VP8X":
            return _three(body, 4) + 1, _three(body, 7) + 1
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", body, 1)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", body, 6)
            return width & 0x3FFF, height & 0x3FFF
    return None


def _three(body: bytes, at: int) -> int:
    low, high = struct.unpack_from("<HB", body, at)
    return int(low | high << 16)

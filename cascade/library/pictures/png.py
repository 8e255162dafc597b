"""PNG (ISO/IEC 15948): chunks with checksums; text, time and EXIF chunks are left out."""

import struct
import zlib

from cascade.library.pictures.found import Broken, Found

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LEFT_OUT = {b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf"}


def read(content: bytes) -> Found:
    """The picture without metadata and without whatever follows its end."""
    kept, at, name = [SIGNATURE], len(SIGNATURE), b""
    width = height = 0
    while name != b"IEND":
        (length,) = struct.unpack_from(">I", content, at)
        whole = content[at : at + length + 12]
        name, body = whole[4:8], whole[8:-4]
        if len(whole) < length + 12 or zlib.crc32(whole[4:-4]) != int.from_bytes(whole[-4:]):
            raise Broken("a part of it is damaged")
        if len(kept) == 1:
            if name != b"IHDR":
                raise Broken("it has no header")
            width, height = struct.unpack_from(">II", body)
        if name not in _LEFT_OUT:
            kept.append(whole)
        at += len(whole)
    return Found("image/png", "png", b"".join(kept), width, height)

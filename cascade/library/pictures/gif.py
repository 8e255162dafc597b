"""GIF (87a, 89a): the size stands in its first bytes."""

import struct

from cascade.library.pictures.found import Broken, Found


def read(content: bytes) -> Found:
    """The picture as it is: the format has no place for what cameras write."""
    width, height = struct.unpack_from("<HH", content, 6)
    if not content.rstrip(b"\x00").endswith(b";"):
        raise Broken("it ends too early")
    return Found("image/gif", "gif", content, width, height)

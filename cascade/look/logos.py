"""The logo of the cell: checked by its content, drawn anew, kept by its hash."""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cascade.cleaning import one_line
from cascade.errors import BadInput, NotFound
from cascade.library.pictures import Broken, examine
from cascade.look.records import Logo

LARGEST = 200_000
"""Bytes of a file."""
LONGEST_ALT = 120
_SHOWN = (180, 48)
"""Pixels across and down that a header has for it."""


@dataclass(frozen=True, slots=True)
class GivenLogo:
    """A file that somebody chose, and what it says."""

    content: bytes
    alt: str


def add(session: Session, given: GivenLogo, *, by: str, now: datetime) -> dict[str, Any]:
    """Keep a logo and tell what the look remembers of it; raises BadInput at `logo` or `alt`."""
    alt = described(given.alt)
    kind, content = _drawn(given.content)
    width, height = _size(content)
    sha256 = hashlib.sha256(content).hexdigest()
    if session.get(Logo, sha256) is None:
        row = Logo(sha256=sha256, media_type=kind, content=content, added_at=now, added_by=by)
        row.width, row.height = width, height
        session.add(row)
        session.flush()
    return {"sha256": sha256, "alt": alt, "width": width, "height": height}


def get(session: Session, sha256: str) -> Logo:
    """The logo with these bytes; raises NotFound."""
    found = session.get(Logo, sha256)
    if found is None:
        raise NotFound("There is no such logo.")
    return found


def described(alt: str) -> str:
    """The words for who doesn't see it; raises BadInput."""
    said = one_line(alt)
    if not said:
        raise _refused("alt", "enter what the logo says, such as the name of the organisation")
    if len(said) > LONGEST_ALT:
        raise _refused("alt", f"use {LONGEST_ALT} characters at most")
    return said


def _drawn(content: bytes) -> tuple[str, bytes]:
    if len(content) > LARGEST:
        raise _refused("logo", "the file must be 200 kB or smaller")
    try:
        found = None if content.startswith(b"GIF") else examine(content)
    except Broken as error:
        raise _refused("logo", f"{error}") from None
    if found is None or found.thumbnail is None:
        raise _refused("logo", "the file must be a picture (PNG, JPEG or WebP)")
    # The small one has twice the pixels that headers show: sharp screens use them all.
    return found.media_type, found.thumbnail


def _size(content: bytes) -> tuple[int, int]:
    """How large it is shown: small enough for a header, and never larger than it is."""
    from PIL import Image

    with Image.open(io.BytesIO(content)) as opened:
        width, height = opened.size
    factor = min(1, _SHOWN[0] / width, _SHOWN[1] / height)
    return max(1, round(width * factor)), max(1, round(height * factor))


def _refused(field: str, words: str) -> BadInput:
    return BadInput(words, [f"{field}: {words}"])

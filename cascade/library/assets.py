"""Pictures and PDFs that toolkits point to: checked by their content, each kept once."""

import hashlib
import re
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer

from cascade.cleaning import cut
from cascade.errors import BadInput, NotFound
from cascade.library.pictures import Broken, Found, examine
from cascade.library.records import Asset
from cascade.paging import Page

LARGEST = 10_000_000
"""Bytes of a file."""
LONGEST_ALT = 500
_SHOWN_WIDTH = 560
"""Pixels across a message."""
_LONGEST_STEM = 80
_LONGEST_SEARCH = 100


def add(
    session: Session, content: bytes, *, name: str, alt: str, by: str, now: datetime
) -> tuple[Asset, bool]:
    """Keep a file, and whether it is new: the same bytes twice are one asset.

    Raises BadInput with problems at `file` and `alt`.
    """
    found, said = _examined(content), cut(alt, LONGEST_ALT)
    if not said and found.width:
        raise BadInput("Describe the picture.", ["alt: Enter what the picture shows"])
    sha256 = hashlib.sha256(found.content).hexdigest()
    if (known := _by_hash(session, sha256)) is not None:
        return known, False
    asset = Asset(
        sha256=sha256,
        name=f"{_stem(name)}.{found.extension}",
        media_type=found.media_type,
        content=found.content,
        width=found.width,
        height=found.height,
        thumbnail=found.thumbnail,
        alt=said,
        added_at=now,
        added_by=by,
    )
    try:
        with session.begin_nested():
            session.add(asset)
    except IntegrityError:  # somebody else added the same one at this very moment
        known = _by_hash(session, sha256)
        assert known is not None, "only the hash is unique"
        return known, False
    return asset, True


def get(session: Session, sha256: str) -> Asset:
    """The asset with these bytes; raises NotFound."""
    asset = _by_hash(session, sha256)
    if asset is None:
        raise NotFound("There is no such picture or file.")
    return asset


def listing(session: Session, *, search: str = "", page: int = 1, size: int = 24) -> Page[Asset]:
    """One page without the contents, newest first; `search`: part of the name or description."""
    matching = []
    if words := cut(search, _LONGEST_SEARCH):
        columns = (Asset.name, Asset.alt)
        matching = [or_(*(one.icontains(words, autoescape=True) for one in columns))]
    total = session.scalar(select(func.count(Asset.id)).where(*matching)) or 0
    light = select(Asset).where(*matching).options(defer(Asset.content), defer(Asset.thumbnail))
    newest = light.order_by(Asset.added_at.desc(), Asset.id.desc())
    lines = session.scalars(newest.limit(size).offset((page - 1) * size))
    return Page(tuple(lines), page, size, total)


def markdown(asset: Asset, address: str) -> str:
    """What a toolkit says to show a picture, or to lead to a PDF."""
    words = re.sub(r"[\[\]\\`<>{}]", "", asset.alt or asset.name)
    if not asset.width:
        return f"[{words} (PDF)]({address})"
    # Some mail programs show every pixel unless they are told how wide.
    wide = f"#width={_SHOWN_WIDTH}" if asset.width > _SHOWN_WIDTH else ""
    return f"![{words}]({address}{wide})"


def _by_hash(session: Session, sha256: str) -> Asset | None:
    return session.scalar(select(Asset).where(Asset.sha256 == sha256))


def _examined(content: bytes) -> Found:
    if not content:
        raise _refused("Choose a file that is not empty")
    if len(content) > LARGEST:
        raise _refused("The file must be 10 MB or smaller")
    try:
        found = examine(content)
    except Broken as error:
        raise _refused(str(error)) from None
    if found is None:
        raise _refused("The file must be a picture (PNG, JPEG, GIF or WebP) or a PDF")
    return found


def _refused(words: str) -> BadInput:
    return BadInput(words, [f"file: {words}"])


def _stem(name: str) -> str:
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    clean = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-")
    return clean[:_LONGEST_STEM].strip("-") or "file"

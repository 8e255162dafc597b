"""Drafts: begin one, find it, give it up and take it up again."""

from datetime import datetime
from importlib.resources import files

from sqlalchemy import update
from sqlalchemy.orm import Session

import toolkits
from cascade.cleaning import cut
from cascade.errors import BadInput, NotFound
from cascade.library import uses
from cascade.library.records import Draft, DraftRevision, ToolkitVersion

LONGEST = 2_000_000
"""Characters of a text; the parser of toolkits reads no more either."""
_LONGEST_TITLE = 300


def begin(
    session: Session, *, by: str, now: datetime, version_id: int | None = None, text: str = ""
) -> Draft:
    """A new draft: of a version, of a text, or of the starter that shows how it is done."""
    if version_id is not None:
        version = session.get(ToolkitVersion, version_id)
        if version is None:
            raise NotFound(f"There is no version {version_id} to begin from.")
        text = version.text
    kept = readable(text) or starter()
    draft = Draft(
        title=title(kept),
        text=kept,
        revision=1,
        based_on=version_id,
        created_at=now,
        changed_at=now,
        changed_by=by,
    )
    session.add(draft)
    session.flush()
    session.add(DraftRevision(draft_id=draft.id, revision=1, text=kept, at=now, by=by))
    session.flush()
    uses.of_draft(session, draft.id, kept)
    return draft


def get(session: Session, number: int) -> Draft:
    """A draft as it stands; raises NotFound."""
    draft = session.get(Draft, number, populate_existing=True)
    if draft is None:
        raise NotFound(f"There is no draft {number}.")
    return draft


def close(session: Session, number: int, now: datetime) -> bool:
    """Give a draft up; nothing of it is lost. False: it was given up before."""
    return _closed(session, number, before=False, at=now)


def take_up(session: Session, number: int) -> bool:
    """Take a draft up again that was given up. False: it never was."""
    return _closed(session, number, before=True, at=None)


def readable(text: str) -> str:
    """The text as it is kept: lines end in `\\n`, and every letter is one that databases take."""
    if len(text) > LONGEST * 2:
        raise _too_long()
    clean = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if len(clean) > LONGEST:
        raise _too_long()
    return clean.encode("utf-8", "replace").decode()


def title(text: str) -> str:
    """The title in the front matter, as a line for lists; empty when there is none."""
    return cut(toolkits.parse(text).meta.title, _LONGEST_TITLE)


def starter() -> str:
    """A text to begin with, that shows each part of a toolkit."""
    return files(__package__).joinpath("starter.md").read_text("utf-8")


def _closed(session: Session, number: int, *, before: bool, at: datetime | None) -> bool:
    get(session, number)
    stands = Draft.closed_at.is_not(None) if before else Draft.closed_at.is_(None)
    change = update(Draft).where(Draft.id == number, stands).values(closed_at=at)
    return bool(session.execute(change.returning(Draft.id)).first())


def _too_long() -> BadInput:
    return BadInput(
        f"The text is over {LONGEST:,} characters. Divide it into several toolkits; "
        "pictures and PDFs belong in the library of files."
    )

"""Every version of a toolkit that the library has ever shown, each at its address for good."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.errors import NotFound
from cascade.library.records import TOOLKIT, ShelfEntry, Toolkit, ToolkitVersion
from cascade.shelf.catalogue import Catalogue
from cascade.shelf.visible import Shown, is_approved, shown


@dataclass(frozen=True, slots=True)
class Edition:
    """A version as anybody may see it, and where it stands among the others."""

    shown: Shown
    newest: int
    """The number that stands in its language now."""
    languages: tuple[str, ...]
    """In which the toolkit is there, its own first."""
    before: Shown | None
    """What stood there before it."""

    @property
    def is_current(self) -> bool:
        return self.shown.number == self.newest

    def is_over(self, today: date) -> bool:
        return self.shown.is_over(today)


def edition(
    session: Session,
    of: Catalogue,
    toolkit: str,
    language: str,
    number: int | None = None,
    *,
    sign_off: bool,
) -> Edition:
    """A version in a language, the one that stands there now when none is named.

    Raises NotFound, in the same words and after the same look-ups, for what isn't there, for what
    nobody approved and for what is private; a toolkit that was taken out is gone with all of it.
    """
    found = None
    if language in of.languages.get(toolkit, ()):
        numbers = _numbers(session, toolkit, language, sign_off)
        found = next((one for one in numbers if number in (None, one)), None)
    if found is None:
        raise NotFound(f"There is nothing called “{toolkit}” in the library.")
    newest = numbers[0]
    earlier = next((one for one in numbers if one < found), None)
    return Edition(
        shown=_shown(session, of, toolkit, language, found),
        newest=newest,
        languages=of.languages[toolkit],
        before=_shown(session, of, toolkit, language, earlier) if earlier else None,
    )


def _numbers(session: Session, toolkit: str, language: str, sign_off: bool) -> list[int]:
    """Of the versions that are or were shown, newest first."""
    return list(
        session.scalars(
            select(ShelfEntry.number)
            .join(Toolkit, Toolkit.id == ShelfEntry.toolkit_id)
            .where(Toolkit.name == toolkit, Toolkit.kind == TOOLKIT)
            .where(ShelfEntry.language == language, ShelfEntry.public)
            .where(is_approved(sign_off, ShelfEntry.version_id))
            .order_by(ShelfEntry.number.desc())
        )
    )


def _shown(session: Session, of: Catalogue, toolkit: str, language: str, number: int) -> Shown:
    version = session.scalars(
        select(ToolkitVersion)
        .join(Toolkit, Toolkit.id == ToolkitVersion.toolkit_id)
        .where(
            Toolkit.name == toolkit,
            Toolkit.kind == TOOLKIT,
            ToolkitVersion.language == language,
            ToolkitVersion.number == number,
        )
    ).one()
    return shown(session, version, toolkit, of.audiences)

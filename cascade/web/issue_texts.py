"""The text of an issue for looks at what each segment gets."""

from collections.abc import Mapping, Sequence
from functools import cache

from flask import url_for
from sqlalchemy.orm import Session

from cascade.bulletins import issues
from cascade.bulletins.assembling import text_of
from cascade.bulletins.records import Bulletin, Issue, IssueEntry
from cascade.bulletins.submitting import House
from cascade.library.records import Toolkit
from cascade.sending.states import Tier
from cascade.web.previews import Source
from cascade.web.site import site


def languages(
    bulletin: Bulletin, issue: Issue, entries: Sequence[tuple[IssueEntry, Toolkit]]
) -> tuple[str, ...]:
    """Those of its text; none where nothing is in it."""
    if issue.state not in issues.EDITED:
        return tuple(issue.versions)
    return tuple(bulletin.languages) if any(not entry.held for entry, _ in entries) else ()


def texts(session: Session, bulletin: Bulletin, issue: Issue, house: House) -> Mapping[str, str]:
    """Its text in each language; none where nothing is in it."""
    made = text_of(session, bulletin, issue, sign_off=house.sign_off, home=house.home)
    return {one.language: one.text for one in made}


def sources(
    bulletin: Bulletin, issue: Issue, spoken: Sequence[str], house: House
) -> tuple[Source, ...]:
    """It in each language; to put it together takes a while, and frames do it themselves."""

    @cache
    def found() -> Mapping[str, str]:
        with site().database.reading() as session:
            return texts(session, bulletin, issue, house)

    def source(language: str) -> Source:
        def address(names: str) -> str:
            return url_for(
                "issues.email",
                bulletin=bulletin.name,
                number=issue.number,
                language=language,
                segments=names or None,
            )

        # Tables of items are in the text already. An issue has few items, so it is never too long.
        return Source(language, lambda: found().get(language, ""), 0, address, (), Tier.ROUTINE)

    return tuple(map(source, spoken))

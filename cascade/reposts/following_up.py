"""Ask takers once, politely, how it went, when they have told us nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cascade.audience import suppression
from cascade.identity import Identity
from cascade.letters.writing import write
from cascade.library.records import Toolkit
from cascade.links import Links
from cascade.look.wearing import kept, worn
from cascade.reposts import groups
from cascade.reposts.records import Repost, Taker, TakerVisit

AT_ONCE = 50
"""Letters that are written in one transaction."""

_LETTER = """Hello{name},

Some time ago you took “{title}” from our library. Have you used it? Tell us where, and to about how many people: it takes a minute, and it is how we know which messages help.

{used}

If you have not used it, you need not do anything: we ask only once. To get no such letters:

{stop}

{cell}"""  # noqa: E501


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Asks those whose time has come."""

    links: Links
    default: Identity
    """As the settings of the installation have it."""

    def __call__(self, session: Session, now: datetime) -> int:
        """Write to the next of them; gives how many were looked at, AT_ONCE at most."""
        due = self._due(session, now)
        emails = [one.email for one, _ in due]
        unwanted = suppression.reasons(session, emails) if emails else {}
        silent = _silent(session, [one.id for one, _ in due])
        cell = worn(self.default, kept(session), self.links.base_url).cell if due else ""
        for taker, title in due:
            taker.follow_up_at = None
            if taker.id in silent and taker.email not in unwanted:
                self._write(session, taker, title, cell, now)
        return len(due)

    def _due(self, session: Session, now: datetime) -> list[tuple[Taker, str]]:
        query = (
            select(Taker, Toolkit.title)
            .join(Toolkit, Toolkit.id == Taker.toolkit_id)
            .where(Taker.follow_up_at.is_not(None), Taker.follow_up_at <= now)
            .order_by(Taker.follow_up_at)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True, of=Taker)
        )
        return [(taker, title) for taker, title in session.execute(query)]

    def _write(self, session: Session, taker: Taker, title: str, cell: str, now: datetime) -> None:
        # Who typed the name may not be who reads the letter: only a name of ours is in it.
        known = groups.organisation(session, taker.name, taker.email)
        name = known.name if known else ""
        text = _LETTER.format(
            name=f" {name}" if name else "",
            title=title,
            used=self.links.used(taker.id),
            stop=self.links.stop(taker.id),
            cell=cell,
        )
        subject = f"Did you use {title}?"
        write(session, to=taker.email, name=name, subject=subject, text=text, now=now)


def _silent(session: Session, numbers: Sequence[int]) -> set[int]:
    """Those whose link was followed, which a stranger's address never is, and who said nothing."""
    query = select(Taker.id).where(
        Taker.id.in_(numbers),
        exists().where(TakerVisit.taker_id == Taker.id),
        ~exists().where(Repost.taker_id == Taker.id),
    )
    return set(session.scalars(query)) if numbers else set()

"""Which group somebody means, and whether it surely is an organisation that we know."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cascade.audience.finding import found_organisations
from cascade.audience.records import Contact, Organisation
from cascade.audience.search_words import plain_words

_MOST_ALIKE = 200
_KEY = 200
_BLANK = "\u115f\u1160"
"""Letters of Hangul that nothing is drawn for, as they are when folded."""


def organisation(session: Session, name: str, email: str = "") -> Organisation | None:
    """The one open organisation with this address among its contacts, else with this very name.

    None where there is none, or more than one: nothing is guessed.
    """
    return _by_email(session, email) or _by_name(session, name)


def key_of(name: str, known: Organisation | None) -> str:
    """What makes two reports be of one group; empty where nobody is named."""
    if known is not None:
        return f"o:{known.id}"
    return f"n:{folded(name)}"[:_KEY] if is_name(name) else ""


def is_name(text: str) -> bool:
    """Whether it can name a group: with at least one letter that can be seen."""
    return any(one.isalpha() and one not in _BLANK for one in folded(text))


def folded(name: str) -> str:
    """A name without case, accents, punctuation and a leading “the”."""
    return " ".join(plain_words(name)).removeprefix("the ")


def address_for(session: Session, known: Organisation) -> str:
    """The first address of who is written to there; empty where there is none."""
    found = session.scalar(
        select(Contact.email)
        .where(
            Contact.organisation_id == known.id,
            Contact.email.is_not(None),
            Contact.closed_at.is_(None),
        )
        .order_by(Contact.deputy, Contact.id)
        .limit(1)
    )
    return found or ""


def _by_email(session: Session, email: str) -> Organisation | None:
    if not email:
        return None
    there = exists().where(
        Contact.organisation_id == Organisation.id,
        Contact.email == email,
        Contact.closed_at.is_(None),
    )
    query = select(Organisation).where(there, Organisation.closed_at.is_(None)).limit(2)
    return _only(session.scalars(query).all())


def _by_name(session: Session, name: str) -> Organisation | None:
    wanted = folded(name)
    if not wanted:
        return None
    numbers = found_organisations(session, wanted, [Organisation.closed_at.is_(None)])
    if len(numbers) > _MOST_ALIKE:
        return None
    found = session.scalars(select(Organisation).where(Organisation.id.in_(numbers)))
    return _only([one for one in found if folded(one.name) == wanted])


def _only(found: Sequence[Organisation]) -> Organisation | None:
    return found[0] if len(found) == 1 else None

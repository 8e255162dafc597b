"""Find organisations and contacts by the beginnings of their words; bounded, however many match."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from cascade.audience.records import Contact, Organisation, SearchWord
from cascade.audience.search_words import CONTACT, LONGEST, ORGANISATION, plain_words

MOST = 1_000
"""So many are found at most; beyond it somebody has to type more."""

LOOKED_AT = 20_000
"""Entries of the rarest word that are looked at."""

_COMPARED = 6_000
_WORDS = 8
_LAST_LETTER = "\U0010ffff"

Condition = ColumnElement[bool]


def found_organisations(
    session: Session, search: str, conditions: Sequence[Condition]
) -> tuple[int, ...]:
    """Numbers of organisations by their own words or by one of their contacts, MOST + 1 at most."""
    own = _numbers(session, _of_organisations(session, search, conditions))
    theirs = _numbers(session, _of_contacts(session, search, Contact.organisation_id, conditions))
    return tuple(dict.fromkeys((*own, *theirs)))[: MOST + 1]


def named_organisations(session: Session, search: str, most: int) -> tuple[int, ...]:
    """Numbers of organisations by their own words alone, `most` + 1 at most."""
    query = _of_organisations(session, search, ())
    return _numbers(session, None if query is None else query.limit(most + 1))


def found_contacts(
    session: Session, search: str, conditions: Sequence[Condition]
) -> tuple[int, ...]:
    """Numbers of contacts, MOST + 1 at most."""
    return _numbers(session, _of_contacts(session, search, Contact.id, conditions))


def contact_words(search: str) -> tuple[str, ...]:
    """What contacts are looked for by: an address, or its domain, is one word."""
    words: list[str] = []
    for part in search.split():
        bare = part.strip(".,;:<>()").lower()
        is_address = "@" in bare or ("." in bare and bare.isascii())
        # `@oak.example.org` asks for everybody there.
        words += [bare.removeprefix("@")[:LONGEST]] if is_address else plain_words(part)
    return tuple(dict.fromkeys(word for word in words if word))[:_WORDS]


def _own_words(search: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain_words(search)))[:_WORDS]


def _of_organisations(
    session: Session, search: str, conditions: Sequence[Condition]
) -> Select[Any] | None:
    words = _own_words(search)
    if not words or "@" in search:
        return None
    rows = _rows(session, ORGANISATION, words)
    query = select(Organisation.id).join(rows, rows.c.row_id == Organisation.id)
    return query.where(*conditions).limit(MOST + 1)


def _of_contacts(
    session: Session, search: str, column: Any, conditions: Sequence[Condition]
) -> Select[Any] | None:
    words = contact_words(search)
    if not words:
        return None
    rows = _rows(session, CONTACT, words)
    query = (
        select(column)
        .select_from(Contact)
        .join(rows, rows.c.row_id == Contact.id)
        .join(Organisation, Organisation.id == Contact.organisation_id)
    )
    return query.where(*conditions).limit(MOST + 1)


def _numbers(session: Session, query: Select[Any] | None) -> tuple[int, ...]:
    return () if query is None else tuple(dict.fromkeys(session.scalars(query)))


def _rows(session: Session, about: str, words: Sequence[str]) -> Any:
    """Rows with a word that begins with each of these, found by the rarest of them."""
    rarest = min(words, key=lambda word: _compared(session, about, word)) if words[1:] else words[0]
    one = aliased(SearchWord)
    query = select(one.row_id).where(*_begins(one, about, rarest)).limit(LOOKED_AT).subquery()
    found = select(query.c.row_id).distinct()
    for word in words:
        if word != rarest:
            other = aliased(SearchWord)
            here = exists().where(other.row_id == query.c.row_id, *_begins(other, about, word))
            found = found.where(here)
    return found.subquery()


def _compared(session: Session, about: str, word: str) -> int:
    some = select(SearchWord.row_id).where(*_begins(SearchWord, about, word)).limit(_COMPARED)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _begins(of: Any, about: str, word: str) -> tuple[Condition, ...]:
    return (of.about == about, of.word >= word, of.word < word + _LAST_LETTER)

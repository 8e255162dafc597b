"""The words by which organisations and contacts are found, kept in step with their rows."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from cascade.audience.records import Contact, Organisation, SearchWord

ORGANISATION, CONTACT = "o", "c"
LONGEST = 60
"""Letters of a word that are kept; what is searched for is cut in the same place."""

_AT_ONCE = 1_000
_APOSTROPHES = str.maketrans("", "", "'’`")
_WORD = re.compile(r"[^\W_]+")
_SQLITE = """
INSERT INTO search_words (about, row_id, word)
SELECT :about, value ->> 0, value ->> 1 FROM json_each(:rows)
"""
_POSTGRESQL = """
INSERT INTO search_words (about, row_id, word)
SELECT :about, (value ->> 0)::bigint, value ->> 1 FROM json_array_elements(:rows) AS value
"""

_OF_ORGANISATION = (
    *(Organisation.id, Organisation.name, Organisation.code),
    *(Organisation.place, Organisation.postcode),
)
_OF_CONTACT = (Contact.id, Contact.name, Contact.email)

Words = Iterable[tuple[int, frozenset[str]]]


def plain_words(written: str) -> tuple[str, ...]:
    """The words of a text as they are compared: `St Mary’s Café` is `st`, `marys`, `cafe`."""
    bare = written.translate(_APOSTROPHES).casefold()
    if not bare.isascii():
        folded = unicodedata.normalize("NFKD", bare)
        bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return tuple(word[:LONGEST] for word in _WORD.findall(bare))


def of_organisation(name: str, code: str | None, place: str, postcode: str) -> frozenset[str]:
    """Of its name, code, place and postcode; the postcode also without its space."""
    joined = postcode.replace(" ", "").casefold()
    words = plain_words(f"{name} {code or ''} {place} {postcode}")
    return frozenset((*words, joined[:LONGEST])) - {""}


def of_contact(name: str, email: str | None) -> frozenset[str]:
    """Of the name, the whole address, and its domain."""
    address = (email or "").lower()
    whole = (address[:LONGEST], address.rpartition("@")[2][:LONGEST])
    return frozenset((*plain_words(name), *whole)) - {""}


def learn_organisations(session: Session, rows: Iterable[Organisation]) -> None:
    """Words of rows that are new or have changed."""
    words = [(one.id, of_organisation(one.name, one.code, one.place, one.postcode)) for one in rows]
    learn_anew(session, ORGANISATION, words)


def learn_contacts(session: Session, rows: Iterable[Contact]) -> None:
    """Words of rows that are new or have changed."""
    learn_anew(session, CONTACT, [(one.id, of_contact(one.name, one.email)) for one in rows])


def learn_everything(session: Session) -> None:
    """Words of every row there is, in place of those that are kept."""
    session.execute(delete(SearchWord))
    learn_first(session, ORGANISATION, _every_organisation(session))
    learn_first(session, CONTACT, _every_contact(session))


def _every_organisation(session: Session) -> Iterator[tuple[int, frozenset[str]]]:
    query = select(*_OF_ORGANISATION).order_by(Organisation.id)
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield row.id, of_organisation(row.name, row.code, row.place, row.postcode)


def _every_contact(session: Session) -> Iterator[tuple[int, frozenset[str]]]:
    query = select(*_OF_CONTACT).order_by(Contact.id)
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield row.id, of_contact(row.name, row.email)


def learn_anew(session: Session, about: str, words: Sequence[tuple[int, frozenset[str]]]) -> None:
    """Words of rows that may have others already."""
    numbers = [number for number, _ in words]
    for start in range(0, len(numbers), _AT_ONCE):
        session.execute(
            delete(SearchWord)
            .where(SearchWord.about == about)
            .where(SearchWord.row_id.in_(numbers[start : start + _AT_ONCE]))
        )
    learn_first(session, about, words)


def learn_first(session: Session, about: str, words: Words) -> None:
    """Words of rows that have none yet."""
    # One statement for many rows, as JSON: row by row it takes longer than the import itself.
    statement = text(_SQLITE if session.get_bind().dialect.name == "sqlite" else _POSTGRESQL)
    rows: list[tuple[int, str]] = []
    for number, several in words:
        rows += ((number, word) for word in sorted(several))
        if len(rows) >= 5 * _AT_ONCE:
            session.execute(statement, {"about": about, "rows": json.dumps(rows)})
            rows = []
    if rows:
        session.execute(statement, {"about": about, "rows": json.dumps(rows)})

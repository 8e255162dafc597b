"""The audit trail: kept whole, found by who and by any words, newest first."""

from datetime import datetime

import pytest

from cascade.accounts import audit
from cascade.database import Database


@pytest.fixture
def trail(database: Database, now: datetime) -> Database:
    with database.writing() as session:
        for number in range(7):
            audit.note(
                session,
                by="ann@example.org" if number % 2 else "terminal: Ann",
                act="roles-changed",
                subject=f"user p{number}@example.org",
                now=now,
                before={"roles": ["viewer"]},
                after={"roles": ["author", "viewer"], "name": "Zoë"},
                address="192.0.2.7",
                detail="100% agreed" if number == 3 else "",
            )
    return database


def test_an_entry_is_kept_whole(trail: Database, now: datetime) -> None:
    with trail.reading() as session:
        (entry,) = audit.listing(session, search="P3@").lines
    assert (entry.at, entry.by, entry.act) == (now, "ann@example.org", "roles-changed")
    assert entry.before == {"roles": ["viewer"]}
    assert entry.after == {"roles": ["author", "viewer"], "name": "Zoë"}
    assert (entry.address, entry.detail) == ("192.0.2.7", "100% agreed")


FOUND = (
    ("", "", 7),
    ("", "ann@example.org", 3),
    ("", "ann", 0),
    ("TERMINAL", "", 4),
    ("roles-", "terminal: Ann", 4),
    ("p3@", "terminal: Ann", 0),
    ("192.0.2.7", "", 7),
    ("0% a", "", 1),
    ("_", "", 0),
    ("\x00", "", 7),
)


def test_entries_are_found_by_any_words_and_by_who(trail: Database) -> None:
    with trail.reading() as session:
        for search, by, total in FOUND:
            assert audit.listing(session, search=search, by=by).total == total, search
            assert len(list(audit.every(session, search, by))) == total, search


def test_pages_go_from_the_newest_to_the_oldest(trail: Database) -> None:
    with trail.reading() as session:
        pages = [audit.listing(session, page=page, size=3) for page in (1, 2, 3, 4)]
        everything = [one.id for one in audit.every(session)]
    assert {one.total for one in pages} == {7}
    assert [[entry.id for entry in one.lines] for one in pages] == [
        everything[0:3],
        everything[3:6],
        everything[6:],
        [],
    ]
    assert everything == sorted(everything, reverse=True)


def test_words_too_long_for_their_columns_are_cut(sqlite_database: Database, now: datetime) -> None:
    with sqlite_database.writing() as session:
        audit.note(
            session,
            by="b" * 1_000,
            act="x",
            subject="s\x00" * 1_000,
            now=now,
            address="a" * 99,
            detail="d" * 9_000,
        )
        (entry,) = audit.listing(session).lines
    assert (len(entry.by), len(entry.subject), len(entry.detail)) == (320, 400, 2_000)

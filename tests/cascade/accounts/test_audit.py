"""The audit trail: kept whole, found by who and by any words, newest first."""

from datetime import datetime

import pytest

from cascade.accounts import audit
from cascade.accounts.acts import Act
from cascade.database import Database


@pytest.fixture
def trail(database: Database, now: datetime) -> Database:
    with database.writing() as session:
        for number in range(7):
            audit.note(
                session,
                by="ann@example.org" if number % 2 else "terminal: Ann",
                act=Act.USER_CHANGED,
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
        (entry,) = audit.listing(session, search="P3@").page.lines
    assert (entry.at, entry.by, entry.act) == (now, "ann@example.org", "user-changed")
    assert entry.before == {"roles": ["viewer"]}
    assert entry.after == {"roles": ["author", "viewer"], "name": "Zoë"}
    assert (entry.address, entry.detail) == ("192.0.2.7", "100% agreed")


FOUND = (
    ("", "", 7),
    ("", "ann@example.org", 3),
    ("", "ann", 0),
    ("TERMINAL", "", 4),
    ("user-ch", "terminal: Ann", 4),
    ("USER Changed", "ann@example.org", 3),
    ("p3@", "terminal: Ann", 0),
    ("192.0.2.7", "", 7),
    ("0% a", "", 1),
    ("_", "", 0),
    ("\x00", "", 7),
)


def test_entries_are_found_by_any_words_and_by_who(trail: Database) -> None:
    with trail.reading() as session:
        for search, by, total in FOUND:
            assert audit.listing(session, search=search, by=by).page.total == total, search
            assert len(list(audit.every(session, search, by))) == total, search


def test_entries_of_one_act_are_found(trail: Database, now: datetime) -> None:
    with trail.writing() as session:
        audit.note(session, by="ann@example.org", act=Act.SIGNED_OUT, subject="user a", now=now)
    with trail.reading() as session:
        found = audit.listing(session, act="signed-out", by="ann@example.org").page
        (streamed,) = audit.every(session, act="signed-out")

    assert [one.subject for one in found.lines] == ["user a"]
    assert streamed.id == found.lines[0].id


def test_pages_go_from_the_newest_to_the_oldest(trail: Database) -> None:
    with trail.reading() as session:
        pages = [audit.listing(session, page=page, size=3).page for page in (1, 2, 3, 4)]
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
        (entry,) = audit.listing(session).page.lines
    assert (len(entry.by), len(entry.subject), len(entry.detail)) == (320, 400, 2_000)


def test_a_search_looks_at_a_stretch_of_entries_and_says_where_to_look_on(
    trail: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "LOOKED_AT", 3)
    with trail.reading() as session:
        newest = audit.listing(session, search="user p")
        older = audit.listing(session, search="user p", before=newest.further or 0)
        oldest = audit.listing(session, search="user p", before=older.further or 0)
        whole = audit.listing(session)
    found = [[entry.subject[6] for entry in one.page.lines] for one in (newest, older, oldest)]
    assert found == [["6", "5", "4"], ["3", "2", "1"], ["0"]]
    assert (newest.page.total, oldest.page.total, oldest.further) == (3, 1, None)
    assert (whole.page.total, whole.further) == (7, None)


def test_what_somebody_did_is_searched_among_their_own_entries(
    trail: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "LOOKED_AT", 3)
    with trail.reading() as session:
        found = audit.listing(session, search="p1@", by="ann@example.org")
    assert [entry.subject for entry in found.page.lines] == ["user p1@example.org"]
    assert found.further == found.page.lines[0].id

"""A file is imported in two steps, and the second does what the first has shown."""

from datetime import timedelta

import pytest

from cascade.audience import editing, uploads
from cascade.audience.records import Contact, Organisation, Upload
from cascade.audience.uploads import Differs
from cascade.database import Database
from cascade.errors import BadInput, NotFound, Refused
from tests.cascade.audience.people import LATER, NOW
from tests.cascade.audience.tables import HEADER, ROWS, load, stored, text

JO = "jo@example.org"


def kept(database: Database, source: str, *, complete: bool = False, by: str = JO) -> Upload:
    with database.reading() as session:
        file = uploads.read(session, "a.csv", source.encode(), kind="", complete=complete)
    with database.writing() as session:
        return uploads.keep(session, file, by=by, now=NOW)


def done(database: Database, number: int, shown: str) -> None:
    with database.reading() as session:
        waiting = uploads.get(session, number, by=JO, now=LATER, content=True)
        file = uploads.read_again(session, waiting)
    with database.writing() as session:
        uploads.do(session, uploads.locked(session, number), file, shown, LATER)


def test_showing_changes_nobody_and_doing_does_what_was_shown(database: Database) -> None:
    shown = kept(database, text())
    assert stored(database, Organisation) == []
    assert (shown.shown["added"], shown.shown["organisations"]["added"]) == (3, 2)

    done(database, shown.id, shown.fingerprint)

    assert len(stored(database, Organisation)) == 2
    assert len(stored(database, Contact)) == 3
    with database.reading() as session:
        assert uploads.get(session, shown.id, by=JO, now=LATER).done_at == LATER


def test_every_sort_of_change_is_shown(database: Database) -> None:
    load(database, text())
    rows = (
        ("Oak Lodge", *ROWS[0][1:]),
        ("New House", "care home", "H9", "LE9 9AA", "Di", "", "di@new.example.org", "", ""),
        ("Bad House", "vet", *ROWS[0][2:]),
    )
    shown = kept(database, text(HEADER, rows), complete=True).shown

    examples = [(one["what"], one["before"], one["after"]) for one in shown["examples"]]
    assert ("name", "Oak House", "Oak Lodge") in examples
    assert ("added", "", "") in examples
    assert [one["line"] for one in shown["rejected"]] == [4]
    assert shown["refused"] == 1


def test_a_change_in_between_is_shown_anew_and_nothing_is_done(database: Database) -> None:
    shown = kept(database, text())
    load(database, text(HEADER, ROWS[:1]))

    with pytest.raises(Differs):
        done(database, shown.id, shown.fingerprint)

    assert len(stored(database, Organisation)) == 1
    with database.reading() as session:
        waiting = uploads.get(session, shown.id, by=JO, now=NOW, content=True)
        file = uploads.read_again(session, waiting)
    with database.writing() as session:
        row = uploads.locked(session, shown.id)
        uploads.show_anew(session, row, file, LATER)
        anew = row.fingerprint
    assert anew != shown.fingerprint
    done(database, shown.id, anew)
    assert len(stored(database, Organisation)) == 2


def test_a_change_of_somebody_the_file_does_not_touch_is_no_difference(
    database: Database,
) -> None:
    load(database, text(HEADER, [ROWS[2]]))
    shown = kept(database, text(HEADER, ROWS[:2]))
    with database.writing() as session:
        editing.set_closed(session, 1, closed=True, now=LATER)

    done(database, shown.id, shown.fingerprint)

    assert len(stored(database, Organisation)) == 2


def test_a_closure_that_was_not_shown_is_not_done(database: Database) -> None:
    load(database, text(HEADER, ROWS[:2]))
    shown = kept(database, text(HEADER, ROWS[:2]), complete=True)
    load(database, "organisation,kind,code\nElm,care home,H2\n")

    with pytest.raises(Differs):
        done(database, shown.id, shown.fingerprint)

    assert [row["closed_at"] for row in stored(database, Organisation)] == [None, None]


def test_closures_that_are_shown_are_done_however_many(database: Database) -> None:
    load(database, text(HEADER, ROWS[:2]) + "Elm,care home,H2,,,,,,\n")
    shown = kept(database, text(HEADER, ROWS[:2]), complete=True)
    assert shown.shown["closed"] == 1

    done(database, shown.id, shown.fingerprint)

    assert [bool(row["closed_at"]) for row in stored(database, Organisation)] == [False, True]


def test_a_line_that_may_be_about_anybody_closes_nobody(database: Database) -> None:
    load(database, text())
    shown = kept(database, "organisation,kind,code\n,care home,\nOak,care home,H7\n", complete=True)
    assert shown.shown["closed"] == 0
    assert "Nobody is closed" in " ".join(shown.shown["notes"])


def test_a_file_is_imported_once(database: Database) -> None:
    shown = kept(database, text())
    done(database, shown.id, shown.fingerprint)
    with pytest.raises(Refused, match="already"):
        done(database, shown.id, shown.fingerprint)


def test_a_file_is_its_owner_s_alone_and_not_for_ever(database: Database) -> None:
    shown = kept(database, text())
    with database.reading() as session:
        for by, now in (("ann@example.org", NOW), (JO, NOW + timedelta(days=2))):
            with pytest.raises(NotFound):
                uploads.get(session, shown.id, by=by, now=now)
    another = kept(database, text(), by="ann@example.org")
    again = kept(database, text())
    assert {one.id for one in (another, again)} == set(_numbers(database))


def _numbers(database: Database) -> list[int]:
    with database.reading() as session:
        return [one.id for one in session.query(Upload)]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"\x89PNG", b"a,b\n1,2\n", b"\0\0\0"])
def test_what_is_no_table_is_refused(database: Database, content: bytes) -> None:
    with database.reading() as session, pytest.raises(BadInput):
        uploads.read(session, "a.csv", content, kind="", complete=False)


def test_rejects_are_a_file_that_can_be_mended_and_imported(database: Database) -> None:
    bad = ("=Ash House", "vet", *ROWS[0][2:])
    shown = kept(database, text(HEADER, (*ROWS, bad)))
    with database.reading() as session:
        waiting = uploads.get(session, shown.id, by=JO, now=NOW, content=True)
        content = uploads.rejects(session, uploads.read_again(session, waiting), NOW)

    said = content.decode("utf-8-sig")
    assert said.count("\n") == 2
    assert "'=Ash House" in said
    assert "problem" in said.splitlines()[0]
    mended = said.replace("vet", "care home").replace("H1", "H8")
    assert load(database, mended).added == 1

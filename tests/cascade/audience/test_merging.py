"""Organisations that are there twice are found, and one is made of two."""

import pytest

from cascade.audience import contact_editing, duplicates, editing
from cascade.audience.duplicates import Found, are_alike
from cascade.audience.merging import Merged, merge
from cascade.audience.records import Contact, Organisation
from cascade.database import Database
from cascade.errors import NotFound, Overtaken, Refused
from tests.cascade.audience.people import LATER, NOW, home, person
from tests.cascade.audience.tables import load, stored


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Oak House", "The Oak House", True),
        ("Oak House", "Oak Hse", True),
        ("Oak House", "Oak House Care Home", True),
        ("Oak House", "Elm Surgery", False),
        ("Oak", "Oakwood Lodge Nursing Home", False),
    ],
)
def test_names_are_alike_or_not(one: str, other: str, alike: bool) -> None:
    assert are_alike(one, other) is alike


def groups(found: Found) -> list[tuple[str, list[str]]]:
    return [(one.value, [each.name for each in one.organisations]) for one in found.groups]


def test_likely_duplicates_are_found_by_what_they_share(database: Database) -> None:
    with database.writing() as session:
        oak = home(session, code="H1", postcode="LE1 1AA")
        twin = home(session, "Oak Hse", code="H2", postcode="LE1 1AA")
        home(session, "Elm Lodge", code="H3", postcode="LE1 1AA")
        home(session, "Oak House", code="P1", kind="pharmacies", postcode="LE1 1AA")
        gone = home(session, "Oak House", code="H4", postcode="LE1 1AA")
        editing.set_closed(session, gone.id, closed=True, now=NOW)
        person(session, oak, email="info@oak.example.org", phone="01632 960101")
        person(session, twin, email="info@oak.example.org", phone="01632 960101")
        person(session, gone, email="info@oak.example.org")
    with database.reading() as session:
        same = ["Oak House", "Oak Hse"]
        assert groups(duplicates.by_postcode(session)) == [("LE1 1AA", same)]
        assert groups(duplicates.by_email(session)) == [("info@oak.example.org", same)]
        assert groups(duplicates.by_phone(session)) == [("+441632960101", same)]
        assert groups(duplicates.by_email(session, "info@oak.example.org")) == []


def test_looking_further_goes_on_where_it_ended(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "LOOKED_AT", 2)
    with database.writing() as session:
        for number in range(1, 6):
            for code in "AB":
                home(session, code=f"{code}{number}", postcode=f"LE{number} 1AA")
    seen: list[str] = []
    after = ""
    with database.reading() as session:
        while True:
            found = duplicates.by_postcode(session, after)
            seen += [one.value for one in found.groups]
            after = found.after
            if not after:
                break
    assert seen == [f"LE{number} 1AA" for number in range(1, 6)]


def merged(database: Database, keep: int, other: int) -> Merged:
    with database.writing() as session:
        moments = tuple(editing.get(session, one).updated_at for one in (keep, other))
        return merge(session, keep, other, seen=(moments[0], moments[1]), now=LATER)


def test_merging_moves_contacts_and_closes_the_other(database: Database) -> None:
    with database.writing() as session:
        oak = home(session, code="H1", attributes="beds: 40")
        twin = home(
            session, "Oak Hse", code="H2", postcode="LE1 1AA", attributes="beds: 9\nwing: a"
        )
        ann = person(session, oak, email="ann@oak.example.org")
        again = person(session, twin, email="ann@oak.example.org")
        bob = person(session, twin, "Bob", email="bob@oak.example.org")

    done = merged(database, oak.id, twin.id)

    assert (done.moved, done.left) == (("bob@oak.example.org",), ("ann@oak.example.org",))
    with database.reading() as session:
        kept, closed = editing.get(session, oak.id), editing.get(session, twin.id)
        assert (kept.key, kept.postcode, kept.closed_at) == ("H1", "LE1 1AA", None)
        assert kept.attributes == {"beds": 40, "wing": "a"}
        assert (closed.key, closed.closed_at) == ("H2", LATER)
        there = {one.id for one in contact_editing.contacts(session, oak.id)}
        assert there == {ann.id, bob.id}
        assert contact_editing.get(session, again.id).closed_at == LATER
    assert len(stored(database, Organisation)) == 2
    assert len(stored(database, Contact)) == 3


@pytest.mark.parametrize("code", ["H2", ""])
def test_the_next_file_finds_the_one_that_stayed(database: Database, code: str) -> None:
    with database.writing() as session:
        oak = home(session, place="Oadby")
        twin = home(session, code=code, place="Ambleby", postcode="LE1 1AA")

    merged(database, oak.id, twin.id)
    load(database, f"organisation,kind,code,postcode\nOak House,care home,{code},LE1 1AA\n")

    rows = stored(database, Organisation)
    assert [row["id"] for row in rows if row["closed_at"] is None] == [oak.id]
    assert len(rows) == 2


def test_a_key_that_a_third_one_has_stays_with_it(database: Database) -> None:
    with database.writing() as session:
        oak = home(session, place="Oadby")
        twin = home(session, "Oak Hse", postcode="LE1 1AA")
        third = home(session, postcode="LE1 1AA")

    merged(database, oak.id, twin.id)

    with database.reading() as session:
        assert editing.get(session, third.id).key == "oakhouse|le11aa|care-homes"
        assert editing.get(session, oak.id).key == "oakhouse|oadby|care-homes"


def test_what_can_not_be_merged_is_refused(database: Database) -> None:
    with database.writing() as session:
        oak, twin = home(session, code="H1"), home(session, code="H2")
        moments = (oak.updated_at, twin.updated_at)
        with pytest.raises(Refused):
            merge(session, oak.id, oak.id, seen=moments, now=LATER)
        with pytest.raises(NotFound):
            merge(session, oak.id, 99, seen=moments, now=LATER)
        with pytest.raises(Overtaken):
            merge(session, oak.id, twin.id, seen=(NOW, LATER), now=LATER)
        editing.set_closed(session, twin.id, closed=True, now=LATER)
        with pytest.raises(Refused, match="closed"):
            merge(session, oak.id, twin.id, seen=(oak.updated_at, twin.updated_at), now=LATER)

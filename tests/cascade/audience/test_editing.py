"""Organisations and contacts are changed by hand as an import would have written them."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.audience import contact_editing, editing
from cascade.audience.checking import (
    GivenContact,
    GivenOrganisation,
    attribute_lines,
    contact_values,
    organisation_values,
)
from cascade.audience.editing import There
from cascade.audience.kinds import FIRST_KINDS
from cascade.audience.records import Contact, Organisation
from cascade.database import Database
from cascade.errors import BadInput, NotFound, Overtaken
from tests.cascade.audience.people import LATER, NOW, home, person
from tests.cascade.audience.tables import load, stored, text

KINDS = tuple(FIRST_KINDS)
OAK = GivenOrganisation("  Oak   House ", "care home", "h1", "Ambleby", "le11aa", "Beds: 40\n")


def test_what_is_typed_is_made_normal() -> None:
    assert organisation_values(OAK, KINDS) == {
        "key": "H1",
        "name": "Oak House",
        "kind": "care-homes",
        "code": "H1",
        "place": "Ambleby",
        "postcode": "LE1 1AA",
        "attributes": {"beds": 40},
    }
    assert contact_values(GivenContact("Ann", "", "Ann@OAK.example.org", "01632 960101")) == {
        "key": "ann@oak.example.org",
        "name": "Ann",
        "role": "",
        "email": "ann@oak.example.org",
        "phone": "+441632960101",
        "language": "",
        "deputy": 0,
    }


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " - "}, "name"),
        ({"name": "!!"}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"kind": ""}, "kind"),
        ({"kind": "vets"}, "kind"),
        ({"code": "x" * 41}, "code"),
        ({"postcode": "LE"}, "postcode"),
        ({"place": "x" * 121}, "place"),
        ({"attributes": "beds"}, "attributes"),
        ({"attributes": "!: 4"}, "attributes"),
        ({"attributes": "beds: " + "x" * 501}, "attributes"),
    ],
)
def test_a_flaw_of_an_organisation_is_said_at_its_field(
    changed: dict[str, str], field: str
) -> None:
    values = {"name": "Oak", "kind": "care-homes"} | changed
    with pytest.raises(BadInput) as refused:
        organisation_values(GivenOrganisation(**values), KINDS)
    assert [problem.partition(": ")[0] for problem in refused.value.problems] == [field]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, "email"),
        ({"email": "ann"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Ann", "role": "x" * 121}, "role"),
        ({"name": "Ann", "language": "klingonese"}, "language"),
        ({"name": "Ann", "deputy": "11"}, "deputy"),
    ],
)
def test_a_flaw_of_a_contact_is_said_at_its_field(changed: dict[str, str], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        contact_values(GivenContact(**changed))
    assert [problem.partition(": ")[0] for problem in refused.value.problems] == [field]


def key_or_problems(make: Callable[[], dict[str, Any]]) -> object:
    """The key of what was made, or what is wrong with it."""
    try:
        return make()["key"]
    except BadInput as refused:
        return refused.problems


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_text_ends_in_anything_but_values_or_a_list_of_flaws(one: str, other: str) -> None:
    first = GivenOrganisation(one, "care-homes", other, one, other, f"{one}: {other}")
    second = GivenOrganisation(other, "care-homes", "", "", "", other)
    person_given = GivenContact(one, other, one, other, one, other)

    assert key_or_problems(lambda: organisation_values(first, KINDS))
    assert key_or_problems(lambda: organisation_values(second, KINDS))
    assert key_or_problems(lambda: contact_values(person_given))


def test_attributes_are_shown_as_they_are_typed() -> None:
    lines = attribute_lines({"beds": 40, "type of care": "nursing: yes"})
    again = organisation_values(GivenOrganisation("Oak", "care-homes", attributes=lines), KINDS)
    assert again["attributes"] == {"beds": 40, "type-of-care": "nursing: yes"}


def test_an_import_finds_what_was_added_by_hand(database: Database) -> None:
    with database.writing() as session:
        oak = home(session, code="H1", postcode="LE1 1AA")
        person(session, oak, role="Manager", email="ann@oak.example.org")

    result = load(database, text())

    assert result.organisations.added == 1  # the surgery
    assert [row["code"] for row in stored(database, Organisation)] == ["H1", "P1"]
    assert result.contacts.unchanged == 1


def test_an_import_finds_without_a_code_what_was_changed_by_hand(database: Database) -> None:
    with database.writing() as session:
        oak = home(session, "Oak Hse")
        given_now = GivenOrganisation("Oak House", "care-homes", "", "Ambleby", "LE1 1AA")
        editing.change(session, oak.id, given_now, seen=oak.updated_at, now=LATER)

    load(database, "organisation,kind,postcode\nThe Oak House,care home,LE1 1AA\n")

    assert [row["name"] for row in stored(database, Organisation)] == ["The Oak House"]


def test_a_code_that_is_given_later_takes_the_place_of_the_name(database: Database) -> None:
    with database.writing() as session:
        oak = home(session)
        changed = GivenOrganisation("Oak House", "care-homes", "H1")
        editing.change(session, oak.id, changed, seen=oak.updated_at, now=LATER)

    assert [row["key"] for row in stored(database, Organisation)] == ["H1"]


@pytest.mark.parametrize(
    ("there", "new"),
    [
        ({"code": "H1"}, {"name": "Elm", "code": "h1"}),
        ({}, {}),
        ({"code": "H1"}, {}),
        ({}, {"code": "H1"}),
        ({"postcode": "LE1 1AA"}, {"name": "the oak house", "postcode": "LE1 1AA"}),
    ],
)
def test_the_same_organisation_is_not_added_twice(
    sqlite_database: Database, there: dict[str, str], new: dict[str, str]
) -> None:
    with sqlite_database.writing() as session:
        known = home(session, **there)
        with pytest.raises(There) as refused:
            home(session, **new)
    assert refused.value.number == known.id


def test_two_with_one_name_and_different_codes_are_two(database: Database) -> None:
    with database.writing() as session:
        home(session, code="H1")
        home(session, code="H2")
    assert len(stored(database, Organisation)) == 2


def test_a_change_of_somebody_else_is_not_overwritten(database: Database) -> None:
    with database.writing() as session:
        oak = home(session)
        seen = oak.updated_at
        changed = GivenOrganisation("Oak Lodge", "care-homes", place="Ambleby")
        editing.change(session, oak.id, changed, seen=seen, now=NOW)
        with pytest.raises(Overtaken):
            editing.change(session, oak.id, OAK, seen=seen, now=LATER)
        assert editing.get(session, oak.id).name == "Oak Lodge"


def test_a_change_in_the_same_moment_still_shows(database: Database) -> None:
    with database.writing() as session:
        oak = home(session)
        editing.set_closed(session, oak.id, closed=True, now=NOW)
    with database.reading() as session:
        assert editing.get(session, oak.id).updated_at > NOW


def test_closing_and_reopening_keep_the_contacts(database: Database) -> None:
    with database.writing() as session:
        oak = home(session)
        person(session, oak)
        editing.set_closed(session, oak.id, closed=True, now=LATER)
        editing.set_closed(session, oak.id, closed=True, now=LATER)
        assert oak.closed_at == LATER
        editing.set_closed(session, oak.id, closed=False, now=LATER)
    assert [row["closed_at"] for row in stored(database, Organisation)] == [None]
    assert [row["closed_at"] for row in stored(database, Contact)] == [None]


def test_what_does_not_exist_is_not_found(database: Database) -> None:
    with database.writing() as session:
        for do in (
            lambda: editing.get(session, 9),
            lambda: editing.set_closed(session, 9, closed=True, now=NOW),
            lambda: contact_editing.get(session, 9),
            lambda: contact_editing.add(session, 9, GivenContact("Ann"), NOW),
        ):
            with pytest.raises(NotFound):
                do()


def test_a_contact_is_known_by_its_address_then_its_phone_then_its_name(
    database: Database,
) -> None:
    with database.writing() as session:
        oak = home(session)
        ann = person(session, oak)
        for email, phone, key in (
            ("", "01632 960101", "+441632960101"),
            ("ann@oak.example.org", "01632 960101", "ann@oak.example.org"),
        ):
            given_now = GivenContact("Ann Lee", "", email, phone)
            contact_editing.change(session, ann.id, given_now, seen=ann.updated_at, now=LATER)
            assert ann.key == key


def test_one_address_is_not_given_twice_at_one_organisation(database: Database) -> None:
    with database.writing() as session:
        oak, elm = home(session), home(session, "Elm House")
        person(session, oak, email="info@oak.example.org")
        person(session, elm, email="info@oak.example.org")
        with pytest.raises(There):
            person(session, oak, "Bob", email="INFO@oak.example.org")


def test_deputies_are_put_in_order(database: Database) -> None:
    with database.writing() as session:
        oak = home(session)
        ann, bob = person(session, oak), person(session, oak, "Bob", deputy="1")
        before = {ann.id: 0, bob.id: 1}
        after = {ann.id: 1, bob.id: 0}
        contact_editing.put_in_order(session, oak.id, after, seen=before, now=LATER)
        assert [one.name for one in contact_editing.contacts(session, oak.id)] == ["Bob", "Ann Lee"]
        with pytest.raises(Overtaken):
            contact_editing.put_in_order(session, oak.id, after, seen=before, now=LATER)


@pytest.mark.parametrize("wanted", [{}, {1: 0}, {1: 1, 2: 1}, {1: 0, 2: 10}, {1: 0, 2: 0, 3: 0}])
def test_an_order_that_leaves_somebody_out_is_refused(
    sqlite_database: Database, wanted: dict[int, int]
) -> None:
    with sqlite_database.writing() as session:
        oak = home(session)
        person(session, oak)
        person(session, oak, "Bob", deputy="1")
        with pytest.raises(BadInput):
            contact_editing.put_in_order(session, oak.id, wanted, seen={1: 0, 2: 1}, now=LATER)

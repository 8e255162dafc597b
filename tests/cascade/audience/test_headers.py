"""Headers as people write them."""

import pytest

from cascade.audience.headers import match
from cascade.audience.kinds import FIRST_KINDS, kind_of, words
from cascade.audience.layouts import CONTACTS
from cascade.errors import BadInput


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("ORGANISATION", "organisation"),
        ("Organisation name", "organisation"),
        ("Org", "organisation"),
        ("OrganisationName", "organisation"),
        ("PROVIDER_NAME", "organisation"),
        ("E-mail address", "email"),
        ("E-Mail (work)", "email"),
        ("Tel.", "phone"),
        ("Telephone No", "phone"),
        ("Post code", "postcode"),
        ("Job title", "role"),
        ("ODS code", "code"),
        ("CQC Location ID (for office use only)", "code"),
        ("Town/City", "place"),
        ("Preferred language", "language"),
    ],
)
def test_a_heading_is_understood(written: str, field: str) -> None:
    assert match([written, "zz"], CONTACTS, ("organisation", "kind")).fields == {field: 0}


def test_a_lone_name_is_the_organisations() -> None:
    assert match(["Name", "Type"], CONTACTS).fields == {"organisation": 0, "kind": 1}


def test_a_name_beside_an_organisation_is_the_contacts() -> None:
    columns = match(["Name", "Organisation", "Type"], CONTACTS)
    assert columns.fields == {"organisation": 1, "kind": 2, "contact": 0}


def test_the_better_of_two_columns_is_taken_and_the_other_kept_as_an_attribute() -> None:
    columns = match(["organisation", "type", "Mobile", "Phone"], CONTACTS)
    assert columns.fields["phone"] == 3
    assert columns.attributes == {"mobile": 2}


def test_two_columns_that_are_equally_good_are_refused_by_name() -> None:
    with pytest.raises(BadInput, match="the phone: “Tel” and “Phone number”"):
        match(["organisation", "type", "Tel", "Phone number"], CONTACTS)


def test_what_is_missing_is_named_with_what_was_found() -> None:
    with pytest.raises(BadInput, match="no column for: organisation, kind. Found: “A”, “B”"):
        match(["A", "B"], CONTACTS)


def test_the_column_of_an_earlier_problem_is_passed_over() -> None:
    assert match(["organisation", "kind", "problem"], CONTACTS).attributes == {}


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("care-homes", "care-homes"),
        ("Care Home", "care-homes"),
        ("Nursing homes|Residential homes", "care-homes"),
        ("Residential homes|Homecare agencies", "care-homes"),
        ("GP surgery", "gp-practices"),
        ("gps", "gp-practices"),
        ("Pharmacies", "pharmacies"),
        ("pharmacy", "pharmacies"),
        ("Voluntary & Community Sector", "voluntary-sector"),
        ("charities", "voluntary-sector"),
        ("University", "universities"),
        ("Vet", None),
        ("GP|Pharmacy", None),
        ("", None),
    ],
)
def test_a_kind_is_known_by_its_names_singular_and_plural(written: str, kind: str | None) -> None:
    assert kind_of(written, words(tuple(FIRST_KINDS))) == kind

"""Lines with the mistakes that people make, to be put at the end of the county's files."""

from collections.abc import Callable, Sequence

Row = dict[str, str]


def _of_homes(rows: Sequence[Row]) -> list[Row]:
    return [
        rows[10] | {"contact": "Night Lead", "email": "night.lead.example.org"},
        rows[20] | {"contact": "Two People", "email": "one@example.org; two@example.org"},
        rows[30] | {"contact": "Short Phone", "email": "short@example.org", "phone": "01632 96"},
        rows[40] | {"organisation": "Corner Veterinary Practice", "kind": "Vet", "code": "VET1"},
        rows[50] | {"organisation": "", "code": ""},
        rows[60] | {"organisation": "Half Postcode House", "postcode": "XW1", "code": "1-99"},
        dict(rows[70]),  # the same line twice
        rows[80] | {"contact": "Cook", "email": "cook@example.org", "beyond": "left column L"},
    ]


def _of_practices(rows: Sequence[Row]) -> list[Row]:
    nurse = rows[0] | {"email": "nurse@example.org", "phone": "", "role": "Nurse"}
    return [
        nurse | {"contact": "Nurse Adams", "deputy": "1"},
        nurse | {"contact": "Nurse Brown", "deputy": "2"},  # one address, two people
        rows[2] | {"contact": "Locum", "email": "lo cum@example.org"},
        dict(rows[4]),
    ]


def _of_pharmacies(rows: Sequence[Row]) -> list[Row]:
    return [
        rows[6] | {"contact": "Relief", "email": "relief@example", "deputy": "2"},
        rows[8] | {"contact": "Weekend", "email": "weekend@example.org", "deputy": "sometimes"},
    ]


def _of_groups(rows: Sequence[Row]) -> list[Row]:
    return [
        rows[3] | {"first": "Secretary", "email": "@example.org"},
        rows[5] | {"first": "Caller", "email": "caller@example.org", "language": "Klingonese!"},
        rows[7] | {"kind": "", "first": "Helper", "email": "helper@example.org"},
        dict(rows[9]),
    ]


FLAWS: dict[str, Callable[[Sequence[Row]], list[Row]]] = {
    "care-homes.csv": _of_homes,
    "gp-practices.csv": _of_practices,
    "pharmacies.csv": _of_pharmacies,
    "voluntary-sector.csv": _of_groups,
}
"""File → what makes its flawed lines out of its good ones."""

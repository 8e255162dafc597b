"""A made-up county: its organisations and contacts, as the files that real ones would send."""

import csv
import random
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path

from cascade.cli.demo import columns, flaws, names

Row = dict[str, str]

HOMES, PRACTICES, PHARMACIES, GROUPS = 300, 130, 230, 1_000


@dataclass(frozen=True, slots=True)
class _File:
    """One kind's file: everybody has another idea of columns, delimiter and encoding."""

    name: str
    rows: Callable[[random.Random], Iterator[Row]]
    columns: Mapping[str, str]
    """Heading → the row's field."""
    delimiter: str = ","
    encoding: str = "utf-8"


def write_county(folder: Path, seed: int = 1) -> list[Path]:
    """Write a file for each kind, two contacts for each organisation, some lines with mistakes."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder, file, random.Random(f"{seed} {file.name}")) for file in _FILES]


def _write(folder: Path, file: _File, choose: random.Random) -> Path:
    path = folder / file.name
    rows = list(file.rows(choose))
    rows += flaws.FLAWS[file.name](rows) if file.name in flaws.FLAWS else []
    with path.open("w", encoding=file.encoding, newline="") as text:
        writer = csv.writer(text, delimiter=file.delimiter)
        writer.writerow(file.columns)
        for row in rows:
            cells = [row.get(field, "") for field in file.columns.values()]
            writer.writerow(cells + ([row["beyond"]] if "beyond" in row else []))
    return path


def _homes(choose: random.Random) -> Iterator[Row]:
    called = product(names.HOME_FIRST, names.HOME_LAST)
    for number, (first, last) in enumerate(islice(called, HOMES)):
        name = f"{first} {last}" + choose.choice((" Care Home", " Nursing Home", "", ""))
        domain = f"{first}{last}.care.example.org".lower()
        home = _place(choose) | {
            "organisation": name,
            "kind": "Nursing homes" if "Nursing" in name else "Residential homes",
            "code": f"1-{200_000_000 + number * 7919}",
            "beds": str(choose.randint(8, 90)),
            "rating": choose.choice(("Good", "Good", "Outstanding", "Requires improvement")),
        }
        manager, deputy = _people(choose, domain)
        if number % 25 < 3:  # three homes in a row belong to one group, with one mailbox
            manager["email"] = f"managers@hartwell{number // 25}.care.example.org"
        yield home | manager | {"role": "Registered manager"}
        yield home | deputy | {"role": "Deputy manager", "deputy": "1"}


def _practices(choose: random.Random) -> Iterator[Row]:
    called = product(names.TOWNS, names.PRACTICE_LAST, ("", "The Old "))
    for number, (town, last, old) in enumerate(islice(called, PRACTICES)):
        domain = f"x{88_000 + number}.gp.example.org"
        practice = _place(choose) | {
            "organisation": f"{old}{town} {last}",
            "kind": "GP practice",
            "code": f"X{88_000 + number}",
            "place": town,
            "list": str(choose.randint(2_000, 24_000)),
        }
        lead, second = _people(choose, domain)
        yield practice | lead | {"role": "Practice manager"}
        yield practice | second | {"role": "Reception lead", "deputy": "yes"}


def _pharmacies(choose: random.Random) -> Iterator[Row]:
    called = product(names.STREETS, names.TOWNS)
    for number, (street, town) in enumerate(islice(called, PHARMACIES)):
        domain = f"fx{number:03}.pharmacy.example.org"
        pharmacy = _place(choose) | {
            "organisation": f"{street} {choose.choice(names.PHARMACY_LAST)} ",
            "kind": "Pharmacy",
            "code": f"FX{number:03}",
            "place": town,
        }
        lead, second = _people(choose, domain)
        yield pharmacy | lead | {"role": "Pharmacist in charge"}
        yield pharmacy | second | {"role": "Pharmacy technician", "deputy": "1"}


def _universities(choose: random.Random) -> Iterator[Row]:
    for number, name in enumerate(names.UNIVERSITIES):
        domain = f"campus{number + 1}.university.example.org"
        university = _place(choose) | {"organisation": name, "kind": "University"}
        university |= {"code": f"1009{number:04}"}
        lead, second = _people(choose, domain)
        yield university | lead | {"role": "Head of student services"}
        yield university | second | {"role": "Students' union officer"}


def _groups(choose: random.Random) -> Iterator[Row]:
    called = list(product(names.TOWNS, names.AREAS, names.CAUSES))
    choose.shuffle(called)
    for number, (town, area, cause) in enumerate(called[:GROUPS]):
        domain = f"group{number:04}.voluntary.example.org"
        group = _place(choose) | {
            "organisation": " ".join(f"{town} {area} {cause}".split()),
            "kind": choose.choice(("Voluntary group", "Charity", "Community group")),
            "code": f"99{number:05}" if number % 3 else "",
            "place": town,
        }
        leader, second = _people(choose, domain)
        leader |= {"role": "Coordinator"}
        leader["language"] = choose.choice(("",) * 12 + ("Urdu", "Polish", "Gujarati"))
        second |= {"role": "Trustee", "deputy": str(number % 2)}
        # These groups meet at a home or a practice, and share its mailbox.
        if number % 100 == 0:
            leader["email"] = f"managers@hartwell{number // 100}.care.example.org"
        yield group | leader
        yield group | second


def _place(choose: random.Random) -> Row:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    inward = f"{choose.randint(1, 9)}{choose.choice(letters)}{choose.choice(letters)}"
    return {
        "place": choose.choice(names.TOWNS),
        "postcode": f"XW{choose.randint(1, 29)} {inward}",
    }


def _people(choose: random.Random, domain: str) -> tuple[Row, Row]:
    """Two people of one organisation, with different first names."""
    first, second = choose.sample(names.FIRST_NAMES, 2)
    return _person(choose, first, domain), _person(choose, second, domain)


def _person(choose: random.Random, first: str, domain: str) -> Row:
    last = choose.choice(names.SURNAMES)
    plain = unicodedata.normalize("NFKD", f"{first}.{last}")
    local = plain.encode("ascii", "ignore").decode().lower().replace("'", "")
    phone = f"{choose.choice(names.PHONES)}{choose.randint(0, 999):03}"
    return {
        "first": first,
        "last": last,
        "contact": f"{first} {last}",
        "email": f"{local}@{domain}",
        "phone": phone,
        "bare phone": phone.removeprefix("0").replace(" ", ""),
    }


_FILES = (
    _File("care-homes.csv", _homes, columns.CARE_HOMES),
    _File("gp-practices.csv", _practices, columns.GP_PRACTICES, ";", "cp1252"),
    _File("pharmacies.csv", _pharmacies, columns.PHARMACIES, "¬", "cp1252"),
    _File("universities.csv", _universities, columns.UNIVERSITIES, "\t", "utf-16"),
    _File("voluntary-sector.csv", _groups, columns.VOLUNTARY_SECTOR, ",", "utf-8-sig"),
)

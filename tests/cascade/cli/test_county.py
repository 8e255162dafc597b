"""The demonstration's county and toolkits."""

from pathlib import Path

import pytest

import toolkits
from cascade.audience.importing import Options, import_table
from cascade.audience.reading import read_table
from cascade.audience.records import Contact, Organisation
from cascade.audience.results import ImportResult
from cascade.audience.segments import FIRST, seed, sizes
from cascade.cli.demo.county import write_county
from cascade.cli.demo.staff import TOOLKITS
from cascade.database import Database
from tests.cascade.audience.tables import NOW, stored


def _imported(database: Database, folder: Path) -> list[ImportResult]:
    results = []
    for file in write_county(folder):
        with database.writing() as session:
            results.append(import_table(session, read_table(file), NOW, Options()))
    return results


def test_the_county_has_its_organisations_with_two_contacts_each(
    sqlite_database: Database, tmp_path: Path
) -> None:
    results = _imported(sqlite_database, tmp_path)
    with sqlite_database.writing() as session:
        seed(session)
        held = {one.name: (one.organisations, one.contacts) for one in sizes(session)}
    assert held == {
        "care-homes": (300, 600),
        "gp-practices": (130, 260),
        "voluntary-sector": (1_000, 2_000),
        "pharmacies": (230, 460),
        "universities": (3, 6),
    }
    assert sum(len(result.rejected) for result in results) == 15
    assert len({result.read_as for result in results}) == 4
    assert len({tuple(result.columns.values()) for result in results}) == 5


def test_one_mailbox_serves_several_organisations_of_two_kinds(
    sqlite_database: Database, tmp_path: Path
) -> None:
    _imported(sqlite_database, tmp_path)
    kinds = {one["id"]: one["kind"] for one in stored(sqlite_database, Organisation)}
    shared = [
        kinds[contact["organisation_id"]]
        for contact in stored(sqlite_database, Contact)
        if contact["email"] == "managers@hartwell0.care.example.org"
    ]
    assert shared == ["care-homes"] * 3 + ["voluntary-sector"]


def test_nobody_in_the_county_is_real(sqlite_database: Database, tmp_path: Path) -> None:
    _imported(sqlite_database, tmp_path)
    addresses = {contact["email"] for contact in stored(sqlite_database, Contact)}
    assert all(address.endswith(".example.org") for address in addresses)


def test_the_county_is_the_same_each_time(tmp_path: Path) -> None:
    first, again = (write_county(tmp_path / name) for name in ("a", "b"))
    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in again]
    assert first[0].read_bytes() != write_county(tmp_path / "c", seed=2)[0].read_bytes()


@pytest.mark.parametrize("file", sorted(TOOLKITS.glob("*.md")), ids=lambda file: file.name)
def test_a_demonstration_toolkit_has_no_errors_or_warnings(file: Path) -> None:
    document = toolkits.parse(file.read_text("utf-8"))
    problems = toolkits.check(document, segments=FIRST)
    assert [one for one in problems if one.level != "advice"] == []


@pytest.mark.parametrize("name", ["flu-jab", "cold-snap", "christmas-opening-hours"])
def test_an_english_toolkit_has_something_for_everybody_in_every_form(name: str) -> None:
    document = toolkits.parse((TOOLKITS / f"{name}.md").read_text("utf-8"))
    assert list(toolkits.check(document, segments=FIRST)) == []
    texts = {toolkits.text(document, {segment}) for segment in FIRST}
    assert len(texts) == len(FIRST)
    channels = {section.channel for section in document.sections}
    assert channels == {None, "newsletter", "sms", "social", "slides", "staff", "faq"}
    assert toolkits.sms_size(toolkits.sms(document, {"care-homes"})).parts == 1
    assert all(post.fits for post in toolkits.social(document, {"care-homes"}))


def test_the_urdu_flu_jab_is_a_language_of_the_same_toolkit() -> None:
    document = toolkits.parse((TOOLKITS / "flu-jab.ur.md").read_text("utf-8"))
    assert (document.meta.toolkit, document.meta.language) == ("flu-jab", "ur")
    assert toolkits.direction(document.meta.language) == "rtl"

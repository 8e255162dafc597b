"""What anybody may see of a toolkit, and what nobody may even guess."""

from datetime import date, datetime

import pytest
from sqlalchemy import update

import toolkits
from cascade.audience.records import Segment
from cascade.audience.segments import seed
from cascade.database import Database
from cascade.errors import NotFound
from cascade.identity import Identity
from cascade.inserts import keeping
from cascade.inserts.reading import Given
from cascade.library.publish import publish
from cascade.shelf.revision import revision
from cascade.shelf.values import finished_html, finished_text, values
from cascade.shelf.visible import audiences, current
from cascade.sign_off.records import SignOff, SignOffState

TEXT = """---
title: Cold snap for {{ organisation }}
toolkit: cold-snap
key_messages:
  - Check on people who live alone.
segments: care-homes, voluntary-sector
expires: 2026-12-31
---
Dear {{ contact }}.

For everybody, in {{ place }}.

::: for care-homes
The number of the duty manager is 5512.
:::

::: newsletter for voluntary-sector, care-homes
Copy for newsletters.
:::

::: not for gp-practices
Not for practices.
:::
"""
IDENTITY = Identity("Cell <cell@example.org>", "cell@example.org", "example.org", "The cell")


@pytest.fixture
def library(sqlite_database: Database, now: datetime) -> Database:
    with sqlite_database.writing() as session:
        seed(session)
        publish(session, TEXT, by="Ann", now=now)
    return sqlite_database


def test_what_is_for_private_segments_is_gone_with_their_names(library: Database) -> None:
    with library.reading() as session:
        shown = current(session, "cold-snap", sign_off=False)["en"]
        assert list(audiences(session)) == ["voluntary-sector"]

    page = toolkits.html(shown.document, ["care-homes"]) + repr(shown)
    assert "5512" not in page
    assert "care-homes" not in page
    assert "gp-practices" not in page
    assert shown.audiences == {"voluntary-sector": "Voluntary and community sector"}
    assert "Copy for newsletters" in toolkits.section_text(
        shown.document, ["voluntary-sector"], "newsletter"
    )


def test_a_segment_that_was_made_public_is_shown(library: Database) -> None:
    with library.writing() as session:
        session.execute(update(Segment).where(Segment.name == "care-homes").values(public=True))
        shown = current(session, "cold-snap", sign_off=False)["en"]

    assert "5512" in toolkits.html(shown.document, ["care-homes"])
    assert set(shown.audiences) == {"care-homes", "voluntary-sector"}


def test_nothing_is_told_of_what_nobody_approved_or_is_private(
    library: Database, now: datetime
) -> None:
    said = []
    with library.writing() as session:
        publish(session, TEXT.replace("cold-snap", "inside\npublic: no"), by="Ann", now=now)
        for name, sign_off in (("cold-snap", True), ("inside", False), ("absent", False)):
            with pytest.raises(NotFound) as refused:
                current(session, name, sign_off=sign_off)
            said.append(str(refused.value).replace(name, "NAME"))
    assert len(set(said)) == 1


def test_the_newest_approved_version_stands_for_a_language(
    library: Database, now: datetime
) -> None:
    with library.writing() as session:
        first = publish(session, TEXT, by="Ann", now=now)
        publish(session, TEXT.replace("For everybody", "Newer"), by="Ann", now=now)
        publish(session, TEXT.replace("expires:", "language: cy\nexpires:"), by="Ann", now=now)
        session.add(
            SignOff(
                version_id=first.id,
                state=SignOffState.APPROVED,
                submitted_by="ann",
                submitted_at=now,
            )
        )
        session.flush()
        approved = current(session, "cold-snap", sign_off=True)
        every = current(session, "cold-snap", sign_off=False)

    assert {key: one.number for key, one in approved.items()} == {"en": 1}
    assert {key: one.number for key, one in every.items()} == {"en": 2, "cy": 1}
    assert list(every)[0] == "en"


def test_a_toolkit_is_over_after_its_last_day(library: Database) -> None:
    with library.reading() as session:
        shown = current(session, "cold-snap", sign_off=False)["en"]
    assert not shown.is_over(date(2026, 12, 31))
    assert shown.is_over(date(2027, 1, 1))


def test_slots_are_filled_for_nobody_in_particular(library: Database) -> None:
    with library.reading() as session:
        document = current(session, "cold-snap", sign_off=False)["en"].document
    found = values(document.meta, IDENTITY, "https://example.org/")
    assert finished_text(toolkits.plain(document.meta.title), found) == (
        "Cold snap for your organisation"
    )
    html = finished_html(toolkits.html(document, []), found)
    assert "For everybody, in your area." in html
    assert "Dear" not in html
    assert found["share_link"] == "https://example.org/library/cold-snap"
    assert found["unknown_slot"] == "unknown slot"


def test_tables_are_shown_whole_and_a_changed_one_changes_the_library(
    library: Database, now: datetime
) -> None:
    text = TEXT.replace("cold-snap", "hours") + "\n::: table hours where place = {{ place }}\n:::\n"
    with library.writing() as session:
        table = keeping.begin(session, "hours", "Opening hours", by="Ann", now=now)
        rows = (("Westbury", "Mill <b>"), ("Easton", "Abbey"))
        first = Given(("Place", "Name"), rows)
        keeping.keep(session, table, first, revision=0, said="Made", by="Ann", now=now)
        publish(session, text, by="Ann", now=now)
        page = toolkits.html(current(session, "hours", sign_off=False)["en"].document, [])
        before = revision(session, "off", now.date())
        later = Given(("Place", "Name"), rows[:1])
        keeping.keep(session, table, later, revision=1, said="Shut", by="Ann", now=now)
        after = revision(session, "off", now.date())

    assert "Abbey" in page
    assert "Mill &lt;b&gt;" in page
    assert before != after

"""Where a segment is used, and removing one that is not."""

from datetime import datetime

import pytest

from cascade.audience.records import Segment
from cascade.audience.segments import known
from cascade.database import Database
from cascade.errors import NotFound, Refused
from cascade.library import drafts
from cascade.library.publish import publish
from cascade.sending import control
from cascade.sending.records import Cascade
from cascade.sending.segment_uses import remove, uses
from cascade.sending.states import CascadeState
from tests.world import add_people, publish_toolkit, send

TEXT = "---\ntitle: Jabs\ntoolkit: jabs\n---\nHello, vet-clinics.\n"
FENCED = TEXT + "\n::: {} vet-clinics\nFor you.\n:::\n"


@pytest.fixture
def county(database: Database, now: datetime) -> Database:
    """A segment of vets that nothing uses, and a toolkit that speaks of them."""
    with database.writing() as session:
        add_people(session, 1, kind="vets", now=now)
        publish_toolkit(session, now=now)
        session.add(Segment(name="vet-clinics", title="Vets", rule={"kind": ["vets"]}))
        publish(session, FENCED.format("for"), by="Ann", now=now)
        publish(session, TEXT, by="Ann", now=now)
    return database


def test_what_nothing_uses_can_be_removed(county: Database) -> None:
    with county.writing() as session:
        assert not uses(session, "vet-clinics")
        assert remove(session, "vet-clinics").title == "Vets"
        assert "vet-clinics" not in known(session)
        with pytest.raises(NotFound):
            remove(session, "vet-clinics")


@pytest.mark.parametrize("word", ["for", "not for"])
def test_the_newest_version_and_an_open_draft_use_it_by_a_section(
    county: Database, now: datetime, word: str
) -> None:
    with county.writing() as session:
        text = FENCED.format(word)
        draft = drafts.begin(session, by="ann@example.org", now=now, text=text)
        assert [one.number for one in uses(session, "vet-clinics").drafts] == [draft.id]
        version = publish(session, text, by="Ann", now=now)
        found = uses(session, "vet-clinics")
        assert [one.title for one in found.versions] == [version.title] == ["Jabs"]
        drafts.close(session, draft.id, now=now)
        assert uses(session, "vet-clinics").drafts == ()
        with pytest.raises(Refused, match="still used"):
            remove(session, "vet-clinics")


def test_a_cascade_uses_it_until_it_is_over(county: Database, now: datetime) -> None:
    with county.writing() as session:
        cascade = send(session, now, to=["vet-clinics"]).cascade
        assert cascade is not None
        assert [one.number for one in uses(session, "vet-clinics").cascades] == [cascade]
        with pytest.raises(Refused):
            remove(session, "vet-clinics")
        control.withdraw(session, cascade, by="ann@example.org", now=now)
        remove(session, "vet-clinics")
        assert session.get_one(Cascade, cascade).state == CascadeState.WITHDRAWN


def test_the_first_five_stay(county: Database) -> None:
    with county.writing() as session, pytest.raises(Refused, match="first five"):
        remove(session, "universities")

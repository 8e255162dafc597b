"""Which version of a toolkit is the newest, of all and in each language."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from cascade.database import Database
from cascade.library.publish import find, languages, latest, own, publish
from cascade.library.records import ToolkitVersion
from tests.world import TOOLKIT

SPOKEN = ("en", "cy", "pl")


@pytest.fixture
def database(database: Database, now: datetime) -> Database:
    """Three versions in each language, and another toolkit with more of them."""
    with database.writing() as session:
        for number in range(3):
            for spoken in SPOKEN:
                line = f"toolkit: cold-snap\nlanguage: {spoken}"
                text = TOOLKIT.replace("toolkit: cold-snap", line)
                publish(session, f"{text}\nText {number}.\n", by="Ann", now=now)
        for number in range(5):
            text = TOOLKIT.replace("toolkit: cold-snap", "toolkit: other")
            publish(session, f"{text}\nText {number}.\n", by="Ann", now=now)
    return database


def test_the_newest_of_each_language_is_found_and_no_older_text_is_read(
    database: Database,
) -> None:
    with database.reading() as session:
        found = languages(session, find(session, "cold-snap"))

        assert {spoken: one.number for spoken, one in found.items()} == dict.fromkeys(SPOKEN, 3)
        assert len(read(session)) == len(SPOKEN)


def test_the_newest_in_one_language_and_in_its_own(database: Database) -> None:
    with database.reading() as session:
        toolkit = find(session, "cold-snap")

        own_one, welsh = own(session, toolkit), latest(session, toolkit, "cy")
        assert (own_one.language, own_one.number) == ("en", 3)
        assert welsh is not None
        assert (welsh.language, welsh.number) == ("cy", 3)
        assert latest(session, toolkit, "de") is None


def read(session: Session) -> list[ToolkitVersion]:
    """The versions that this session has loaded."""
    return [one for one in session.identity_map.values() if isinstance(one, ToolkitVersion)]

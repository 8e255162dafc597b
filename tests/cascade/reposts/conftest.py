"""A toolkit in the library, and somebody who used it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cascade.audience.records import Organisation
from cascade.audience.search_words import learn_organisations
from cascade.audience.segments import seed
from cascade.database import Database
from cascade.library.publish import find, publish
from cascade.reposts.records import Repost
from cascade.reposts.using import Given, checked, keep
from tests import world

TEXT = """---
title: Cold snap
toolkit: cold-snap
key_messages:
  - Keep the room that you use most at 18 degrees or warmer.
---
For everybody, {{ contact }}.

::: for care-homes
The number of the duty manager is five five one two and nobody else may know it.
:::

::: newsletter for voluntary-sector
Cold weather is on its way to our county this weekend. Look in on people who live alone near you.
:::
"""
Used = Callable[..., int]


@pytest.fixture
def library(sqlite_database: Database, now: datetime) -> Database:
    """A toolkit that was published two weeks ago, and five care homes."""
    return fill(sqlite_database, now)


def fill(database: Database, now: datetime) -> Database:
    """Put them into an empty database."""
    with database.writing() as session:
        seed(session)
        publish(session, TEXT, by="Ann", now=now - timedelta(days=14))
        world.add_people(session, 5, now=now)
        learn_organisations(session, session.scalars(select(Organisation)))
    return database


def given(**changed: object) -> Given:
    """A report as it may be typed."""
    values: dict[str, object] = {
        "group": "Westport Lunch Club",
        "email": "",
        "way": "newsletter",
        "used_on": "2026-11-20",
        "people": "120",
        "link": "",
        "words": "",
    }
    return Given(**(values | changed))  # type: ignore[arg-type]


@pytest.fixture
def used(library: Database, now: datetime) -> Used:
    """Keeps a report, and gives its number."""

    def report(taker: int | None = None, by: str = "", **changed: object) -> int:
        with library.writing() as session:
            toolkit = find(session, "cold-snap")
            checks = checked(given(**changed), toolkit.created_at, now, loopback=True)
            kept: Repost = keep(session, toolkit.id, checks, now=now, taker=taker, by=by)
            return kept.id

    return report

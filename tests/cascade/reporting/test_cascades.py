"""The list of cascades: what is searched for and chosen."""

from datetime import datetime

import pytest

from cascade.database import Database
from cascade.reporting.cascades import Wanted, listing, numbered
from cascade.sending.records import Cascade
from tests.cascade.planted import plant

TITLES = ("Cold weather alert", "100% cold_snap", "Flu jab, last weeks")
FOUND = (
    (Wanted(), [3, 2, 1]),
    (Wanted("cold"), [2, 1]),
    (Wanted("ALERT cold"), [1]),
    (Wanted("cold zebra"), []),
    (Wanted("0% c"), [2]),
    (Wanted("d_s"), [2]),
    (Wanted("#1"), [1]),
    (Wanted("3"), [3]),
    (Wanted("cold", state="paused"), [2]),
    (Wanted(state="sending"), [1]),
    (Wanted(tier="routine"), [3]),
    (Wanted("cold", tier="routine"), []),
    (Wanted("9" * 18), []),
    (Wanted("a" * 999), []),
    (Wanted("\x00"), [3, 2, 1]),
)


@pytest.fixture
def three(database: Database, now: datetime) -> Database:
    with database.writing() as session:
        for number, title in enumerate(TITLES, 1):
            planted = plant(session, now, ["care-homes"], prefix=f"{number}-")
            row = session.get_one(Cascade, planted.cascade)
            row.title, row.tier = title, "routine" if number == 3 else "urgent"
            row.state = ("sending", "paused", "sent")[number - 1]
    return database


def test_cascades_are_found_by_all_the_words_their_number_state_and_tier(three: Database) -> None:
    with three.reading() as session:
        for wanted, numbers in FOUND:
            page = listing(session, wanted)
            assert [one.id for one in page.lines] == numbers, wanted
            assert page.total == len(numbers), wanted


@pytest.mark.parametrize("words", ["", "#", "x", "1.5", "-1", "²", "9" * 19, "1 2"])
def test_what_is_no_number_is_none(words: str) -> None:
    assert numbered(words) is None

"""Which word somebody may have meant."""

from datetime import datetime

import pytest

from cascade.audience.segments import seed
from cascade.database import Database
from cascade.shelf.searching import asked_words
from cascade.shelf.spelling import suggestion
from tests.cascade.shelf.texts import put, text

TIMES = {"water": 1, "what": 5, "jab": 3, "jam": 4}


@pytest.mark.parametrize(("written", "meant"), [("watr", "water"), ("jax", "jam")])
def test_the_word_most_alike_is_meant_and_of_two_the_one_that_finds_more(
    sqlite_database: Database, now: datetime, written: str, meant: str
) -> None:
    with sqlite_database.writing() as session:
        seed(session)
        put(session, now, text("words", f"{' '.join(TIMES)}."))
        said = suggestion(session, asked_words(written), lambda words: TIMES.get(words[0], 0))

    assert said == meant

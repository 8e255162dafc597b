"""Search in the library: the same on both engines, and blind to what is not public."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from cascade.audience.records import Segment
from cascade.audience.segments import seed
from cascade.database import Database
from cascade.library.index_words import forms
from cascade.shelf.searching import asked_words, excerpts, hits
from cascade.shelf.spelling import suggestion
from cascade.shelf.visible import audiences
from tests.cascade.shelf.texts import put, text

SECTIONS = """Dear {{ contact }}, confirm by {{ deadline }}.

For everybody, with {{ place }} and [a page](https://example.org/hidden).

::: for care-homes
The duty manager has keys to the greenhouse.
:::

::: for voluntary-sector
Volunteers ring the lighthouse.
:::
"""


@pytest.fixture
def session(database: Database, now: datetime) -> Iterator[Session]:
    with database.writing() as session:
        seed(session)
        put(session, now, text("jab", "Ask about vaccines at the café.", title="Flu jabs for all"))
        put(session, now, text("cold", "A jab is named here once, among many other words."))
        put(session, now, text("homes", SECTIONS, title="Keys"))
        put(session, now, text("urdu", "فلو کا ٹیکہ مفت ہے۔", title="فلو", language="ur"))
        yield session


def found(session: Session, written: str) -> list[tuple[int, str]]:
    asked = asked_words(written)
    return [(one.version_id, one.audience) for one in hits(session, asked, audiences(session))]


@pytest.mark.parametrize(
    ("written", "versions"),
    [
        ("jab", [1, 2]),
        ("JABS", [1, 2]),
        ("vaccine", [1]),
        ("vaccines flu", [1]),
        ("cafe", [1]),
        ("café", [1]),
        ("ٹیکہ", [4]),
        ("jab greenery", []),
        ("hidden", []),
        ('"jab', [1, 2]),
        ("jab*", [1, 2]),
        ("words: named-here", [2]),
        ("'", []),
        ("NOT", []),
    ],
)
def test_words_are_found_in_titles_first_whatever_their_ending(
    session: Session, written: str, versions: list[int]
) -> None:
    assert [version for version, _ in found(session, written)] == versions


def test_a_word_of_a_private_section_is_found_by_nobody(session: Session) -> None:
    assert found(session, "greenhouse") == []
    assert found(session, "lighthouse") == [(3, "voluntary-sector")]
    assert found(session, "everybody") == [(3, "")]


def test_a_segment_that_becomes_public_or_private_is_searched_so_at_once(session: Session) -> None:
    session.execute(update(Segment).values(public=Segment.name == "care-homes"))

    assert found(session, "greenhouse") == [(3, "care-homes")]
    assert found(session, "lighthouse") == []


def test_an_excerpt_shows_the_words_where_they_stand(session: Session) -> None:
    asked = asked_words("vaccine")
    (hit,) = hits(session, asked, ())
    bits = excerpts(session, asked, [hit.text_id])[hit.text_id]

    assert [bit.text for bit in bits if bit.found] == ["vaccines"]
    assert "about vaccines at the café" in "".join(bit.text for bit in bits)


def test_slots_and_addresses_are_no_words_of_a_text(session: Session) -> None:
    (hit,) = hits(session, ("everybody",), ())
    bits = excerpts(session, ("everybody",), [hit.text_id])[hit.text_id]

    said = "".join(bit.text for bit in bits)
    assert "everybody, with place and a page" in said
    assert "confirm" not in said
    assert "hidden" not in said


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("vacine", "vaccines"),
        ("vaccinse", "vaccines"),
        ("flu jebs", "flu jabs"),
        ("ligthhouse", "lighthouse"),
        ("greenhuose", ""),
        ("zzzz", ""),
        ("jab", ""),
    ],
)
def test_a_slip_is_mended_to_a_word_that_finds_something(
    session: Session, written: str, meant: str
) -> None:
    known = audiences(session)
    said = suggestion(session, asked_words(written), lambda one: len(hits(session, one, known)))

    assert said == meant


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=st.text(max_size=40) | st.text("\"'*():^-+&|!<>\\ ab\u0301ü", max_size=20))
def test_nothing_that_is_typed_means_anything_to_an_engine(session: Session, written: str) -> None:
    asked = asked_words(written)
    for one in hits(session, asked, ()):
        assert excerpts(session, asked, [one.text_id])
    assert isinstance(suggestion(session, asked, lambda words: 0), str)


@given(st.text("abcdé", min_size=3, max_size=12), st.data())
def test_a_word_with_one_slip_has_a_form_of_the_right_one(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    slips = {
        word[:at] + word[at + 1 :],
        f"{word[:at]}x{word[at + 1 :]}",
        f"{word[:at]}x{word[at:]}",
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    }
    assert all(forms(slip) & forms(word) for slip in slips)

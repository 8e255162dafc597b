"""Issues in other languages: their headings follow, and what is in none of them says so."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

import toolkits
from cascade.audience.segments import seed
from cascade.bulletins import assembling
from cascade.bulletins.heading_words import CONTENTS, HEADING_WORDS, words_in
from cascade.database import Database
from tests.cascade.bulletins import county


@pytest.fixture
def session(sqlite_database: Database) -> Iterator[Session]:
    with sqlite_database.writing() as session:
        seed(session)
        yield session


@pytest.mark.parametrize(
    ("language", "said"),
    [
        *(("en", "en"), ("en-GB", "en-GB"), ("ur", "ur"), ("cy", "cy"), ("pt-BR", "pt-BR")),
        *(("so", "en"), ("pa-Arab", "en"), ("UR", "UR")),
    ],
)
def test_headings_are_in_the_language_or_english(language: str, said: str) -> None:
    found, words = words_in(language)

    assert found == said
    assert [*words] == [CONTENTS, *toolkits.HEADINGS]
    assert (words | HEADING_WORDS == words) == said.startswith("en")


def made(session: Session, language: str) -> str:
    """The body of an issue in that language, one of whose items is written in it."""
    of = county.bulletin(session, languages=["en", language])
    county.toolkit(session, "heat", heading="for-action")
    county.toolkit(session, "cold", heading="for-action", language=language, body="xyz")
    issue = county.opened(session, of)
    _, second = assembling.assemble(session, of, issue, sign_off=False, home=county.HOUSE.home)
    document = toolkits.parse(second.text)
    assert document.problems == ()
    return toolkits.html(document, [])


def test_an_urdu_issue_has_urdu_headings_and_marks_english_items(
    session: Session,
) -> None:
    page = made(session, "ur")

    assert "<h2>کارروائی کے لیے</h2>" in page
    assert "For action" not in page
    assert '<div lang="en" dir="ltr">\n<h3>Heat</h3>\n</div>' in page
    assert "\n<h3>Cold</h3>\n" in page
    assert page.count("<div") == page.count("</div>") == 2


def test_a_language_without_words_gets_english_headings_that_say_so(
    session: Session,
) -> None:
    page = made(session, "so")

    assert '<div lang="en" dir="ltr">\n<h2>For action</h2>\n</div>' in page

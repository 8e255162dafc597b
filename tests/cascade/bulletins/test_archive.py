"""The archive on both engines: what went out, what of it is public, and what is found in it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from cascade.audience.segments import seed
from cascade.bulletins import archive, public_items
from cascade.bulletins.archive_search import search
from cascade.bulletins.public_issues import Place, in_first_language, public, read
from cascade.bulletins.records import Bulletin
from cascade.database import Database
from cascade.errors import NotFound
from cascade.identity import Identity
from cascade.sending import control
from cascade.sending.records import Cascade
from cascade.shelf.catalogue import Catalogue, catalogue
from tests.cascade.bulletins import archived, county

PLACE = Place(
    Identity("news@example.org", "news@example.org", "example.org", "The cell"),
    county.HOUSE.home,
)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as session:
        seed(session)
        yield session


def library(session: Session) -> Catalogue:
    return catalogue(session, sign_off=False)


def shown(session: Session, of: Bulletin, audience: str = "") -> str:
    outs = archive.page(session, of, 1).lines
    (one,) = public(session, library(session), of, in_first_language(outs), PLACE)
    return read(one, audience, PLACE).html


def test_an_issue_is_read_without_what_is_private(session: Session) -> None:
    of, _ = archived.first(session, county.MONDAY)

    html = shown(session, of)

    assert "Stay cool." in html
    assert "hush" not in html
    (version,) = archive.issue(session, of, 1).versions.values()
    assert public_items.hidden(session, library(session), [version]) == {
        version: frozenset({"kept-out"})
    }


def test_an_item_whose_toolkit_was_taken_out_of_the_library_is_gone(session: Session) -> None:
    of, _ = archived.first(session, county.MONDAY)
    county.toolkit(session, "heat", public="no")

    assert shown(session, of) == ""


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [(["cool"], (1,)), (["hush"], ()), (["cool", "hush"], ()), (["nowhere"], ()), ([], ())],
)
def test_only_public_words_find_an_issue(
    session: Session, asked: list[str], numbers: tuple[int, ...]
) -> None:
    of, _ = archived.first(session, county.MONDAY)

    assert search(session, library(session), of, asked, PLACE) == numbers


def test_issues_have_neighbours_and_pages(session: Session) -> None:
    of, _ = archived.first(session, county.MONDAY)
    archived.many(session, of, 24, county.MONDAY)

    first, second = (archive.page(session, of, number) for number in (1, 2))

    assert [one.number for one in first.lines] == [*range(25, 5, -1)]
    assert [one.number for one in second.lines] == [5, 4, 3, 2, 1]
    assert first.total == 25
    assert archive.beside(session, of, 1) == archive.Beside(None, 2)
    assert archive.beside(session, of, 25) == archive.Beside(24, None)


def test_everything_that_is_done_changes_the_revision(session: Session) -> None:
    seen = {archive.revision(session)}
    of, issue = archived.first(session, county.MONDAY)
    seen.add(archive.revision(session))
    assert issue.cascade_id is not None
    control.withdraw(session, issue.cascade_id, by="Ann", now=county.MONDAY)
    seen.add(archive.revision(session))
    of.revision += 1
    session.flush()
    seen.add(archive.revision(session))

    assert len(seen) == 4


@pytest.mark.parametrize("state", ["awaiting", "scheduled", "held"])
def test_what_waits_is_not_there(session: Session, state: str) -> None:
    of, _ = archived.first(session, county.MONDAY)
    session.execute(update(Cascade).values(state=state))

    assert archive.page(session, of, 1).total == 0
    with pytest.raises(NotFound):
        archive.issue(session, of, 1)

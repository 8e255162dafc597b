"""The benchmark of pages runs, and no page asks the database more often when there is more."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import pages
from bench.addresses import addresses
from bench.county import Size, fill
from bench.pages import Desk, open_desk
from cascade.database import connect

SMALL = Size(organisations=200, deliveries=300)
LARGER = Size(organisations=1_200, deliveries=2_400)
FEW = (
    *("/", "/search?q=oak+house", "/cascades/<number>", "/cascades/<number>/recipients"),
    *("/organisations", "/organisations?search=oak", "/organisations?only=no-address"),
    *("/organisations?only=closed", "/audit", "/audit?search=organisation+7", "/users"),
    *("/suppressions", "/segments", "/segments/<name>", "/toolkits", "/cascades/<number>/failures"),
)


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Desk]]:
    """A little and more in two databases."""
    folder: Path = tmp_path_factory.mktemp("bench")
    with ExitStack() as stack:
        found = []
        for size in (SMALL, LARGER):
            database = connect(f"sqlite:///{folder}/{size.deliveries}.db")
            stack.callback(database.close)
            fill(database, size, datetime.now(UTC))
            found.append(open_desk(database, size))
        yield found[0], found[1]


@pytest.mark.parametrize("name", FEW)
def test_a_list_asks_as_often_whatever_there_is(desks: tuple[Desk, Desk], name: str) -> None:
    statements = []
    for desk in desks:
        address = addresses(desk.client.application, desk.size)[name]
        visits = [desk.visit(address) for _ in range(3)]
        assert {one.status for one in visits} == {200}
        # What is kept for some seconds may have to be read again just now.
        statements.append(min(one.statements for one in visits))
    assert statements[0] == statements[1]


def test_the_benchmark_knows_an_address_of_every_page(desks: tuple[Desk, Desk]) -> None:
    small, larger = (addresses(desk.client.application, desk.size) for desk in desks)
    assert small.keys() == larger.keys()
    assert {"/cascades/<number>/answers", "/settings/tiers/<tier_name>"} < small.keys()


def test_the_benchmark_prints_every_page_and_looks_again_at_what_misses_a_goal(
    desks: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    every = addresses(desks[0].client.application, desks[0].size)
    monkeypatch.setattr(pages, "_ROUNDS", 1)
    monkeypatch.setattr(pages, "addresses", lambda *_: {one: every[one] for one in FEW[:3]})
    monkeypatch.setattr(pages, "MOST_MS", 0)
    pages.report(*desks)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("|")[1].strip() for line in lines[1:-1]] == [*FEW[:3]] * 3
    assert "3 pages, 3 of them looked at again; 3 miss a goal." in lines[-1]

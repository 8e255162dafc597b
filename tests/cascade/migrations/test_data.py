"""Migrations that write rows of what is there already: each on a database from before it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData, Table, create_engine, insert, select
from sqlalchemy.orm import Session

from cascade import migrations
from cascade.audience.records import Segment
from cascade.bulletins.records import Issue, Subscription
from cascade.database import Database, connect
from cascade.library.records import ShelfEntry, ShelfLabel, ShelfText, Toolkit
from cascade.shelf.searching import asked_words, hits
from cascade.shelf.visible import audiences, current
from tests import servers

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FRONT = "title: Cold snap\ntoolkit: cold-snap\nsummary: Keep warm.\ntopics:\n  - Weather\n"
BODY = (
    "Dear {{ contact }}.\n\nRing your neighbours.\n\n"
    "::: for voluntary-sector\nOpen the hall.\n:::\n\n::: for care-homes\nThe code is 5512.\n:::\n"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/before.db"
        return
    server = request.getfixturevalue("postgresql_server")
    with servers.postgresql_database(server, "cascade_before") as url:
        yield url


def upgrade(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def put(engine: Engine, table: str, **values: Any) -> None:
    """A row, in the columns that the table had then; what isn't said is empty text, 0 or []."""
    found = Table(table, MetaData(), autoload_with=engine)
    with engine.begin() as connection:
        connection.execute(insert(found).values(**_filled(found, values)))


def _filled(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    blank: dict[str, Any] = {"JSON": [], "BOOLEAN": False, "DATETIME": AT, "TIMESTAMP": AT}
    filled = {
        one.name: blank.get(type(one.type).__name__, 0 if "INT" in str(one.type) else "")
        for one in table.columns
        if not one.nullable and one.server_default is None
    }
    return filled | dict(values)


def opened(url: str) -> Iterator[Database]:
    database = connect(url)
    yield database
    database.close()


def put_toolkit(engine: Engine) -> None:
    """Two versions of a toolkit and another that is kept out of the library."""
    put(engine, "toolkits", id=1, name="cold-snap", title="Cold snap", language="en")
    put(engine, "toolkits", id=2, name="inside", title="Inside", language="en")
    texts = (
        (1, 1, 1, f"---\n{FRONT}---\nOlder words.\n"),
        (2, 1, 2, f"---\n{FRONT}---\n{BODY}"),
        (3, 2, 1, "---\ntitle: Inside\ntoolkit: inside\npublic: no\n---\nBetween us.\n"),
    )
    for id_, toolkit, number, text in texts:
        put(
            engine, "toolkit_versions", id=id_, toolkit_id=toolkit, number=number, text=text,
            language="en", title="Cold snap", sha256=f"{id_}" * 64,
        )  # fmt: skip


def put_issues(engine: Engine) -> None:
    """An issue that somebody changed, and one that only the clock did."""
    put(engine, "toolkits", id=9, name="bulletin-round-up", title="R", language="en")
    put(engine, "bulletins", id=1, toolkit_id=9, name="round-up", title="R", schedule={})
    for number, by in ((1, "ann@example.org"), (2, "clock")):
        put(
            engine, "issues", id=number, bulletin_id=1, number=number, state="closed",
            changed_by=by, versions={},
        )  # fmt: skip


def test_what_was_published_before_there_was_a_library_stands_in_it(empty: str) -> None:
    engine = create_engine(empty)
    upgrade(engine, "0012")
    for number, name in enumerate(("care-homes", "voluntary-sector"), 1):
        put(engine, "segments", id=number, name=name, title=name, rule={"kind": [name]})
    put_toolkit(engine)
    upgrade(engine, "0017")
    put_issues(engine)
    upgrade(engine, "0020")
    for number in (7, 8):
        put(engine, "subscriptions", id=number, bulletin_id=1, email=f"{number}@example.org")
    upgrade(engine, "head")
    engine.dispose()

    for database in opened(empty):
        with database.reading() as session:
            _look(session)


def _look(session: Session) -> None:
    public = {one.name: one.public for one in session.scalars(select(Segment))}
    assert public == {"care-homes": False, "voluntary-sector": True}

    entries = session.execute(select(ShelfEntry.version_id, ShelfEntry.public, ShelfEntry.number))
    assert sorted(map(tuple, entries)) == [(1, True, 1), (2, True, 2), (3, False, 1)]
    labels = session.execute(select(ShelfLabel.value).where(ShelfLabel.version_id == 2))
    assert sorted(labels.scalars()) == ["Weather", "care-homes", "voluntary-sector"]
    texts = session.scalars(select(ShelfText.audience).where(ShelfText.version_id == 2))
    assert sorted(texts) == ["", "care-homes", "voluntary-sector"]

    known = audiences(session)
    found = [(one.version_id, one.audience) for one in hits(session, asked_words("hall"), known)]
    assert found == [(2, "voluntary-sector")]
    assert not hits(session, asked_words("5512"), known)
    shown = current(session, "cold-snap", sign_off=False)["en"]
    assert (shown.number, set(shown.audiences)) == (2, {"voluntary-sector"})

    kinds = session.execute(select(Toolkit.name, Toolkit.kind).where(Toolkit.id < 9))
    assert {kind for _, kind in kinds} == {"toolkit"}
    editors = session.execute(select(Issue.number, Issue.editors).order_by(Issue.number))
    assert list(map(tuple, editors)) == [(1, ["ann@example.org"]), (2, [])]

    tickets = {one.id: one.ticket for one in session.scalars(select(Subscription))}
    assert set(tickets) == {7, 8}
    assert len(set(tickets.values()) - {7, 8}) == 2

"""Links that people reported are looked at by a worker, on a real site."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from cascade.database import Database
from cascade.library.publish import find
from cascade.reposts import fetching, using
from cascade.reposts.records import LinkCheck, Repost
from tests import world
from tests.awaiting import awaited
from tests.cascade.reposts.certificates import Authority
from tests.cascade.reposts.conftest import fill, given
from tests.cascade.reposts.sites import Site, moved, page, site
from workers.clock import PEAL, Clock
from workers.embedded import running
from workers.jobs import CHECKS, CheckWork
from workers.runtime import Runtime

COPY = (
    b"<p>Cold weather is on its way to our county this weekend. "
    b"Look in on people who live alone near you.</p>"
)
PRIVATE = b"<p>The number of the duty manager is five five one two and nobody else may know it.</p>"


@pytest.fixture
def there() -> Iterator[Site]:
    """A site with three pages."""
    with site() as found:
        found.answers["/news"] = page(COPY)
        found.answers["/other"] = page(b"<p>The jumble sale is on Saturday.</p>")
        found.answers["/private"] = page(PRIVATE)
        found.answers["/inside"] = moved("http://10.0.0.1/")
        yield found


def reported(database: Database, *links: str) -> None:
    now = datetime.now(UTC)
    fill(database, now)
    with database.writing() as session:
        toolkit = find(session, "cold-snap")
        for link in links:
            today = now.date().isoformat()
            report = using.checked(
                given(link=link, used_on=today), toolkit.created_at, now, loopback=True
            )
            using.keep(session, toolkit.id, report, now=now)


def runtime(database: Database, *, loopback: bool = True) -> Runtime:
    made = world.runtime(database, "smtp://127.0.0.1:9")
    return Runtime(
        **{name: getattr(made, name) for name in ("database", "compositor", "open_channel")},
        links=made.links,
        identity=made.identity,
        sign_off="off",
        check_loopback=loopback,
    )


def found(database: Database) -> list[tuple[str, str]]:
    """What came of each look, and the grade of its report."""
    with database.reading() as session:
        rows = session.execute(
            select(LinkCheck.state, Repost.grade)
            .join(Repost, Repost.id == LinkCheck.repost_id)
            .order_by(Repost.id)
        )
        return [(row.state, row.grade) for row in rows]


def test_words_of_the_toolkit_are_seen_where_they_are(
    sqlite_database: Database, there: Site
) -> None:
    paths = ("/news", "/other", "/private", "/inside", "/gone")
    reported(sqlite_database, *map(there.at, paths))

    assert CheckWork(runtime(sqlite_database)).run() == 5

    assert found(sqlite_database) == [
        ("seen", "seen"),
        ("not-found", "unverified"),
        ("not-found", "unverified"),  # what is for a private segment proves nothing in public
        ("refused", "unverified"),
        ("unreachable", "unverified"),
    ]
    with sqlite_database.reading() as session:
        first = session.scalars(select(LinkCheck).order_by(LinkCheck.id)).first()
        assert first is not None
        assert (first.status, first.address) == (200, there.at("/news"))
        assert first.excerpt.startswith("Cold weather is on its way")


def test_in_production_this_machine_is_not_asked(sqlite_database: Database, there: Site) -> None:
    reported(sqlite_database, there.at("/news"))

    CheckWork(runtime(sqlite_database, loopback=False)).run()

    assert found(sqlite_database) == [("refused", "unverified")]
    assert there.asked == []


def test_a_site_that_is_down_is_tried_later(sqlite_database: Database) -> None:
    with site() as down:
        link = down.at("/")
    reported(sqlite_database, link)

    CheckWork(runtime(sqlite_database)).run()

    assert found(sqlite_database) == [("waiting", "reported")]


def test_the_clock_rings_while_a_link_is_due(sqlite_database: Database) -> None:
    rung: list[str] = []
    reported(sqlite_database, "https://club.example.org/")
    bells = {CHECKS: lambda: rung.append(CHECKS)}

    Clock(sqlite_database, bells, lambda: datetime.now(UTC)).tick()

    assert rung == [CHECKS] * PEAL


def test_everything_in_one_process_looks_by_itself(sqlite_database: Database, there: Site) -> None:
    reported(sqlite_database, there.at("/news"))

    with running(runtime(sqlite_database)):
        awaited(lambda: found(sqlite_database) == [("seen", "seen")])


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """An authority that this machine trusts, as OpenSSL is told by its own setting."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    fetching._tls.cache_clear()
    yield made
    fetching._tls.cache_clear()


def looked_at(database: Database, tls: ssl.SSLContext) -> tuple[str, str, str]:
    """What came of a look at a site with this certificate: state, grade and words."""
    with site(tls) as there:
        there.answers["/news"] = page(COPY)
        reported(database, there.at("/news"))
        assert CheckWork(runtime(database)).run() == 1
    with database.reading() as session:
        words = session.scalars(select(LinkCheck.found)).one()
    return *found(database)[0], words


def test_a_page_is_read_over_tls(sqlite_database: Database, authority: Authority) -> None:
    state, grade, _ = looked_at(sqlite_database, authority.site())
    assert (state, grade) == ("seen", "seen")


@pytest.mark.parametrize("flaw", ["another name", "over", "unknown"])
def test_a_page_with_a_wrong_certificate_is_not_believed(
    sqlite_database: Database, authority: Authority, tmp_path: Path, flaw: str
) -> None:
    (tmp_path / "other").mkdir()
    wrong = {
        "another name": lambda: authority.site("127.0.0.2"),
        "over": lambda: authority.site(days=-1),
        "unknown": lambda: Authority(tmp_path / "other").site(),
    }[flaw]
    assert looked_at(sqlite_database, wrong()) == (
        "unreachable",
        "unverified",
        "the site has no valid certificate",
    )

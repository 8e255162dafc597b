"""The public library with 5,000 toolkits: its pages, its search, and how many pages a second.

Aim: 500 pages a second from one process of the embedded server. Its peer in the same run is the
same server with the same bytes and nothing behind it.
"""

import http.client
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from statistics import median
from typing import TYPE_CHECKING, Any

import waitress
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from bench.addresses import SECRET
from bench.stage import free_port
from cascade.cli.runtime import prepare
from cascade.config import Settings
from cascade.database import Database, connect
from cascade.library.indexing import learn_everything
from cascade.library.records import Toolkit, ToolkitVersion
from cascade.web.app import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

TOOLKITS = 5_000
PAGES = (
    ("shelf", "/library"),
    ("shelf, filtered", "/library?topic=topic+3&days=30"),
    ("a far page", "/library?page=200"),
    ("a common word", "/library?search=weather"),
    ("two words", "/library?search=weather+subject+77"),
    ("a rare word", "/library?search=subject4321"),
    ("a slip", "/library?search=pharmasist"),
    ("a toolkit", "/library/toolkit-{}"),
)
_ROUNDS, _CLIENTS, _SECONDS = 15, 4, 5.0
_SENTENCE = "Wrap up warm, keep one room at 18 degrees, and ask your pharmacist early. "


def main() -> None:
    """Fill a library on each engine and print what its pages take."""
    with tempfile.TemporaryDirectory(prefix="cascade-bench-") as folder:
        _measure("SQLite", f"sqlite:///{folder}/library.db")
    from tests import servers

    with servers.postgresql() as server, servers.postgresql_database(server, "library") as url:
        _measure("PostgreSQL", url)


def text(number: int) -> str:
    """A toolkit with words that all have, and one that only it has."""
    body = "\n\n".join(f"Part {part}. {_SENTENCE * 3}" for part in range(4))
    return (
        f"---\ntitle: Cold weather, subject{number}\ntoolkit: toolkit-{number}\n"
        f"campaign: Campaign {number % 12}\nlead: Example ICB\nsummary: What to do, {number}.\n"
        f"topics:\n  - topic {number % 9}\n  - topic {number % 5}\n"
        "key_messages:\n  - Keep warm and check on others.\naction: Pass this on.\n---\n"
        f"{body}\n\n::: for voluntary-sector\nFor volunteers. {_SENTENCE}\n:::\n\n"
        f"::: for care-homes\nFor homes. {_SENTENCE}\n:::\n"
    )


def fill(database: Database, toolkits: int, now: datetime) -> None:
    """As many toolkits, over the last half year; checking each text would take most of the time."""
    prepare(database)
    for start in range(0, toolkits, 500):
        with database.writing() as session:
            for number in range(start, min(start + 500, toolkits)):
                _add(session, number, now - timedelta(hours=number))
            session.flush()
            learn_everything(session)


def _add(session: Session, number: int, at: datetime) -> None:
    title, name = f"Cold weather, subject{number}", f"toolkit-{number}"
    session.add(Toolkit(id=number + 1, name=name, title=title, language="en", created_at=at))
    session.flush()
    session.add(
        ToolkitVersion(
            toolkit_id=number + 1,
            language="en",
            number=1,
            title=title,
            text=text(number),
            sha256="0" * 64,
            published_at=at,
            published_by="bench@example.org",
        )
    )


def _measure(engine: str, url: str) -> None:
    database = connect(url)
    start = time.perf_counter()
    fill(database, TOOLKITS, datetime.now(UTC))
    sys.stdout.write(f"{engine}: {TOOLKITS:,} toolkits in {time.perf_counter() - start:.0f} s\n")
    settings = Settings.model_validate({"secret_key": SECRET, "sign_off": "off"})
    app = create_app(settings, database, clock=lambda: datetime.now(UTC))
    client = app.test_client()
    _page(client, "/library")
    sys.stdout.write("| page | ms, made | ms, kept |\n")
    for name, address in PAGES:
        made, kept = _taken(client, address)
        sys.stdout.write(f"| {name} | {made:.1f} | {kept:.1f} |\n")
    several = [f"/library/toolkit-{number}" for number in range(50)]
    body = client.get(several[0]).data
    for _ in range(2):
        ours = _rate(app, several)
        peer = _rate(_bare(body), several)
        sys.stdout.write(
            f"{ours:.0f} pages a second, the bare server {peer:.0f}: ratio {ours / peer:.2f}\n"
        )
    database.close()


def _taken(client: FlaskClient, address: str) -> tuple[float, float]:
    """Medians in milliseconds: of a page nobody has asked for yet, and of one that is kept."""
    fresh = [_fresh(client, address.format(number)) for number in range(_ROUNDS)]
    return median(fresh), median(_page(client, address.format(0)) for _ in range(_ROUNDS))


def _fresh(client: FlaskClient, address: str) -> float:
    """The page made anew; the list of the library is kept, as it is between two approvals."""
    library: Any = client.application.extensions["cascade-library"]
    library._state._answers.clear()
    return _page(client, address)


def _page(client: FlaskClient, address: str) -> float:
    start = time.perf_counter()
    answered = client.get(address)
    took = (time.perf_counter() - start) * 1000
    assert answered.status_code == 200, address
    return took


def _bare(body: bytes) -> "WSGIApplication":
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]

    def answer(environ: Any, start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", headers)
        return [body]

    return answer


def _rate(app: Any, addresses: list[str]) -> float:
    """Answers a second to clients that keep their connections, in a process of their own."""
    with _served(app) as port, get_context("spawn").Pool(1) as clients:
        return clients.apply(_ask_together, (port, addresses))


def _ask_together(port: int, addresses: list[str]) -> float:
    counts: list[int] = []
    end = time.perf_counter() + _SECONDS
    several = [
        threading.Thread(target=_ask, args=(port, addresses[n:], end, counts))
        for n in range(_CLIENTS)
    ]
    for one in several:
        one.start()
    for one in several:
        one.join()
    return sum(counts) / _SECONDS


def _ask(port: int, addresses: list[str], end: float, counts: list[int]) -> None:
    connection, count = http.client.HTTPConnection("127.0.0.1", port), 0
    while time.perf_counter() < end:
        connection.request("GET", addresses[count % len(addresses)])
        answered = connection.getresponse()
        answered.read()
        assert answered.status == 200
        count += 1
    connection.close()
    counts.append(count)


@contextmanager
def _served(app: Any) -> Iterator[int]:
    """The embedded server, in this process as `cascade serve` has it."""
    port = free_port()
    server = waitress.create_server(app, host="127.0.0.1", port=port, threads=8, ident=None)
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    try:
        yield port
    finally:
        server.close()


if __name__ == "__main__":
    main()

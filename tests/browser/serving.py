"""The real application behind the real server of the embedded installation, in a thread."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from playwright.sync_api import BrowserContext
from waitress import wasyncore
from waitress.server import create_server

from cascade.accounts import visits
from cascade.accounts.users import Person
from cascade.config import Settings
from cascade.database import Database
from tests.cascade.web.application import open_app
from tests.cascade.web.scene import Scene


def listening() -> tuple[socket.socket, str]:
    """A socket on a free port, and the address that leads to it."""
    opened = socket.create_server(("127.0.0.1", 0))
    return opened, f"http://127.0.0.1:{opened.getsockname()[1]}"


def come_in(context: BrowserContext, base: str, scene: Scene, who: Person) -> None:
    """Begin somebody's visit in a browser, without the pages of signing in."""
    with scene.database.writing() as session:
        token = visits.begin(session, who.id, address="127.0.0.1", browser="", now=scene.now)
    context.add_cookies([{"name": "cascade", "value": token, "url": base}])


@contextmanager
def serving(
    settings: Settings,
    database: Database,
    clock: Callable[[], datetime],
    opened: socket.socket | None = None,
) -> Iterator[str]:
    """Serve on a free port, or on this socket; gives the address to begin paths with."""
    sockets = [opened or listening()[0]]
    server = create_server(open_app(settings, database, clock), sockets=sockets, threads=4)
    thread = threading.Thread(target=server.run, name="waitress")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown(timeout=10)
        # In the server's own thread, and with the connections that the browser keeps open.
        server.trigger.pull_trigger(partial(wasyncore.close_all, server._map))
        thread.join(10)
        assert not thread.is_alive()

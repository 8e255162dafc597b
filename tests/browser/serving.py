"""The real application behind the real server of the embedded installation, in a thread."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from waitress.server import create_server

from cascade.config import Settings
from cascade.database import Database
from tests.cascade.web.application import open_app


@contextmanager
def serving(settings: Settings, database: Database, clock: Callable[[], datetime]) -> Iterator[str]:
    """Serve on a free port; gives the address to begin paths with."""
    server = create_server(open_app(settings, database, clock), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, name="waitress")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown(timeout=10)
        server.close()
        thread.join(10)

"""Made-up groups that used a toolkit, one with a page of its own that the demonstration serves."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sqlalchemy import select
from sqlalchemy.orm import Session

from cascade.audience.records import Organisation
from cascade.database import Database
from cascade.library.publish import find
from cascade.library.records import Toolkit
from cascade.reposts import rolling_up, using
from cascade.reposts.using import Given
from cascade.sending.deadlines import LONDON
from workers.runtime import utc_now

TOOLKIT = "flu-jab"
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>News of the lunch club</title></head><body>
<h1>News of the lunch club</h1>
<p>Bingo is on Thursday, as ever. And this, from the health service:</p>
<ul>
<li>The flu jab is <b>free</b> for people over 65, people with a long-term illness, and all care
staff.</li>
<li>A jab protects you and everybody you care for.</li>
</ul>
</body></html>
"""


@contextmanager
def newsletter() -> Iterator[str]:
    """Serve the page of a group, on a free port of this machine; gives its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        serving = threading.Thread(target=server.serve_forever, name="newsletter", daemon=True)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/news"
        finally:
            server.shutdown()


def tell_of_use(database: Database, link: str) -> None:
    """Three groups used the toolkit: one on its page, one on a noticeboard, one gave no name."""
    now = utc_now()
    with database.writing() as session:
        toolkit = find(session, TOOLKIT)
        first, second = session.scalars(
            select(Organisation.name).where(Organisation.kind == "voluntary-sector").limit(2)
        )
        _tell(session, toolkit, now, group=first, way="link", link=link, people="240")
        _tell(session, toolkit, now, group=second, way="noticeboard", people="60")
        _tell(session, toolkit, now, way="meeting", people="15", words="At our coffee morning.")
        rolling_up.set_target(session, toolkit.id, "groups", "3")


def _tell(session: Session, toolkit: Toolkit, now: datetime, **told: str) -> None:
    blank = dict.fromkeys(("group", "email", "people", "link", "words"), "")
    today = now.astimezone(LONDON).date().isoformat()
    given = Given(**(blank | {"used_on": today} | told))  # type: ignore[arg-type]
    report = using.checked(given, toolkit.created_at, now, loopback=True)
    using.keep(session, toolkit.id, report, now=now)


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = _PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", f"{len(content)}")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """The demonstration's own lines are enough."""

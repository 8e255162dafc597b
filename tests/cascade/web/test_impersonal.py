"""No public form of the demo's toolkits speaks to a recipient, who alone has to confirm."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cascade.database import Database
from cascade.shelf import copies
from cascade.shelf.kit import PIECES, file
from cascade.shelf.orders import order
from cascade.shelf.visible import current
from cascade.web.appearance import look
from tests.cascade.shelf.texts import put
from tests.cascade.web.application import open_app
from tests.cascade.web.scene import settings
from tests.world import seed

DEMO = Path("cascade/cli/demo/toolkits")
NAMES = ("christmas-opening-hours", "cold-snap", "flu-jab")
PERSONAL = re.compile(
    r"no fixed time|colleague|your organisation|named contact|no code|onfirm(?! password)"
)
EMPTY = re.compile(r"<(p|li|h[1-6]|ul|ol|tr|td|strong|a)\b(?![^>]*role=)[^>]*>\s*</\1>")
PATHS = (
    *("/library/{}", "/library/{}?as=text", "/library/{}?as=easy", "/library/{}?as=large"),
    *("/embed/{}", "/library/{}?audience=voluntary-sector", "/library/{}/kit"),
    *("/library/{}?language=ur", "/library/{}?language=ur&as=text", "/library/{}/en/1"),
)


@pytest.fixture
def client(sqlite_database: Database, now: datetime) -> FlaskClient:
    with sqlite_database.writing() as session:
        seed(session)
        for one in sorted(DEMO.glob("*.md")):
            put(session, now, one.read_text())
    return open_app(settings(), sqlite_database, lambda: now).test_client()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("path", PATHS)
def test_no_page_speaks_to_a_recipient(client: FlaskClient, path: str, name: str) -> None:
    answered = client.get(path.format(name))

    assert answered.status_code == 200
    assert not PERSONAL.search(answered.text)
    assert not EMPTY.search(answered.text.partition("<main")[2])


@pytest.mark.parametrize(
    "path", ["/feeds/library.atom", "/library", "/library?search=organisation"]
)
def test_no_list_or_feed_does(client: FlaskClient, path: str) -> None:
    answered = client.get(path)

    assert answered.status_code == 200
    assert not re.search("no fixed time|colleague|your organisation", answered.text)


@pytest.mark.parametrize("name", NAMES)
def test_no_piece_of_the_kit_does(
    client: FlaskClient, sqlite_database: Database, name: str
) -> None:
    with client.application.test_request_context(), sqlite_database.reading() as session:
        shown = current(session, name, sign_off=False)["en"]
        wanted = order(shown, look(), "http://localhost", audience="voluntary-sector")
    said = [text.title + copies.as_text(wanted, text) for _, text in copies.listed(wanted)]
    said += [one.text for one in copies.posts(wanted)] + [copies.sms(wanted)]
    made = [one for one in PIECES.values() if "md" in one.endings]
    said += [file(wanted, one.name, "md").decode() for one in made]

    assert made
    for one in said:
        assert one.strip()
        assert not PERSONAL.search(one)

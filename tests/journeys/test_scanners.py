"""What mail gateways do to links, pages and forms: none of it may confirm or unsubscribe anything.

A real message is composed, its real links are taken out of it, and each behaviour is let loose on
the real server. What is compared is the whole database, before and after.
"""

import re
import shutil
from collections.abc import Iterator, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from cascade.database import connect
from cascade.identity import identity
from cascade.sending.compositor import Compositor
from cascade.sending.records import Delivery
from cascade.sending.states import Tier
from tests.browser.chromium import launched
from tests.browser.serving import listening, serving
from tests.cascade.web.dump import dump
from tests.cascade.web.forms import untouched
from tests.cascade.web.scene import NOW, Scene, build, settings, ticking
from tests.journeys.scanners import (
    BEHAVIOURS,
    BROWSER_BEHAVIOURS,
    ONE_CLICK,
    PERSON,
    Scanner,
)


@pytest.fixture(scope="module")
def scene(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A routine cascade, whose messages can be unsubscribed, and the server of its pages."""
    file = tmp_path_factory.mktemp("scanners") / "cascade.db"
    shutil.copy(sqlite_template, file)
    database = connect(f"sqlite:///{file}")
    opened, address = listening()
    built = build(database, NOW, tier=Tier.ROUTINE, base_url=address)
    with serving(settings(base_url=address), database, ticking(NOW), opened):
        yield built
    database.close()


@pytest.fixture(scope="module")
def scanner(scene: Scene) -> Iterator[Scanner]:
    """A gateway that has the first recipient's message in its hands."""
    compositor = Compositor(scene.links, identity(settings()))
    with scene.database.reading() as session:
        delivery = session.get_one(Delivery, scene.deliveries[0])
        variant = compositor.variant(session, delivery.variant_id)
        out = variant.outgoing(delivery.id, delivery.address, delivery.slots, now=NOW)
    message = message_from_bytes(out.body, policy=policy.default)
    assert isinstance(message, EmailMessage)
    with httpx.Client(follow_redirects=True, timeout=30) as http:
        yield Scanner(message, scene, http)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A full browser, as some gateways use one."""
    with launched() as opened:
        yield opened


def addresses(scanner: Scanner) -> Sequence[str]:
    return (scanner.confirm, scanner.unsubscribe)


def test_the_message_holds_the_links_that_matter(scanner: Scanner) -> None:
    assert httpx.get(scanner.confirm).status_code == 200
    assert httpx.get(scanner.unsubscribe).status_code == 200


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_scanner_changes_nothing_with(name: str, scanner: Scanner) -> None:
    before = dump(scanner.scene.database)

    BEHAVIOURS[name](scanner)

    assert dump(scanner.scene.database) == before


@pytest.mark.browser
@pytest.mark.parametrize("name", BROWSER_BEHAVIOURS)
def test_a_browser_changes_nothing_that(name: str, scanner: Scanner, browser: Browser) -> None:
    before = dump(scanner.scene.database)

    for address in addresses(scanner):
        context = browser.new_context()
        context.route(re.compile("example.org"), lambda route: route.fulfill(body="elsewhere"))
        BROWSER_BEHAVIOURS[name](context.new_page(), address)
        context.close()

    assert dump(scanner.scene.database) == before


def test_a_person_does_change_something(scanner: Scanner) -> None:
    """The same requests with a choice, a name and a role: so the tests above could fail."""
    before = dump(scanner.scene.database)

    scanner.post(scanner.confirm, untouched(scanner.page(scanner.confirm)) | PERSON)
    confirmed = dump(scanner.scene.database)
    scanner.post(scanner.unsubscribe, ONE_CLICK)
    unsubscribed = dump(scanner.scene.database)

    assert len(confirmed["confirmations"]) == len(before["confirmations"]) + 1
    assert len(unsubscribed["suppressions"]) == len(before["suppressions"]) + 1

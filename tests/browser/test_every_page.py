"""Every page that there is, walked by itself: no barrier, nothing too wide for a small phone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from cascade.config import Settings
from cascade.database import connect
from cascade.web.previews import FORMAT_WORDS
from tests.browser.axe import check
from tests.browser.chromium import faultless, opened_in
from tests.browser.county import County, bring, fill
from tests.browser.serving import serving
from tests.cascade.web.application import open_app
from tests.cascade.web.mail import catch
from tests.cascade.web.scene import NOW, copied, kept, settings, ticking
from tests.cascade.web.test_access import ANYBODY, NEEDED, addresses

RELEASE = "/release/cold-snap"
CHOSEN = "segment=care-homes&segment=pharmacies"
FORMS = "&".join(f"format={one}" for one in FORMAT_WORDS)

ELSEWHERE = {
    "confirm.show": "needs a recipient’s link: `test_pages.py` walks it in each state",
    "unsubscribe.show": "the same",
    "passwords.choose": "the same, with a link of somebody’s account",
    "desk.door": "the same",
    "entrance.show": "for who is not signed in: `test_pages.py` walks it in each state",
    "entrance.show_code": "the same",
    "passwords.forgotten": "the same",
    "subscribing.confirmation": "needs the link of a letter: `web/test_subscribing.py` has it",
    "provider.answer": "needs a provider of sign-in: walked with one below",
    "takers.follow": "leads to the library",
    "takers.follow_to_kit": "leads to the library",
    "takers.ask_to_stop": "needs a taker’s link: `test_reposts.py` walks it",
    "using.show_own": "the same",
}
"""Pages of their own tests, with why."""

NO_PAGE = {
    "static": "a file",
    "assets.serve": "a file",
    "assets.thumbnail": "a picture",
    "health.alive": "words for a machine",
    "health.ready": "words for a machine",
    "cascades.current": "a part of a page that is walked",
    "cascades.figures": "a part of a page that is walked",
    "drafts.shown": "a part of a page that is walked",
    "health_page.current": "a part of a page that is walked",
    "watch.export": "a download",
    "audit.export": "a download",
    "importing.rejects": "a download",
    "inserts.export": "a download",
    "inbox.raw": "a download",
    "inbox.html": "a mail, in a frame of a page that is walked",
    "previews.version_email": "a mail, in a frame of a page that is walked",
    "previews.draft_email": "a mail, in a frame of a page that is walked",
    "samples.email": "a mail, in a frame of a page that is walked",
    "issue_samples.email": "a mail, in a frame of a page that is walked",
    "look.email": "a mail, in a frame of a page that is walked",
    "look_files.logo": "a picture",
    "look_files.style": "a style sheet",
    "provider.begin": "leads to the provider",
    "library.sitemap": "words for a machine",
    "library.robots": "words for a machine",
    "library_toolkits.picture": "a picture",
    "kit.piece": "a download",
    "kit.everything": "a download",
    "library_toolkits.read_aloud": "a sound, where the machine can speak",
    "reposts.export": "a download",
    "reposts.picture": "a picture",
    "embed.oembed": "words for a machine",
    "issues.email": "a mail, in a frame of a page that is walked",
    "bulletins.dates": "a part of a page that is walked",
    "archive.on_paper": "a download",
    "archive.calendar": "words for a machine",
    "feeds.library": "words for a machine",
    "feeds.issues": "words for a machine",
    "feeds.for_segment": "words for a machine",
}
"""Addresses that answer with something else, with what."""

CHANGED = {
    "countersigning.show": "/cascades/2/countersign",
    "watch_controls.ask": "/cascades/2/withdraw",
    "releasing.tier": f"{RELEASE}/tier?{CHOSEN}",
    "releasing.when": f"{RELEASE}/when?{CHOSEN}&tier=routine",
    "releasing.check": f"{RELEASE}/check?{CHOSEN}&tier=urgent",
    "left_out.listing": f"{RELEASE}/left-out?{CHOSEN}&tier=urgent&why=bounced",
    "samples.show": f"{RELEASE}/as/1?{CHOSEN}&tier=urgent",
    "suppression_changes.ask": "/suppressions/lift?email=bounced.and.a.long.address"
    "@home1.example.org",
    "merging.compare": "/organisations/1/merge/2",
    "library_toolkits.version": "/library/cold-snap/en/2",
    "archive.show": "/bulletins/county-news",
    "subscribing.show": "/bulletins/county-news/subscribe",
    "archive.issue": "/bulletins/county-news/1",
    "archive.on_paper": "/bulletins/county-news/1.pdf",
    "archive.calendar": "/bulletins/county-news/dates.ics",
    "feeds.issues": "/feeds/county-news.rss",
    "feeds.for_segment": "/feeds/county-news/voluntary-sector.json",
}
"""Addresses of which the plain one has little to show."""

STATES: Mapping[str, tuple[str, int]] = {
    "a search without a result": ("/search?q=zzzz", 200),
    "a search with results": ("/search?q=o", 200),
    "cascades not found": ("/cascades?search=zzzz", 200),
    "organisations not found": ("/organisations?search=zzzz", 200),
    "closed organisations": ("/organisations?closed=yes", 200),
    "a closed organisation": ("/organisations/3", 200),
    "toolkits not found": ("/toolkits?search=zzzz", 200),
    "files not found": ("/assets?search=zzzz", 200),
    "entries not found": ("/audit?search=zzzz", 200),
    "duplicates by address": ("/organisations/duplicates?by=email", 200),
    "all previews of a draft": (f"/drafts/1?{CHOSEN}&{FORMS}", 200),
    "a changed draft": ("/drafts/1/history/2", 200),
    "an approved version": ("/versions/2", 200),
    "a returned version": ("/versions/3", 200),
    "a version that waits": ("/versions/4", 200),
    "a cascade that waits for a second person": ("/cascades/2", 200),
    "a paused cascade": ("/cascades/3", 200),
    "a cascade that goes out later": ("/cascades/4", 200),
    "a withdrawn cascade": ("/cascades/5", 200),
    "recipients who wait": ("/cascades/4/recipients", 200),
    "nobody found": ("/cascades/1/recipients?search=zzzz", 200),
    "a story that ends badly": ("/cascades/1/recipients/3", 200),
    "no answers": ("/cascades/4/answers", 200),
    "no failures": ("/cascades/4/failures", 200),
    "nobody is chosen": (f"{RELEASE}/tier", 422),
    "no tier is chosen": (f"{RELEASE}/when?{CHOSEN}", 422),
    "a time that is over": (
        f"{RELEASE}/check?{CHOSEN}&tier=routine&when=at&date=2020-01-01&time=09:00",
        422,
    ),
    "a release that is not approved": ("/release/flood/check?segment=care-homes&tier=urgent", 200),
    "a closed user": ("/users/4", 200),
    "a search of the library": ("/library?search=cold", 200),
    "a search of the library without a result": ("/library?search=zzzz", 200),
    "a toolkit in large print": ("/library/cold-snap?as=large", 200),
    "a toolkit in short lines": ("/library/cold-snap?as=easy", 200),
    "a page that is not there": ("/users/99", 404),
}
"""Other states of the same pages: the address, and what it answers with."""


def _catching(folder: Path) -> Settings:
    return settings(catcher=catch(folder / "caught.db"), desk="link")


@cache
def pages() -> Mapping[str, tuple[str, int]]:
    """The address of every page of ours, by its endpoint; made before there is a database."""
    somewhere = settings(catcher=Path("caught.db"))
    app = open_app(somewhere, connect("sqlite://"), ticking(NOW))
    there = addresses(app, "GET") | CHANGED
    gone = NO_PAGE.keys() | ELSEWHERE.keys()
    return {endpoint: (path, 200) for endpoint, path in there.items() if endpoint not in gone}


@dataclass(frozen=True, slots=True)
class Installation:
    """An application with a county in it, and where a browser finds it."""

    app: Flask
    county: County
    base: str
    imported: str


@pytest.fixture(scope="module")
def installation(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Built once: no test changes it."""
    folder = tmp_path_factory.mktemp("county")
    with copied(kept(sqlite_template, folder), folder) as scene:
        county, chosen = fill(scene), _catching(folder)
        app = open_app(chosen, scene.database, ticking(NOW))
        imported = bring(app, county)
        with serving(chosen, scene.database, ticking(NOW)) as base:
            yield Installation(app, county, base, imported)


def _enter(context: BrowserContext, at: Installation, visit: str) -> Page:
    context.add_cookies([{"name": "cascade", "value": visit, "url": at.base}])
    return context.new_page()


@pytest.fixture(scope="module")
def shared(browser: Browser, installation: Installation) -> Iterator[Page]:
    """One page, of somebody who may see everything."""
    with opened_in(browser) as context:
        yield _enter(context, installation, installation.county.complete)


@pytest.mark.parametrize("name", [*pages(), *STATES])
def test_a_page_has_no_barriers_and_fits_a_small_phone(
    shared: Page, installation: Installation, name: str
) -> None:
    path, status = (pages() | dict(STATES))[name]
    if name == "importing.show":
        path = installation.imported
    with faultless(shared):
        answered = shared.goto(installation.base + path)
        assert answered is not None
        assert (answered.status, shared.locator("h1").count()) == (status, 1)
        check(shared)


def test_what_lacks_a_second_step_is_said_without_barriers(
    browser: Browser, installation: Installation
) -> None:
    with opened_in(browser) as context:
        page = _enter(context, installation, installation.county.lacking)
        for path in ("/", "/account/second-step", RELEASE):
            page.goto(installation.base + path)
            assert "second step" in page.locator("body").inner_text()
            check(page)


_WITH_PROVIDER = {
    "/sign-in": "Sign in",
    "/sign-in/provider/answer?state=x&code=y": "That did not work",
    "/sign-in/provider": "West County account does not answer",
}


def test_pages_of_a_provider_of_sign_in_have_no_barriers(
    browser: Browser, installation: Installation
) -> None:
    county = installation.county
    provider = settings(
        desk="link",
        oidc_issuer="http://127.0.0.1:9",
        oidc_client_id="cascade",
        oidc_client_secret="not asked for here",
        oidc_name="West County account",
    )
    with (
        serving(provider, county.scene.database, ticking(NOW)) as base,
        opened_in(browser) as context,
    ):
        page = context.new_page()
        for path, heading in _WITH_PROVIDER.items():
            page.goto(base + path)
            page.get_by_role("heading", name=heading).wait_for()
            check(page)
        context.add_cookies([{"name": "cascade", "value": county.complete, "url": base}])
        page.goto(f"{base}/account")
        page.get_by_role("button", name="Link with West County account").wait_for()
        check(page)


def test_on_paper_there_is_nothing_to_press_and_no_address_of_a_page(
    shared: Page, installation: Installation
) -> None:
    shared.emulate_media(media="print")
    for path in ("/cascades/1", "/organisations/1"):
        shared.goto(installation.base + path)
        for pressed in ("header", "footer", ".nhsuk-button", ".nhsuk-back-link"):
            seen = shared.locator(pressed).evaluate_all("all => all.some(e => e.checkVisibility())")
            assert not seen, pressed
        written = shared.locator("main a").evaluate_all(
            "all => all.map(e => getComputedStyle(e, '::after').content)"
        )
        assert {*written, "none"} == {"none"}
    shared.emulate_media(media="screen")


def test_what_is_not_walked_is_no_page(installation: Installation) -> None:
    client = installation.app.test_client()
    client.set_cookie("cascade", installation.county.complete)
    there = addresses(installation.app, "GET") | CHANGED
    there["importing.rejects"] = f"{installation.imported}/rejects.csv"

    assert set(NO_PAGE) | set(ELSEWHERE) <= set(there)
    for endpoint in NO_PAGE:
        text = client.get(there[endpoint], buffered=True).get_data()
        # Without a provider, or a program that speaks, these two say so on a page.
        elsewhere = ("provider.begin", "library_toolkits.read_aloud")
        assert b"<header" not in text or endpoint in elsewhere, endpoint


def test_pages_that_are_walked_elsewhere_are_open_to_anybody() -> None:
    assert {NEEDED[endpoint] for endpoint in ELSEWHERE} == {ANYBODY}

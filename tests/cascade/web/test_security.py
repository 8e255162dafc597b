"""What every answer tells the browser, and that asking changes nothing."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cascade.web.application import open_app
from tests.cascade.web.dump import dump
from tests.cascade.web.people import browser, link, person
from tests.cascade.web.scene import DOT_HASH, Scene, settings, ticking

FILLED = "answer=received&name=Jo&role=Nurse&choice=stop&List-Unsubscribe=One-Click"

FRAMED = (
    *("inbox.html", "previews.version_email", "previews.draft_email", "look.email"),
    "issues.email",
)
FILES = (
    *("inbox.raw", "static", "assets.serve", "assets.thumbnail", "look_files.logo"),
    *("kit.everything", "kit.piece", "reposts.picture"),
)
"""Mail by itself, for a frame."""


def paths(scene: Scene) -> dict[str, str]:
    """An address for each page that can be opened."""
    return {
        "confirm.show": scene.confirm_path(),
        "unsubscribe.show": scene.unsubscribe_path(),
        "cascades.home": "/",
        "cascades.current": "/today",
        "cascades.listing": "/cascades?search=cold",
        "cascades.show": "/cascades/1",
        "cascades.figures": "/cascades/1/funnel",
        "searching.show": "/search?q=oak",
        "watch.recipients": "/cascades/1/recipients",
        "watch.export": "/cascades/1/recipients.csv",
        "watch.story": "/cascades/1/recipients/1",
        "watch.answers": "/cascades/1/answers",
        "watch.failures": "/cascades/1/failures",
        "watch_controls.ask": "/cascades/1/withdraw",
        "desk.door": "/desk/x",
        "entrance.show": "/sign-in",
        "entrance.show_code": "/sign-in/code",
        "provider.begin": "/sign-in/provider",
        "provider.answer": "/sign-in/provider/answer",
        "passwords.forgotten": "/forgotten",
        "passwords.choose": "/reset/x",
        "account.show": "/account",
        "account.password": "/account/password",
        "second_step.show": "/account/second-step",
        "second_step.codes": "/account/recovery-codes",
        "organisations.listing": "/organisations",
        "organisations.show": "/organisations/1",
        "organisation_changes.blank": "/organisations/new",
        "organisation_changes.edit": "/organisations/1/change",
        "contacts.blank": "/organisations/1/contacts/new",
        "contacts.edit": "/organisations/1/contacts/1",
        "contacts.show_order": "/organisations/1/order",
        "merging.listing": "/organisations/duplicates",
        "merging.compare": "/organisations/1/merge/2",
        "importing.choose": "/organisations/import",
        "importing.show": "/organisations/import/1",
        "importing.rejects": "/organisations/import/1/rejects.csv",
        "segments.listing": "/segments",
        "segment_members.show": "/segments/care-homes",
        "segment_making.blank": "/segments/new",
        "segment_changes.edit": "/segments/care-homes/change",
        "suppressions.show": "/suppressions",
        "suppression_changes.blank": "/suppressions/new",
        "suppression_changes.ask": "/suppressions/lift?email=no@example.org",
        "versions.waiting": "/approvals",
        "versions.show": "/versions/1",
        "releasing.segments": "/release/cold-snap",
        "releasing.tier": "/release/cold-snap/tier?segment=care-homes",
        "releasing.when": "/release/cold-snap/when?segment=care-homes&tier=urgent",
        "releasing.check": "/release/cold-snap/check?segment=care-homes&tier=urgent",
        "left_out.listing": "/release/cold-snap/left-out?tier=urgent&why=overlap"
        "&segment=pharmacies",
        "samples.show": "/release/cold-snap/as/1?tier=urgent&segment=care-homes",
        "samples.email": "/release/cold-snap/as/1/email?tier=urgent&segment=care-homes",
        "countersigning.show": "/cascades/1/countersign",
        "users.listing": "/users",
        "users.invitation": "/users/invite",
        "users.show": "/users/1",
        "roles.show": "/roles",
        "audit.listing": "/audit",
        "audit.export": "/audit.csv",
        "settings.show": "/settings",
        "windows.show": "/settings/windows",
        "look.show": "/settings/look",
        "look.email": "/settings/look/email",
        "look_files.style": "/look/005eb8.css",
        "look_files.logo": f"/logo/{DOT_HASH}",
        "tiers.listing": "/settings/tiers",
        "tiers.show": "/settings/tiers/urgent",
        "approvers.listing": "/settings/approvers",
        "health_page.show": "/health",
        "health_page.current": "/health/now",
        "toolkits.listing": "/toolkits",
        "toolkits.syntax": "/toolkits/help",
        "toolkits.pieces": "/toolkits/snippets",
        "drafts.edit": "/drafts/1",
        "drafts.shown": "/drafts/1/previews",
        "histories.listing": "/drafts/1/history",
        "histories.show": "/drafts/1/history/1",
        "assets.listing": "/assets",
        "assets.serve": f"/a/{scene.asset}",
        "assets.thumbnail": f"/assets/{scene.asset.split('/')[0]}/thumbnail",
        "previews.version_email": "/versions/1/preview/email",
        "previews.draft_email": "/drafts/1/preview/email",
        "health.alive": "/healthz",
        "health.ready": "/readyz",
        "inbox.listing": "/inbox/",
        "inbox.show": "/inbox/1",
        "inbox.html": "/inbox/1/html",
        "inbox.raw": "/inbox/1/raw",
        "static": "/static/build/app.css",
        "library.listing": "/library?search=cold",
        "library.sitemap": "/sitemap.xml",
        "library.robots": "/robots.txt",
        "library_toolkits.show": "/library/cold-snap",
        "library_toolkits.version": "/library/cold-snap/en/1",
        "library_toolkits.picture": "/library/cold-snap/card.png",
        "kit.show": "/library/cold-snap/kit",
        "kit.piece": "/library/cold-snap/kit/article-50.md",
        "kit.everything": "/library/cold-snap/kit.zip",
        "library_toolkits.read_aloud": "/library/cold-snap/spoken.wav",
        "takers.show": "/library/cold-snap/take",
        "takers.follow": f"/t/{scene.links.token('taker', 1)}",
        "takers.follow_to_kit": f"/t/{scene.links.token('taker', 1)}/kit",
        "takers.ask_to_stop": f"/t/{scene.links.token('used', 1)}/stop",
        "using.show": "/library/cold-snap/used",
        "using.show_own": f"/t/{scene.links.token('used', 1)}/used",
        "embed.show": "/embed/cold-snap",
        "embed.oembed": "/oembed?url=http://127.0.0.1:8000/library/cold-snap",
        "reposts.listing": "/reposts",
        "reposts.export": "/reposts.csv",
        "reposts.show": "/reposts/1",
        "reposts.picture": "/reposts/1/picture",
        "repost_changes.blank": "/reposts/of/cold-snap/new",
        "repost_figures.show": "/reposts/of/cold-snap",
        "bulletins.listing": "/editions",
        "bulletins.blank": "/editions/new",
        "bulletins.dates": "/editions/dates?kind=weekly&weekday=1&at=10:00",
        "bulletins.show": "/editions/round-up",
        "bulletins.edit": "/editions/round-up/change",
        "bulletins.readers": "/editions/round-up/subscribers",
        "issues.show": "/editions/round-up/1",
        "issues.email": "/editions/round-up/1/preview/email",
        "issue_items.edit": "/editions/round-up/1/items/1",
        "issue_release.check": "/editions/round-up/1/release",
        "issue_samples.show": "/editions/round-up/1/as/1",
        "issue_samples.email": "/editions/round-up/1/as/1/email",
        "subscribing.show": "/bulletins/round-up/subscribe",
        "subscribing.confirmation": "/bulletins/round-up/subscribe/"
        f"{scene.links.token('subscribe', 1)}",
        "inserts.listing": "/inserts",
        "inserts.show": "/inserts/hours",
        "inserts.export": "/inserts/hours/table.csv",
        "inserts.history": "/inserts/hours/history",
        "inserts.former": "/inserts/hours/history/1",
        "insert_uploads.blank": "/inserts/new",
        "insert_uploads.choose": "/inserts/hours/upload",
        "insert_uploads.show": "/inserts/uploads/1",
        "insert_changes.edit": "/inserts/hours/rows/1",
        "archive.listing": "/bulletins",
        "archive.show": "/bulletins/round-up",
        "archive.issue": "/bulletins/round-up/1",
        "archive.on_paper": "/bulletins/round-up/1.pdf",
        "archive.calendar": "/bulletins/round-up/dates.ics",
        "feeds.library": "/feeds/library.atom",
        "feeds.issues": "/feeds/round-up.rss",
        "feeds.for_segment": "/feeds/round-up/care-homes.json",
    }


def is_for_robots(name: str) -> bool:
    """Whether search engines may read it: what stands in the public library."""
    return name.startswith(("library", "archive", "feeds"))


def test_every_page_is_in_the_table_above(app: Flask, scene: Scene) -> None:
    opened = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}

    assert opened == set(paths(scene))


@pytest.mark.parametrize("is_signed_in", [False, True])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_asking_changes_nothing(
    app: Flask, scene: Scene, now: datetime, method: str, is_signed_in: bool
) -> None:
    scene.accept(0)
    who = person(scene.database, now, "administrator")
    client = browser(app, scene.database, who, now) if is_signed_in else app.test_client()
    one_time = [
        f"/{way}/{link(scene.database, who, purpose, now)}"
        for way, purpose in (("desk", "sign-in"), ("reset", "reset"), ("welcome", "invitation"))
    ]
    before = dump(scene.database)

    for path in [*paths(scene).values(), *one_time]:
        client.open(path, method=method, buffered=True)
        client.open(f"{path}?{FILLED}", method=method, buffered=True)

    assert dump(scene.database) == before


@pytest.fixture
def administrator(app: Flask, scene: Scene, now: datetime) -> FlaskClient:
    """A browser that an administrator is signed in with."""
    return browser(app, scene.database, person(scene.database, now, "administrator"), now)


def test_every_page_allows_nothing_that_it_does_not_need(
    administrator: FlaskClient, scene: Scene
) -> None:
    for name, path in paths(scene).items():
        answered = administrator.get(path, buffered=True)
        headers, is_public = answered.headers, is_for_robots(name) and answered.status_code == 200
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "unsafe-inline" not in policy or name in FRAMED
        assert "frame-ancestors" in policy, name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["Referrer-Policy"] == "no-referrer", name
        assert headers["X-Robots-Tag"] == ("all" if is_public else "noindex, nofollow"), name
        assert "camera=()" in headers["Permissions-Policy"], name


def test_pages_with_a_token_are_kept_nowhere(client: FlaskClient, scene: Scene) -> None:
    for path in (scene.confirm_path(), scene.unsubscribe_path(), "/c/wrong", "/reset/x"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


def test_scripts_run_by_a_nonce_that_is_new_each_time(client: FlaskClient, scene: Scene) -> None:
    first, second = (client.get(scene.confirm_path()) for _ in range(2))

    nonces = []
    for answered in (first, second):
        found = re.search(
            r"script-src 'nonce-([^']+)'", answered.headers["Content-Security-Policy"]
        )
        assert found is not None
        used = re.findall(r'<script[^>]* nonce="([^"]+)"', answered.text)
        assert set(used) == {found[1]}
        assert len(re.findall("<script", answered.text)) == len(used)
        nonces.append(found[1])
    assert nonces[0] != nonces[1]


def test_pages_hold_no_inline_styles_or_handlers(administrator: FlaskClient, scene: Scene) -> None:
    for name, path in paths(scene).items():
        if name in (*FRAMED, *FILES):
            continue
        page = administrator.get(path, buffered=True).text
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page), name


def test_only_a_message_may_show_pictures_from_elsewhere(client: FlaskClient, scene: Scene) -> None:
    def pictures(path: str) -> str:
        policy = client.get(path).headers["Content-Security-Policy"]
        return next(part for part in policy.split("; ") if part.startswith("img-src"))

    assert pictures(scene.confirm_path()) == "img-src 'self' data: https:"
    assert pictures("/") == "img-src 'self' data:"


def test_https_is_kept_to_where_it_is_used(scene: Scene, now: datetime) -> None:
    chosen = settings(base_url="https://cascade.example.org")
    client = open_app(chosen, scene.database, ticking(now)).test_client()

    assert "max-age=31536000" in client.get("/").headers["Strict-Transport-Security"]


def test_without_https_nothing_is_promised(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_no_page_holds_the_logo_or_the_typeface_of_the_nhs(
    administrator: FlaskClient, scene: Scene
) -> None:
    for path in paths(scene).values():
        text = administrator.get(path, buffered=True).data.decode("utf-8", "replace")
        assert 'nhsuk-header__logo"' not in text
        assert "assets.nhs.uk" not in text
        assert "Frutiger" not in text

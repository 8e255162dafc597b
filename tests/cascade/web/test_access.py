"""Who may open what: every address, for every role, against one written table."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from cascade.accounts import second_step, users, visits
from cascade.accounts.permissions import ALLOWED, ROLE_WORDS, Permission, Role
from cascade.web import access
from tests.cascade.accounts.people import turn_on
from tests.cascade.web.application import open_app
from tests.cascade.web.people import browser, link, person, stamp
from tests.cascade.web.scene import DOT_HASH, SECRET, Scene, settings, ticking

ANYBODY, SIGNED_IN = "anybody", "signed in"

NEEDED = {
    "confirm.show": ANYBODY,
    "confirm.answer": ANYBODY,
    "unsubscribe.show": ANYBODY,
    "unsubscribe.change": ANYBODY,
    "health.alive": ANYBODY,
    "health.ready": ANYBODY,
    "static": ANYBODY,
    "entrance.show": ANYBODY,
    "entrance.sign_in": ANYBODY,
    "entrance.show_code": ANYBODY,
    "entrance.give_code": ANYBODY,
    "entrance.sign_out": SIGNED_IN,
    "provider.begin": ANYBODY,
    "provider.answer": ANYBODY,
    "provider_link.begin": SIGNED_IN,
    "provider_link.unlink": SIGNED_IN,
    "passwords.forgotten": ANYBODY,
    "passwords.send_link": ANYBODY,
    "passwords.choose": ANYBODY,
    "passwords.save": ANYBODY,
    "desk.door": ANYBODY,
    "desk.come_in": ANYBODY,
    "cascades.home": Permission.SEE,
    "cascades.current": Permission.SEE,
    "cascades.listing": Permission.SEE,
    "cascades.show": Permission.SEE,
    "cascades.figures": Permission.SEE,
    "searching.show": Permission.SEE,
    "watch.recipients": Permission.SEE_PEOPLE,
    "watch.export": Permission.SEE_PEOPLE,
    "watch.story": Permission.SEE_PEOPLE,
    "watch.answers": Permission.SEE_PEOPLE,
    "watch.failures": Permission.SEE_PEOPLE,
    "watch_controls.pause": Permission.RELEASE,
    "watch_controls.resume": Permission.RELEASE,
    "watch_controls.ask": Permission.RELEASE,
    "watch_controls.withdraw": Permission.RELEASE,
    "inbox.listing": Permission.SEE,
    "inbox.show": Permission.SEE,
    "inbox.html": Permission.SEE,
    "inbox.raw": Permission.SEE,
    "roles.show": Permission.SEE,
    "toolkits.listing": Permission.SEE,
    "toolkits.syntax": Permission.SEE,
    "toolkits.pieces": Permission.SEE,
    "drafts.begin": Permission.WRITE,
    "drafts.edit": Permission.SEE,
    "drafts.save": Permission.WRITE,
    "drafts.autosave": Permission.WRITE,
    "drafts.shown": Permission.SEE,
    "drafts.submit": Permission.WRITE,
    "drafts.close": Permission.WRITE,
    "drafts.take_up": Permission.WRITE,
    "histories.listing": Permission.SEE,
    "histories.show": Permission.SEE,
    "histories.take": Permission.WRITE,
    "assets.listing": Permission.SEE,
    "assets.upload": Permission.WRITE,
    "assets.thumbnail": Permission.SEE,
    "assets.remove": Permission.WRITE,
    "assets.serve": ANYBODY,
    "previews.version_email": Permission.SEE,
    "previews.draft_email": Permission.SEE,
    "account.show": SIGNED_IN,
    "account.end": SIGNED_IN,
    "account.end_others": SIGNED_IN,
    "account.password": SIGNED_IN,
    "account.change_password": SIGNED_IN,
    "second_step.show": SIGNED_IN,
    "second_step.turn_on": SIGNED_IN,
    "second_step.turn_off": SIGNED_IN,
    "second_step.codes": SIGNED_IN,
    "second_step.new_codes": SIGNED_IN,
    "organisations.listing": Permission.SEE_PEOPLE,
    "organisations.show": Permission.SEE_PEOPLE,
    "organisation_changes.blank": Permission.EDIT_PEOPLE,
    "organisation_changes.add": Permission.EDIT_PEOPLE,
    "organisation_changes.edit": Permission.EDIT_PEOPLE,
    "organisation_changes.change": Permission.EDIT_PEOPLE,
    "organisation_changes.close": Permission.EDIT_PEOPLE,
    "organisation_changes.reopen": Permission.EDIT_PEOPLE,
    "contacts.blank": Permission.EDIT_PEOPLE,
    "contacts.add": Permission.EDIT_PEOPLE,
    "contacts.edit": Permission.EDIT_PEOPLE,
    "contacts.change": Permission.EDIT_PEOPLE,
    "contacts.close": Permission.EDIT_PEOPLE,
    "contacts.reopen": Permission.EDIT_PEOPLE,
    "contacts.show_order": Permission.EDIT_PEOPLE,
    "contacts.order": Permission.EDIT_PEOPLE,
    "merging.listing": Permission.EDIT_PEOPLE,
    "merging.compare": Permission.EDIT_PEOPLE,
    "merging.do": Permission.EDIT_PEOPLE,
    "importing.choose": Permission.EDIT_PEOPLE,
    "importing.upload": Permission.EDIT_PEOPLE,
    "importing.show": Permission.EDIT_PEOPLE,
    "importing.do": Permission.EDIT_PEOPLE,
    "importing.rejects": Permission.EDIT_PEOPLE,
    "segments.listing": Permission.SEE,
    "segment_members.show": Permission.SEE_PEOPLE,
    "segment_making.blank": Permission.EDIT_PEOPLE,
    "segment_making.make": Permission.EDIT_PEOPLE,
    "segment_changes.edit": Permission.EDIT_PEOPLE,
    "segment_changes.change": Permission.EDIT_PEOPLE,
    "segment_changes.remove": Permission.EDIT_PEOPLE,
    "suppressions.show": Permission.SEE_PEOPLE,
    "suppression_changes.blank": Permission.EDIT_PEOPLE,
    "suppression_changes.add": Permission.EDIT_PEOPLE,
    "suppression_changes.ask": Permission.EDIT_PEOPLE,
    "suppression_changes.lift": Permission.EDIT_PEOPLE,
    "versions.waiting": Permission.SEE,
    "versions.show": Permission.SEE,
    "versions.submit": Permission.WRITE,
    "versions.approve": Permission.APPROVE,
    "versions.give_back": Permission.APPROVE,
    "releasing.segments": Permission.RELEASE,
    "releasing.tier": Permission.RELEASE,
    "releasing.when": Permission.RELEASE,
    "releasing.check": Permission.RELEASE,
    "releasing.test": Permission.RELEASE,
    "releasing.make": Permission.RELEASE,
    "left_out.listing": Permission.RELEASE,
    "samples.show": Permission.RELEASE,
    "samples.email": Permission.RELEASE,
    "countersigning.show": Permission.RELEASE,
    "countersigning.sign": Permission.RELEASE,
    "users.listing": Permission.ADMINISTER,
    "users.invitation": Permission.ADMINISTER,
    "users.invite": Permission.ADMINISTER,
    "users.show": Permission.ADMINISTER,
    "users.change": Permission.ADMINISTER,
    "users.close": Permission.ADMINISTER,
    "users.reopen": Permission.ADMINISTER,
    "users.invite_again": Permission.ADMINISTER,
    "audit.listing": Permission.AUDIT,
    "audit.export": Permission.AUDIT,
    "settings.show": Permission.ADMINISTER,
    "windows.show": Permission.ADMINISTER,
    "windows.change": Permission.ADMINISTER,
    "windows.reset": Permission.ADMINISTER,
    "look.show": Permission.ADMINISTER,
    "look.change": Permission.ADMINISTER,
    "look.reset": Permission.ADMINISTER,
    "look.email": Permission.ADMINISTER,
    "look_files.style": ANYBODY,
    "look_files.logo": ANYBODY,
    "tiers.listing": Permission.ADMINISTER,
    "tiers.show": Permission.ADMINISTER,
    "tiers.change": Permission.ADMINISTER,
    "tiers.reset": Permission.ADMINISTER,
    "approvers.listing": Permission.ADMINISTER,
    "approvers.name": Permission.ADMINISTER,
    "approvers.remove": Permission.ADMINISTER,
    "health_page.show": Permission.SEE,
    "health_page.current": Permission.SEE,
    "library.listing": ANYBODY,
    "library.sitemap": ANYBODY,
    "library.robots": ANYBODY,
    "library_toolkits.show": ANYBODY,
    "library_toolkits.version": ANYBODY,
    "library_toolkits.picture": ANYBODY,
    "kit.show": ANYBODY,
    "kit.make": ANYBODY,
    "kit.piece": ANYBODY,
    "kit.everything": ANYBODY,
    "library_toolkits.read_aloud": ANYBODY,
    "takers.show": ANYBODY,
    "takers.take": ANYBODY,
    "takers.follow": ANYBODY,
    "takers.follow_to_kit": ANYBODY,
    "takers.ask_to_stop": ANYBODY,
    "takers.stop": ANYBODY,
    "using.show": ANYBODY,
    "using.send": ANYBODY,
    "using.show_own": ANYBODY,
    "using.send_own": ANYBODY,
    "embed.show": ANYBODY,
    "embed.oembed": ANYBODY,
    "reposts.listing": Permission.SEE_PEOPLE,
    "reposts.export": Permission.SEE_PEOPLE,
    "reposts.show": Permission.SEE_PEOPLE,
    "reposts.picture": Permission.SEE_PEOPLE,
    "repost_changes.blank": Permission.EDIT_PEOPLE,
    "repost_changes.add": Permission.EDIT_PEOPLE,
    "repost_changes.check": Permission.EDIT_PEOPLE,
    "repost_changes.withdraw": Permission.EDIT_PEOPLE,
    "repost_figures.show": Permission.SEE_PEOPLE,
    "repost_figures.target": Permission.EDIT_PEOPLE,
    "bulletins.listing": Permission.SEE,
    "bulletins.blank": Permission.WRITE,
    "bulletins.add": Permission.WRITE,
    "bulletins.dates": Permission.WRITE,
    "bulletins.show": Permission.SEE,
    "bulletins.edit": Permission.WRITE,
    "bulletins.change": Permission.WRITE,
    "bulletins.stop": Permission.WRITE,
    "bulletins.go_on": Permission.WRITE,
    "bulletins.open_issue": Permission.WRITE,
    "bulletins.readers": Permission.SEE_PEOPLE,
    "bulletins.add_reader": Permission.EDIT_PEOPLE,
    "issues.show": Permission.SEE,
    "issues.email": Permission.SEE,
    "issues.words": Permission.WRITE,
    "issues.collect": Permission.WRITE,
    "issues.submit": Permission.WRITE,
    "issues.take_back": Permission.WRITE,
    "issues.skip": Permission.WRITE,
    "issue_items.arrange": Permission.WRITE,
    "issue_items.take_in": Permission.WRITE,
    "issue_items.edit": Permission.WRITE,
    "issue_items.change": Permission.WRITE,
    "issue_release.approve": Permission.APPROVE,
    "issue_release.check": Permission.RELEASE,
    "issue_release.release": Permission.RELEASE,
    "issue_samples.show": Permission.RELEASE,
    "issue_samples.email": Permission.RELEASE,
    "subscribing.show": ANYBODY,
    "subscribing.ask": ANYBODY,
    "subscribing.confirmation": ANYBODY,
    "subscribing.confirm": ANYBODY,
    "inserts.listing": Permission.SEE,
    "inserts.show": Permission.SEE,
    "inserts.export": Permission.SEE,
    "inserts.history": Permission.SEE,
    "inserts.former": Permission.SEE,
    "insert_uploads.blank": Permission.WRITE,
    "insert_uploads.make": Permission.WRITE,
    "insert_uploads.choose": Permission.WRITE,
    "insert_uploads.upload": Permission.WRITE,
    "insert_uploads.show": Permission.WRITE,
    "insert_uploads.do": Permission.WRITE,
    "insert_changes.edit": Permission.WRITE,
    "insert_changes.change": Permission.WRITE,
    "insert_changes.remove": Permission.WRITE,
    "insert_changes.take": Permission.WRITE,
    "archive.listing": ANYBODY,
    "archive.show": ANYBODY,
    "archive.issue": ANYBODY,
    "archive.on_paper": ANYBODY,
    "archive.calendar": ANYBODY,
    "feeds.library": ANYBODY,
    "feeds.issues": ANYBODY,
    "feeds.for_segment": ANYBODY,
}


def addresses(app: Flask, method: str) -> dict[str, str]:
    """An address for each endpoint that takes a method; row 1 and a token that is none."""
    filled = {
        "number": 1,
        "token": "x",
        "way": "reset",
        "filename": "build/app.css",
        "contact": 1,
        "delivery": 1,
        "other": 2,
        "toolkit_name": "cold-snap",
        "tier_name": "urgent",
        "colour": "005eb8",
        "language": "en",
        "bulletin": "round-up",
        "entry": 1,
    }
    filled |= {"revision": 1, "sha256": DOT_HASH}
    filled |= {"piece": "article-50", "ending": "md"}
    filled |= {"insert_name": "hours"}
    filled |= {"form": "atom", "segment": "care-homes"}
    found = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if method in (rule.methods or ()):
                filled["name"] = "care-homes" if "segment" in rule.endpoint else "dot.png"
                values = {name: filled[name] for name in rule.arguments}
                built = app.url_map.bind("localhost").build(rule.endpoint, values, method)
                found[rule.endpoint] = built
    return found


def test_every_address_is_in_the_table_above(closed: Flask) -> None:
    assert {rule.endpoint for rule in closed.url_map.iter_rules()} == set(NEEDED)


@pytest.mark.parametrize("role", [None, *Role])
def test_a_role_opens_what_the_table_says_and_nothing_else(
    closed: Flask, scene: Scene, now: datetime, role: Role | None
) -> None:
    person(scene.database, now, Role.ADMINISTRATOR, email="first@example.org")
    client = closed.test_client()
    if role is not None:
        who = person(scene.database, now, role)
        client = browser(closed, scene.database, who, now)
        turn_on(scene.database, who, now)
    for endpoint, address in addresses(closed, "GET").items():
        needed = NEEDED[endpoint]
        answered = client.get(address, buffered=True)
        gate = answered.headers.get("Location", "").startswith("/sign-in")
        if needed == ANYBODY:
            assert b"Your role does not allow this" not in answered.data, endpoint
        elif role is None:
            assert gate, endpoint
        elif needed == SIGNED_IN or needed in ALLOWED[role]:
            assert answered.status_code in (200, 303, 304, 422), endpoint
            assert not gate, endpoint
        else:
            assert answered.status_code == 403, endpoint
            may = [ROLE_WORDS[one] for one in Role if needed in ALLOWED[one]]
            assert all(words in answered.text for words in may), endpoint


@pytest.mark.parametrize("role", [None, *Role])
def test_nothing_can_be_sent_without_the_permission(
    closed: Flask, scene: Scene, now: datetime, role: Role | None
) -> None:
    first = person(scene.database, now, Role.ADMINISTRATOR, email="first@example.org")
    client, data = closed.test_client(), {"stamp": "x"}
    if role is not None:
        who = person(scene.database, now, role)
        client = browser(closed, scene.database, who, now)
        data = {"stamp": stamp(client)}
    allowed = ALLOWED[role] if role else frozenset()
    for endpoint, address in addresses(closed, "POST").items():
        needed = NEEDED[endpoint]
        if needed in (ANYBODY, SIGNED_IN) or needed in allowed:
            continue
        assert client.post(address, data=data).status_code == 403, endpoint
    with scene.database.reading() as session:
        assert users.get(session, first.id) == first


@pytest.mark.parametrize("given", [None, "", "x", "another"])
def test_every_form_of_somebody_signed_in_needs_the_stamp_of_this_visit(
    closed: Flask, scene: Scene, now: datetime, given: str | None
) -> None:
    who = person(scene.database, now, *Role)
    turn_on(scene.database, who, now)
    client, other = (browser(closed, scene.database, who, now) for _ in range(2))
    data = {} if given is None else {"stamp": stamp(other) if given == "another" else given}

    for endpoint, address in addresses(closed, "POST").items():
        if NEEDED[endpoint] != ANYBODY:
            answered = client.post(address, data=data)
            assert answered.status_code == 403, endpoint
            assert "Nothing was changed" in answered.text, endpoint


def test_with_an_open_desk_everybody_sees_and_nobody_does_more(
    app: Flask, scene: Scene, now: datetime
) -> None:
    client = app.test_client()

    assert client.get("/cascades/1").status_code == 200
    assert client.get("/inbox/1/raw").status_code == 200
    assert client.get("/roles").status_code == 200
    for address in ("/users", "/audit", "/audit.csv", "/account"):
        assert client.get(address).status_code == 303, address
    assert "Settings" not in client.get("/").text


def test_who_comes_without_an_account_signs_in_and_goes_on_where_they_wanted(
    closed: Flask,
) -> None:
    answered = closed.test_client().get("/cascades/1?page=2")

    assert answered.status_code == 303
    assert answered.headers["Location"] == "/sign-in?next=/cascades/1?page%3D2"
    assert "Cold weather alert" not in answered.text


def test_something_sent_without_an_account_is_refused_and_not_repeated(closed: Flask) -> None:
    answered = closed.test_client().post("/account/password", data={"old": "x"})

    assert answered.status_code == 403
    assert "You are not signed in" in answered.text


@pytest.mark.parametrize(
    "address",
    [
        *("https://evil.example", "//evil.example", "///evil.example", "/\\evil.example"),
        *("\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)"),
        *("evil.example", " //evil.example", "", "/" + "x" * 1000, "http:/evil.example"),
        *("/\u2028/evil.example", "//[", "data:text/html,x", "?next=/"),
    ],
)
def test_nobody_is_sent_to_another_site(closed: Flask, address: str) -> None:
    with closed.test_request_context():
        assert access.local(address) == "/"


@given(st.text() | st.text("/\\:.ahtpsx\t\n ", max_size=20))
def test_what_is_followed_begins_with_one_slash(address: str) -> None:
    app = Flask("x")
    app.add_url_rule("/", "cascades.home")
    with app.test_request_context():
        found = access.local(address)
    assert found.startswith("/")
    assert found[1:2] not in ("/", "\\")
    assert found.isprintable()


@pytest.mark.parametrize("address", ["/", "/cascades/1", "/users?search=jo&page=2", "/a//b"])
def test_an_address_of_this_site_is_followed(closed: Flask, address: str) -> None:
    with closed.test_request_context():
        assert access.local(address) == address


def test_a_made_up_cookie_is_nobody(closed: Flask) -> None:
    for value in ("x", "", "é", "x" * 4000):
        client = closed.test_client()
        client.set_cookie("cascade", value)
        assert client.get("/").status_code == 303


def test_a_visit_ends_after_twelve_hours(scene: Scene, now: datetime) -> None:
    who = person(scene.database, now)

    def opens_at(moment: datetime) -> int:
        app = open_app(settings(desk="link"), scene.database, ticking(moment))
        return browser(app, scene.database, who, now).get("/").status_code

    assert opens_at(now + visits.LASTS - timedelta(seconds=1)) == 200
    assert opens_at(now + visits.LASTS) == 303


def test_who_is_closed_is_out_at_once(closed: Flask, scene: Scene, now: datetime) -> None:
    who = person(scene.database, now)
    client = browser(closed, scene.database, who, now)
    assert client.get("/").status_code == 200

    with scene.database.writing() as session:
        users.close(session, who.id, now)

    assert client.get("/").status_code == 303


def test_a_new_role_counts_from_the_next_page(closed: Flask, scene: Scene, now: datetime) -> None:
    who = person(scene.database, now)
    client = browser(closed, scene.database, who, now)
    assert client.get("/audit").status_code == 403

    with scene.database.writing() as session:
        users.change(session, who.id, name="Jo", organisation="", roles=["administrator"])

    assert client.get("/audit").status_code == 200


def statements(scene: Scene) -> list[str]:
    """What the database is asked from now on."""
    said: list[str] = []
    event.listen(
        scene.database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: said.append(statement),
    )
    return said


def test_the_visitor_is_looked_up_by_one_statement(
    closed: Flask, scene: Scene, now: datetime
) -> None:
    client = browser(closed, scene.database, person(scene.database, now), now)
    client.get("/roles")  # reads the look, for some seconds
    said = statements(scene)

    client.get("/roles")

    begin, question = said
    assert begin == "BEGIN"
    assert "FROM visits" in question


def test_a_page_for_recipients_asks_nobody_who_they_are(
    closed: Flask, scene: Scene, now: datetime
) -> None:
    client = browser(closed, scene.database, person(scene.database, now), now)
    said = statements(scene)

    page = client.get(scene.confirm_path()).text

    assert "Jo Bloggs" not in page
    assert not [one for one in said if "visits" in one]


def test_the_header_says_who_is_there_and_leads_where_they_may_go(
    closed: Flask, scene: Scene, now: datetime
) -> None:
    viewer = browser(closed, scene.database, person(scene.database, now), now).get("/").text
    other = person(scene.database, now, Role.ADMINISTRATOR, email="ann@example.org", name="Ann O")
    administrator = browser(closed, scene.database, other, now).get("/").text

    assert "Jo Bloggs" in viewer
    assert "Sign out" in viewer
    assert 'href="/settings"' not in viewer
    assert "Ann O" in administrator
    assert 'href="/settings"' in administrator


@pytest.mark.parametrize("address", ["/", "/cascades/1", "/inbox/", "/account", "/roles"])
def test_who_lacks_a_second_step_is_told_so_on_every_page(
    closed: Flask, scene: Scene, now: datetime, address: str
) -> None:
    who = person(scene.database, now, Role.RELEASER)
    client = browser(closed, scene.database, who, now)
    words = "Your account needs a second step"

    before = client.get(address).text
    turn_on(scene.database, who, now)

    assert words in before
    assert 'href="/account/second-step"' in before
    assert words not in client.get(address).text


def test_a_releaser_may_release_only_with_a_second_step(
    closed: Flask, scene: Scene, now: datetime
) -> None:
    who = person(scene.database, now, Role.RELEASER)
    client = browser(closed, scene.database, who, now)
    # A page for it comes with releasing itself; the guard is there already.
    guard = access.require(Permission.RELEASE)
    closed.add_url_rule("/go", view_func=lambda: guard() or "gone")

    refused = client.get("/go")
    turn_on(scene.database, who, now)

    assert refused.status_code == 403
    assert "This needs a second step" in refused.text
    assert client.get("/go").text == "gone"
    with scene.database.writing() as session:
        second_step.turn_off(session, who.id)
    assert client.get("/go").status_code == 403


def test_a_link_of_one_kind_opens_nothing_else(closed: Flask, scene: Scene, now: datetime) -> None:
    who = person(scene.database, now)
    token = link(scene.database, who, "sign-in", now)

    client = closed.test_client()
    assert client.get(f"/desk/{token}").status_code == 200
    assert client.get(f"/reset/{token}").status_code == 403
    assert client.get(f"/welcome/{token}").status_code == 403
    client.set_cookie("cascade", token)
    assert client.get("/").status_code == 303


def test_the_stamp_tells_nothing_of_the_cookie(closed: Flask, scene: Scene, now: datetime) -> None:
    client: FlaskClient = browser(closed, scene.database, person(scene.database, now), now)
    cookie = client.get_cookie("cascade")

    assert cookie is not None
    page = client.get("/account").text
    assert cookie.value not in page
    assert SECRET not in page

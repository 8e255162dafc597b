"""Signing in by a real provider, through its own pages, to the desk and out again."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from cascade.accounts import users
from cascade.database import Database
from tests.cascade.openid import real
from tests.cascade.openid.issuer import CLIENT, NAME, SECRET
from tests.cascade.web.application import open_app
from tests.cascade.web.people import audited, stamp
from tests.cascade.web.scene import settings


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """One provider for all of them."""
    with real.running() as address:
        yield address


@pytest.fixture
def somebody() -> Iterator[real.Person]:
    """A browser that the provider doesn't know yet."""
    person = real.Person()
    yield person
    person.close()


@pytest.fixture
def browser(sqlite_database: Database, issuer: str) -> Callable[[], FlaskClient]:
    """Browsers of a cell that has invited Jo to release."""
    chosen = settings(
        desk="link",
        oidc_issuer=issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_name=NAME,
    )
    now = datetime.now(UTC)
    with sqlite_database.writing() as session:
        users.add(session, email="jo@example.org", name="Jo", roles=["releaser"], now=now)
    app = open_app(chosen, sqlite_database, lambda: datetime.now(UTC))
    return app.test_client


def test_an_invited_person_signs_in_through_the_provider_and_releases(
    browser: Callable[[], FlaskClient], somebody: real.Person, sqlite_database: Database
) -> None:
    client = browser()
    assert f"Sign in with {NAME}" in client.get("/sign-in?next=/roles").text
    sent = client.get("/sign-in/provider?next=/roles")

    back = somebody.sign_in(sent.headers["Location"], login="jo", amr="mfa")
    came = client.get(back)

    assert (came.status_code, came.headers["Location"]) == (303, "/roles")
    assert "Jo" in client.get("/roles").text
    account = client.get("/account").text
    assert f"Linked with {NAME}" in account
    assert "Your account needs a second step" not in account
    assert client.get("/release/nothing").status_code == 404  # it is let in, there is no such
    acts = [(one.act, one.detail) for one in audited(sqlite_database)]
    assert acts == [
        ("provider-linked", ""),
        ("signed-in", f"by {NAME}, with a second step there"),
    ]

    # The same answer once more, in this browser and in another, lets nobody in.
    assert client.post("/sign-out", data={"stamp": stamp(client)}).status_code == 303
    for one in (client, browser()):
        assert one.get(back).status_code == 400
        assert one.get("/roles").status_code == 303

    # Signed in at the provider still: back without being asked.
    again = client.get("/sign-in/provider")
    assert client.get(somebody.sign_in(again.headers["Location"])).status_code == 303
    assert client.get("/account").status_code == 200


def test_a_password_alone_at_the_provider_does_not_release(
    browser: Callable[[], FlaskClient], somebody: real.Person
) -> None:
    client = browser()
    sent = client.get("/sign-in/provider")

    client.get(somebody.sign_in(sent.headers["Location"], login="jo"))

    assert "Your account needs a second step" in client.get("/account").text
    assert client.get("/release/nothing").status_code == 403


@pytest.mark.parametrize("login", ["stranger", "unverified-jo"])
def test_who_is_not_invited_is_told_whom_to_ask(
    browser: Callable[[], FlaskClient],
    somebody: real.Person,
    sqlite_database: Database,
    login: str,
) -> None:
    with sqlite_database.writing() as session:
        users.add(
            session,
            email="unverified-jo@example.org",
            name="Jo",
            roles=["viewer"],
            now=datetime.now(UTC),
        )
    client = browser()
    sent = client.get("/sign-in/provider")

    came = client.get(somebody.sign_in(sent.headers["Location"], login=login))

    assert came.status_code == 403
    assert "Ask an administrator of West County communications" in came.text
    assert client.get("/").status_code == 303
    assert [one.act for one in audited(sqlite_database)] == ["sign-in-failed"]


def test_who_says_no_at_the_provider_can_begin_again(
    browser: Callable[[], FlaskClient], somebody: real.Person
) -> None:
    client = browser()
    sent = client.get("/sign-in/provider")

    came = client.get(somebody.sign_in(sent.headers["Location"], login="jo", abort="yes"))

    assert came.status_code == 403
    assert f"{NAME} has not let you in" in came.text
    assert "alert(1)" not in came.text


def test_a_code_that_was_used_already_is_refused_by_the_provider(
    browser: Callable[[], FlaskClient], somebody: real.Person
) -> None:
    client = browser()
    sent = client.get("/sign-in/provider")
    kept = client.get_cookie("cascade-provider")
    back = somebody.sign_in(sent.headers["Location"], login="jo")
    assert client.get(back).status_code == 303

    thief = browser()
    assert kept is not None
    thief.set_cookie("cascade-provider", kept.value)

    assert thief.get(back).status_code == 400
    assert thief.get("/").status_code == 303

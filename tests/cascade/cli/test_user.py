"""`cascade user` and `cascade desk`: accounts made and closed at a terminal."""

import json

import pytest

from cascade.accounts import audit, links
from cascade.cli import runtime
from cascade.cli.serving import desk
from cascade.cli.user import user
from tests.cascade.cli.conftest import Run


def acts() -> list[tuple[str, str]]:
    """What the audit trail holds, oldest first."""
    with runtime.database().reading() as session:
        return [(one.act, one.subject) for one in audit.every(session)][::-1]


def test_somebody_new_gets_a_link_that_is_theirs(run: Run) -> None:
    done = run(user, "add", "Ann@Example.org", "--role", "author", "--role", "viewer")

    assert done.exit_code == 0, done.output
    token = done.stdout.split("/welcome/")[1].split()[0]
    with runtime.database().reading() as session:
        person = links.peek(session, "invitation", token, runtime.now())
    assert person is not None
    assert (person.email, set(person.roles)) == ("ann@example.org", {"author", "viewer"})
    assert acts() == [("user-added", "user ann@example.org")]


def test_the_first_account_alone_tells_that_sign_off_begins(run: Run) -> None:
    first = run(user, "add", "ann@example.org", "--role", "administrator")
    second = run(user, "add", "ben@example.org", "--role", "approver")

    assert ("Sign-off is on" in first.stdout, "Sign-off" in second.stdout) == (True, False)


@pytest.mark.parametrize("setting", ["on", "off"])
def test_where_sign_off_is_set_the_first_account_changes_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("CASCADE_SIGN_OFF", setting)

    assert "Sign-off" not in run(user, "add", "ann@example.org", "--role", "author").stdout


def test_an_invitation_goes_out_by_mail_and_is_not_printed(run: Run) -> None:
    done = run(user, "add", "ann@example.org", "--role", "viewer", "--invite")

    assert "on its way" in done.stdout
    assert "/welcome/" not in done.stdout


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("add", "ann", "--role", "viewer"), "name@example.org"),
        (("close", "nobody@example.org"), "nobody@example.org"),
        (("roles", "nobody@example.org", "--role", "viewer"), "nobody@example.org"),
    ],
)
def test_what_can_not_be_done_is_said_and_ends_with_one(
    run: Run, words: tuple[str, ...], remedy: str
) -> None:
    refused = run(user, *words)

    assert refused.exit_code == 1
    assert remedy in refused.stderr
    assert acts() == []


def test_roles_are_replaced_and_the_trail_keeps_both(run: Run) -> None:
    run(user, "add", "ann@example.org", "--role", "author")

    assert run(user, "roles", "ann@example.org", "--role", "approver").exit_code == 0

    with runtime.database().reading() as session:
        entry = next(iter(audit.every(session)))
    before = {"name": "ann", "organisation": "", "roles": ["author"], "closed": False}
    assert (entry.before, entry.after) == (before, before | {"roles": ["approver"]})


def test_a_closed_account_is_listed_only_when_asked_for(run: Run) -> None:
    run(user, "add", "ann@example.org", "--role", "administrator")
    run(user, "add", "ben@example.org", "--role", "viewer")
    run(user, "close", "ben@example.org")

    assert "ben@" not in run(user, "list").stdout
    every = json.loads(run(user, "list", "--closed", "--json").stdout)["users"]
    assert [(one["email"], one["state"]) for one in every] == [
        ("ann@example.org", "invited"),
        ("ben@example.org", "closed"),
    ]
    run(user, "reopen", "ben@example.org")
    assert "ben@" in run(user, "list").stdout


def test_the_last_administrator_can_not_be_closed(run: Run) -> None:
    run(user, "add", "ann@example.org", "--role", "administrator")

    assert run(user, "close", "ann@example.org").exit_code == 1


def test_a_desk_without_users_says_how_to_add_the_first(run: Run) -> None:
    nobody = run(desk)

    assert nobody.exit_code == 1
    assert "cascade user add" in nobody.stderr


def test_the_desk_link_signs_an_administrator_in(run: Run) -> None:
    run(user, "add", "ann@example.org", "--role", "viewer")
    run(user, "add", "zoe@example.org", "--role", "administrator")

    link = run(desk).stdout.strip()

    with runtime.database().writing() as session:
        person = links.redeem(session, "sign-in", link.rpartition("/")[2], runtime.now())
    assert person is not None
    assert person.email == "zoe@example.org"
    assert acts()[-1] == ("link-printed", "user zoe@example.org")

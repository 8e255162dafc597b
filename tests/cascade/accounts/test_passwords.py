"""Which passwords are good enough, and that nothing about them can be told from the time."""

from contextlib import suppress

import pytest
from argon2 import PasswordHasher, profiles
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cascade.accounts import passwords
from cascade.errors import BadInput
from tests.cascade.accounts.conftest import CountingHasher

EMAIL, NAME = "patricia.leeming@example.org", "Patricia Leeming"


@pytest.mark.parametrize(
    "password",
    [
        "plum orbit ladder",
        "correct horse battery",
        "Xk3!vT9#qLw2",
        "прибой лампа окно",
        "patricia keeps bees at home",
        "12345 plum orbit",
    ],
)
def test_a_password_that_others_would_not_try_is_taken(password: str) -> None:
    passwords.check(password, email=EMAIL, name=NAME)


@pytest.mark.parametrize(
    ("password", "remedy"),
    [
        ("plum orbit", "at least 12"),
        ("plum orbit ladder " * 12, "at most 200"),
        ("aaaaaaaaaaaaaa", "easy to guess"),
        ("abababababababab", "easy to guess"),
        ("bananabanana", "easy to guess"),
        ("123456789012", "easy to guess"),
        ("qwertyuiopasdf", "easy to guess"),
        ("poiuytrewq0987", "easy to guess"),
        ("Password2026!", "easy to guess"),
        ("passwordpassword", "easy to guess"),
        ("correcthorsebatterystaple", "easy to guess"),
        ("PatriciaLeeming1", "easy to guess"),
        ("patricia.leeming@example.org", "easy to guess"),
        ("Cascade-Cascade-1", "easy to guess"),
    ],
)
def test_a_password_that_others_would_try_is_refused_with_its_remedy(
    password: str, remedy: str
) -> None:
    with pytest.raises(BadInput) as caught:
        passwords.check(password, email=EMAIL, name=NAME)
    (problem,) = caught.value.problems
    assert problem.startswith("password: ")
    assert remedy in problem


@given(st.text(max_size=210))
def test_whatever_is_taken_has_six_different_letters(password: str) -> None:
    with suppress(BadInput):
        passwords.check(password, email=EMAIL, name=NAME)
        assert len(set(password)) >= 6


@given(st.text(), st.text())
@example("", "")
@example("\ud800", "\ud801")
@settings(max_examples=50)
def test_only_the_password_itself_matches_its_hash(password: str, other: str) -> None:
    kept = passwords.hash_(password)
    assert passwords.matches(kept, password)
    same = passwords._normal(password) == passwords._normal(other)
    assert passwords.matches(kept, other) is same


def test_the_same_letters_match_however_the_keyboard_composes_them() -> None:
    assert passwords.matches(passwords.hash_("cafe\u0301 orbit ladder"), "caf\u00e9 orbit ladder")


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_password_and_none_at_all_cost_one_hash_each(
    hasher: CountingHasher, known: bool
) -> None:
    kept = passwords.hash_("plum orbit ladder") if known else None
    hasher.asked = 0
    assert not passwords.matches(kept, "another one")
    assert hasher.asked == 1


def test_in_production_the_parameters_are_those_of_rfc_9106_for_little_memory(
    production_hasher: PasswordHasher,
) -> None:
    assert production_hasher._parameters == profiles.RFC_9106_LOW_MEMORY

"""Reasons in plain words: every code gives something, the well-known ones the right thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.reporting.reasons import UNKNOWN, reason, reason_of, status


@pytest.mark.parametrize(
    ("detail", "code"),
    [
        ("550 5.1.1 <x@example.org>: User unknown", "5.1.1"),
        ("failed · 5.2.2 · smtp; 552 5.2.2 Over quota", "5.2.2"),
        ("452-4.2.2 The account is full.", "4.2.2"),
        ("550 No such user", "550"),
        ("4.7.1. Try later", "4.7.1"),
        ("5.01.1", "5.1.1"),
        ("refused by 192.0.2.5", ""),
        ("no answer in time", ""),
        ("", ""),
    ],
)
def test_the_code_is_found_in_what_a_server_said(detail: str, code: str) -> None:
    assert status(detail) == code


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("5.1.1", "There is no such mailbox"),
        ("4.2.2", "The mailbox is full"),
        ("5.1.99", "Something is wrong with the address"),
        ("550", "The mailbox was refused"),
        ("5.9.9", UNKNOWN.words),
        ("599", UNKNOWN.words),
        ("", UNKNOWN.words),
    ],
)
def test_a_code_is_said_in_plain_words(code: str, words: str) -> None:
    assert reason(code).words == words


def test_a_suppressed_address_has_the_reason_it_was_suppressed_for() -> None:
    assert reason_of("suppressed", "complained").words.startswith("They marked")
    assert reason_of("suppressed", "550 5.1.1") == UNKNOWN


@given(st.sampled_from(["bounced", "deferred", "suppressed"]), st.text())
def test_whatever_a_server_says_there_is_something_to_do(state: str, detail: str) -> None:
    found = reason_of(state, detail)
    assert found.words
    assert found.remedy

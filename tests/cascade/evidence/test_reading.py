"""Reading a message: whatever the bytes are, the result is fit for a database and a page."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cascade.cleaning import cut, one_line
from cascade.evidence.reading import Kind, read
from tests.cascade.evidence import letters
from tests.cascade.evidence.letters import delivery_status, recipient

SOURCES = [
    delivery_status(recipient()),
    letters.DISPOSITION.encode(),
    letters.COMPLAINT.encode(),
    letters.AWAY.encode(),
    letters.REPLY.encode(),
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A letter with some bytes put in and some left out."""
    content = draw(st.sampled_from(SOURCES))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 40)))
        content = content[:start] + draw(st.binary(max_size=8)) + content[end:]
    return content


@settings(max_examples=200)
@given(content=damaged() | st.binary(max_size=400))
def test_damaged_letters_are_read_as_far_as_they_go(content: bytes) -> None:
    letter = read(content)
    for text in (letter.subject, *(one.detail for one in letter.said)):
        assert text == one_line(text)
        text.encode()


@given(text=st.text(), longest=st.integers(1, 20))
def test_text_is_cut_to_length_on_one_line(text: str, longest: int) -> None:
    short = cut(text, longest)
    assert len(short) <= longest
    assert "\n" not in short
    assert "\x00" not in short


def test_encoded_words_and_folds_are_readable() -> None:
    assert read(letters.REPLY.encode()).subject == "Re: Cold snap ❄"


def test_the_message_answered_comes_before_those_it_refers_to() -> None:
    content = b"In-Reply-To: <c@x>\nReferences: <a@x> <b@x>\n\nHello"
    assert read(content).message_ids == ("<c@x>", "<b@x>", "<a@x>")


def test_an_empty_message_is_a_letter_that_says_nothing() -> None:
    letter = read(b"")
    assert (letter.kind, letter.said, letter.message_ids) == (Kind.REPLY, (), ())


HOSTILE = (
    "<p>" + "".join(f"<b a={i}>" for i in range(2_000)) + "</p>" + "<p>x" * 2_000,
    "<div>" * 5_000 + "x",
    "<a " * 8_000,
    "<!--" * 8_000,
    "<table><tr>" * 3_000,
)


@pytest.mark.parametrize("html", HOSTILE, ids=["bold", "deep", "open", "comments", "tables"])
def test_html_that_nobody_would_write_is_read_in_no_time(html: str) -> None:
    content = f"Subject: x\nContent-Type: text/html; charset=utf-8\n\n{html}".encode()
    began = time.process_time()

    read(content)

    assert time.process_time() - began < 2


def test_a_charset_that_takes_for_ever_is_not_used() -> None:
    slow = b"a" * 50_000 + b"-" + b"9a" * 25_000
    content = b"Subject: x\nContent-Type: text/plain; charset=punycode\n\n" + slow
    began = time.process_time()

    read(content)

    assert time.process_time() - began < 2


def test_words_of_styles_and_templates_are_no_words() -> None:
    html = "<style>b</style><template>c<template>d</template>e</template><p>RECEIVED</p>"
    letter = read(f"Subject: x\nContent-Type: text/html\n\n{html}".encode())

    assert letter.text.split() == ["RECEIVED"]

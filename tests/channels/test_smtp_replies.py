"""Replies put together from any pieces."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.smtp.replies import LONGEST_LINE, MOST_LINES, Garbage, Reply, ReplyReader, printable

# Time is no measure on a machine that does other things too.
quickly = settings(max_examples=100)

codes = st.integers(200, 599)
texts = st.lists(
    st.binary(max_size=80).filter(lambda text: b"\n" not in text and not text.endswith(b"\r")),
    min_size=1,
    max_size=5,
)
replies = st.lists(st.tuples(codes, texts), max_size=5)


def spoken(code, lines):
    marks = [b"-"] * (len(lines) - 1) + [b" "]
    return b"".join(b"%d%s%s\r\n" % (code, *pair) for pair in zip(marks, lines, strict=True))


@quickly
@given(replies, st.lists(st.integers(0, 400), max_size=20))
def test_replies_are_the_same_however_the_bytes_are_cut(said, cuts):
    data = b"".join(spoken(*reply) for reply in said)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    reader = ReplyReader()
    heard = [
        reply
        for start, end in zip(edges, edges[1:], strict=False)
        for reply in reader.feed(data[start:end])
    ]

    assert heard == [Reply(code, tuple(lines)) for code, lines in said]


@quickly
@given(st.binary(max_size=200))
def test_any_bytes_at_all_give_replies_or_garbage(data):
    heard, words = [], ""
    try:
        heard = ReplyReader().feed(data)
    except Garbage as error:
        words = str(error)

    assert words.isprintable()
    assert all(200 <= reply.code <= 599 and reply.text.isprintable() for reply in heard)


def test_a_line_that_never_ends_is_garbage():
    reader = ReplyReader()
    reader.feed(b"250 " + b"x" * (LONGEST_LINE - 10))

    with pytest.raises(Garbage, match="without an end"):
        reader.feed(b"x" * 20)


def test_a_reply_that_never_ends_is_garbage():
    with pytest.raises(Garbage, match="without an end"):
        ReplyReader().feed(b"250-x\r\n" * (MOST_LINES + 1))


@pytest.mark.parametrize(
    ("words", "enhanced"),
    [("5.1.1 No", "5.1.1"), ("2.0.0", "2.0.0"), ("5.1 No", ""), ("No 5.1.1", ""), ("", "")],
)
def test_the_enhanced_code_is_what_the_text_begins_with(words, enhanced):
    assert Reply(550, (words.encode(),)).enhanced == enhanced


@quickly
@given(st.text() | st.binary())
def test_words_are_made_printable_and_bounded(words):
    assert printable(words).isprintable()
    assert len(printable(words)) <= 500

"""The form that messages have on the wire."""

import re

from hypothesis import given
from hypothesis import strategies as st

from channels.smtp import wire_form

soup = st.text("ab.\r\n", max_size=60).map(str.encode)


@given(soup)
def test_no_line_ends_the_message_early_and_none_is_lost(message):
    wire = wire_form(message)
    expected = re.split(rb"\r\n|\r|\n", message)
    if len(expected) > 1 and not expected[-1]:
        expected.pop()

    assert b"\r\n.\r\n" not in b"\r\n" + wire
    assert [line.removeprefix(b".") for line in wire.split(b"\r\n")] == [*expected, b""]


def test_a_message_in_wire_form_ends_in_a_line_end():
    assert wire_form(b"x: y\n\nlast") == b"x: y\r\n\r\nlast\r\n"

"""Compiled messages, read back by the standard library."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr, parsedate_to_datetime
from html import escape
from urllib.parse import quote, unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from channels.base import Outgoing
from channels.mime import Hole, Mailbox, compile_message, envelope_address
from channels.mime.parts import clean
from channels.smtp import wire_form
from tests.channels.sending import Ledger, channel_to
from tests.smtp_server import SmtpServer

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
TO = Mailbox("Jo Bloggs", "jo@example.org")
FROM = Mailbox("West County ICB", "comms@example.org")

anything = (
    st.text(max_size=400)
    | st.text(st.characters(), max_size=300)
    | st.text("=?.- \r\n\t\0<>&\"'_", max_size=200)
    | st.sampled_from(
        [
            "👩‍⚕️" * 60,
            "مرحبا بالعالم",
            "\ud800\udfff",
            "x" * 3000,
            "=?utf-8?b?aGk=?=",
            " ",
            "a  b",
            "-" * 90,
        ]
    )
)

# Time is no measure on a machine that does other things too.
quickly = settings(max_examples=60)


def filled(values=None, *, to=TO, message_id="<1@example.org>", date=NOW, **parts):
    content = {"subject": ["Hello"], "text": ["text\n"], "html": ["<p>html</p>\n"]} | parts
    compiled = compile_message(sender=FROM, **content)
    return bytes(compiled.fill(values or {}, message_id=message_id, date=date, to=to))


def read(raw):
    return message_from_bytes(raw, policy=policy.default)


def body(raw, kind):
    part = read(raw).get_body((kind,))
    return part.get_payload(decode=True).decode().replace("\r\n", "\n")


def assert_fit_for_the_wire(raw):
    assert raw.isascii()
    assert b"\0" not in raw
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0
    assert raw.endswith(b"\r\n")
    head, _, content = raw.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, content.split(b"\r\n"))) <= 76
    assert not re.search(rb"^\.", raw, re.MULTILINE)


@quickly
@given(anything, anything)
@example("evil\r\nBcc: all@example.org", "a\r\n.\r\nMAIL FROM:<x@example.org>")
def test_any_value_comes_back_from_every_place_exactly(value, other):
    raw = filled(
        {"a": value, "b": other},
        subject=["Re: ", Hole("a"), " for ", Hole("b"), "!"],
        text=["A ", Hole("a"), "\n", Hole("b"), Hole("a"), " end\n"],
        html=["<p>", Hole("a", "html"), "</p>", Hole("b", "html"), "\n"],
    )
    a, b = clean(value), clean(other)

    assert_fit_for_the_wire(raw)
    assert read(raw)["Subject"] == f"Re: {a} for {b}!"
    assert body(raw, "plain") == f"A {a}\n{b}{a} end\n"
    assert body(raw, "html") == f"<p>{escape(a)}</p>{escape(b)}\n"


@quickly
@given(anything, anything)
def test_any_fixed_text_comes_back_exactly(text, html):
    text, html = clean_lines(text), clean_lines(html)
    raw = filled(text=[text], html=[html])

    assert_fit_for_the_wire(raw)
    assert body(raw, "plain") == text
    assert body(raw, "html") == html


def clean_lines(text):
    """As content is: with line ends, one of them at the end, and no halves of characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode().rstrip("\n") + "\n"


@quickly
@given(anything)
def test_a_value_can_neither_end_a_part_nor_begin_one(value):
    probe = filled({"a": ""}, text=[Hole("a")], html=[Hole("a", "html")])
    boundary = read(probe).get_boundary()
    hostile = f"{value}\r\n--{boundary}--\r\n--{boundary}\r\n\r\n{value}"
    raw = filled({"a": hostile}, text=[Hole("a")], html=[Hole("a", "html")])

    assert read(raw).get_boundary() == boundary
    assert raw.count(b"\r\n--" + boundary.encode()) == 3
    assert len(list(read(raw).walk())) == 3


@quickly
@given(anything)
def test_a_value_can_add_no_header(value):
    raw = filled(
        {"a": value, "b": value},
        subject=[Hole("a")],
        other_headers={
            "X-Note": ["note ", Hole("a")],
            "X-Link": ["<x?", Hole("b", "attribute"), ">"],
        },
    )

    assert_fit_for_the_wire(raw)
    plain = filled(other_headers={"X-Note": "n", "X-Link": "l"})
    assert sorted(read(raw).keys()) == sorted(read(plain).keys())
    assert unquote(read(raw)["X-Link"]) == f"<x?{clean(value)}>"


def test_the_same_variant_has_the_same_boundary_and_another_another():
    boundaries = [read(filled(text=[text])).get_boundary() for text in ("one", "one", "two")]

    assert boundaries[0] == boundaries[1] != boundaries[2]


def test_the_headers_say_who_when_and_what():
    message = read(
        filled(
            subject=["Flu jab"],
            reply_to=Mailbox("Questions, please", "reply@example.org"),
            other_headers={
                "List-Id": ["Cascade <cascade.example.org>"],
                "List-Unsubscribe": ["<https://c.example.org/u/x>, <mailto:u@example.org>"],
            },
        )
    )

    assert message["From"] == "West County ICB <comms@example.org>"
    assert message["To"] == "Jo Bloggs <jo@example.org>"
    assert message["Reply-To"].addresses[0].display_name == "Questions, please"
    assert message["Message-ID"] == "<1@example.org>"
    assert parsedate_to_datetime(message["Date"]) == NOW
    assert message["List-Unsubscribe"] == "<https://c.example.org/u/x>, <mailto:u@example.org>"
    assert message["List-Id"] == "Cascade <cascade.example.org>"
    assert message["MIME-Version"] == "1.0"
    assert message.get_content_type() == "multipart/alternative"


@quickly
@given(anything)
def test_any_name_can_be_an_addressee(name):
    raw = filled(to=Mailbox(name, "jo@example.org"))
    # The newer parser puts blanks between encoded-words of a name, which RFC 2047 forbids.
    found, address = parseaddr(message_from_bytes(raw)["To"])

    assert_fit_for_the_wire(raw)
    assert address == "jo@example.org"
    assert str(make_header(decode_header(found))) == clean(name).strip()
    assert len(read(raw)["To"].addresses) == 1


@quickly
@given(st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), max_size=50))
def test_a_long_subject_is_folded_and_comes_back(word):
    subject = " ".join([clean(word) or "x"] * 30)
    raw = filled(subject=[subject])

    assert_fit_for_the_wire(raw)
    assert read(raw)["Subject"] == subject


def test_a_plain_subject_stays_readable_on_the_wire():
    assert b"\r\nSubject: Flu jab, by 14:00\r\n" in filled(subject=["Flu jab, by 14:00"])


@pytest.mark.parametrize(
    ("encode", "value", "found"),
    [
        ("html", "<b>A & B's</b>", "&lt;b&gt;A &amp; B&#x27;s&lt;/b&gt;"),
        ("attribute", 'a b&c/d"é', quote('a b&c/d"é', safe="")),
        ("link", "https://c.example.org/?a=1&b=2", "https://c.example.org/?a=1&amp;b=2"),
        ("link", "tel:+441632960000", "tel:+441632960000"),
        ("text", "<b>A & B</b>", "<b>A & B</b>"),
    ],
)
def test_a_value_is_encoded_for_where_it_stands(encode, value, found):
    raw = filled({"x": value}, html=['<a href="', Hole("x", encode), '">x</a>\n'])

    assert body(raw, "html") == f'<a href="{found}">x</a>\n'


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "//x", "", "https://a b", "https://<x>"]
)
def test_what_is_not_a_link_is_not_put_in_as_one(link):
    with pytest.raises(ValueError, match="A link must be"):
        filled({"x": link}, html=[Hole("x", "link")])


def test_a_hole_without_a_value_is_an_error_and_not_an_empty_string():
    with pytest.raises(KeyError, match="organisation"):
        filled({}, text=[Hole("organisation")])


def test_a_message_knows_the_names_of_its_holes():
    compiled = compile_message(
        subject=[Hole("a")], sender=FROM, text=[Hole("b")], html=[Hole("c", "html"), Hole("b")]
    )

    assert compiled.names == {"a", "b", "c"}


@pytest.mark.parametrize("name", ["To", "subject", "Content-Type", "X Y", "X:Y", "X\r\nY", ""])
def test_a_header_that_is_ours_or_none_is_refused(name):
    with pytest.raises(ValueError, match="is set by the message itself|is not the name"):
        filled(other_headers={name: ["x"]})


@pytest.mark.parametrize("message_id", ["1@example.org", "<1>", "<a b@c>", "<a@b>\r\nX: y", "<@>"])
def test_an_impossible_message_id_is_refused(message_id):
    with pytest.raises(ValueError, match="is not a Message-ID"):
        filled(message_id=message_id)


def test_a_date_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        filled(date=datetime(2026, 12, 1))  # noqa: DTZ001 - the point of the test


def test_it_arrives_as_it_was_filled():
    raw = filled({"x": ".\r\n..\r\n.x"}, text=[".\n", Hole("x"), "\n..\n.\n"])
    with SmtpServer() as server:
        channel = channel_to(server)
        compiled = compile_message(
            subject=["Hello"],
            sender=FROM,
            text=[".\n", Hole("x"), "\n..\n.\n"],
            html=["<p>html</p>\n"],
        )
        sent = compiled.fill({"x": ".\r\n..\r\n.x"}, message_id="<1@example.org>", date=NOW, to=TO)
        channel.send(iter([Outgoing(1, "b@example.org", "jo@example.org", sent)]), Ledger())
        channel.close()

    assert server.accepted[0].raw == raw == wire_form(raw)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("jo@example.org", ("jo@example.org", False)),
        ("jo@bücher.example.org", ("jo@xn--bcher-kva.example.org", False)),
        ("søren@example.org", ("søren@example.org", True)),
        ("søren@bücher.example.org", ("søren@xn--bcher-kva.example.org", True)),
    ],
)
def test_an_envelope_has_an_ascii_domain_and_says_when_it_needs_smtputf8(address, expected):
    assert envelope_address(address) == expected


@pytest.mark.parametrize(
    "address",
    ["", "jo", "@x", "jo@", "a@b@c", "a b@example.org", "a@example.org\r\nX: y", "a@☃.☃☃-"],
)
def test_what_is_not_an_address_is_refused(address):
    with pytest.raises(ValueError, match="is not an address|is not a possible one"):
        envelope_address(address)


def test_an_international_addressee_stands_in_the_header_as_utf_8():
    raw = filled(to=Mailbox("Søren", "søren@bücher.example.org"))

    assert "<søren@xn--bcher-kva.example.org>\r\n".encode() in raw

"""Names from a register are data wherever they stand in a message."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cascade.sending.mail import compiled, html, mail, outgoing, read, text, toolkit

TITLED = toolkit("cold-snap").replace('title: "Cold snap', 'title: "{{ organisation }}: cold snap')
VARIANT = compiled(TITLED)
HEADERS = [name for name, _ in read(outgoing(VARIANT).body).raw_items()]

HOSTILE = [
    "Oak House\r\nBcc: everybody@example.org",
    "Oak House\n.\nMAIL FROM:<x@example.org>",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=?utf-8?b?QmNjOiB4QGV4YW1wbGUub3Jn?=",
    "{{ confirm_link }}",
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "{# comment",
    "z9slotconfirm0zlink9z",
    "--=_boundary--",
    "=0D=0ABcc: x@example.org",
    "]]><!--",
    "javascript:alert(1)",
    "&lt;b&gt; & co",
    "Oak\x00House\x1b[31m",
    "desreveR \u202e‮House",
    "O" * 5000,
]


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: list[tuple[str, ...]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, *(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_comment(self, data: str) -> None:
        self.shape.append(("comment", data))


def _elements(page: str) -> _Elements:
    parser = _Elements()
    parser.feed(page)
    parser.close()
    return parser


SHAPE = _elements(html(mail(VARIANT))).shape


def _slots(name: str) -> dict[str, str]:
    return dict.fromkeys(("organisation", "contact", "role", "place"), name)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_adds_no_header_and_no_element(name: str) -> None:
    message = mail(VARIANT, _slots(name))
    assert [header for header, _ in message.raw_items()] == HEADERS
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    page = _elements(html(message))
    assert page.shape == SHAPE
    assert all(re.match(r"https://|mailto:", link) for link in page.links)


@settings(max_examples=60)
@given(st.text(max_size=80))
def test_any_name_at_all_leaves_the_message_as_it_was(name: str) -> None:
    message = mail(VARIANT, _slots(name))
    assert [header for header, _ in message.raw_items()] == HEADERS
    assert _elements(html(message)).shape == SHAPE


@pytest.mark.parametrize("name", ["{{ 7 * 7 }}", "{% for x in y %}", "<b>Oak</b> & Co", "=41=42"])
def test_a_name_is_shown_as_it_was_written(name: str) -> None:
    message = mail(VARIANT, _slots(name))
    assert f"For: {name}" in text(message)
    assert name in message["Subject"]


def test_a_name_from_a_register_is_never_where_a_link_leads() -> None:
    said = (
        toolkit("news") + "\n[Us]({{ organisation }}) and [him](https://example.org/{{ place }})\n"
    )
    page = html(mail(compiled(said), _slots("javascript:alert(1)")))
    assert not [link for link in _elements(page).links if link.startswith("javascript")]


def test_a_front_matter_line_cannot_bring_html_or_template_code() -> None:
    said = toolkit("news").replace(
        "lead: Westshire Integrated Care Board",
        'lead: "{{ 7 * 7 }} {% raw %} <script>alert(1)</script> & Co"',
    )
    page = html(mail(compiled(said)))
    assert "<script" not in page
    assert "49" not in page.split("Lead organisation:")[1].split("</p>")[0]


def test_a_message_is_lines_that_every_server_takes() -> None:
    body = outgoing(VARIANT, _slots("Ö" * 400 + "\n.\n")).body
    assert body.endswith(b"\r\n")
    assert body.isascii()
    lines = body.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(line.startswith(b".") for line in lines)
    assert b"\n" not in b"".join(lines)

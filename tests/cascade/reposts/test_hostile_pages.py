"""Pages made to keep the link checker busy: all are read in time that grows with their length."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.reposts.decoding import decoded
from cascade.reposts.markup import read
from cascade.reposts.recognising import Words, see

LENGTH = 400_000
LONGEST = 5.0
"""Seconds on a busy machine; what grows with the square takes a minute."""
WANTED = (Words(("Keep one room at eighteen degrees or warmer",), ("Look in on people near you",)),)
PIECES = {
    "blocks in blocks": "<div>",
    "paragraphs": "<p>",
    "bold in bold": "<b>",
    "formatting across blocks": "<b><p></b>",
    "formatting in formatting": "<b><i>",
    "links in bold in links": "<a><b>",
    "links that are closed late": "<a></b><b></a>",
    "tables in tables": "<table><tr><td>",
    "text in tables": "<table>x",
    "lists": "<ul><li>",
    "pictures in code": "<svg>",
    "formulas": "<math><mi>",
    "templates": "<template>",
    "templates and their ends": "<template></template>",
    "choices": "<select><option>",
    "scripts": "<script>",
    "ends of scripts": "</script>",
    "ends of something else in a script": "</style>",
    "comments without end": "<!--",
    "comments with half an end": "<!-- --",
    "comments with dashes": "<!-->--",
    "declarations": "<!",
    "data": "<![CDATA[",
    "data with an end": "<![CDATA[]]>",
    "instructions": "<?",
    "tags without end": "<a ",
    "links without end": '<a href="',
    "links with the other end": "<a href='\">",
    "attributes": "a ",
    "attributes with values": "a=b ",
    "attributes of nothing": "= ",
    "slashes": "<a/",
    "ends of tags": "</",
    "less": "<",
    "more": ">",
    "spaces": " ",
    "links": '<a href="https://example.org/a?b#c">',
    "entities": "&amp;",
    "halves of entities": "&amp",
    "ands": "&",
    "numbers without end": "9",
    "numbers": "&#9",
    "words": "a b c d e ",
    "signs without spaces": "寒波",
    "marks above and below by turns": "\u0301\u0323",
    "signs that stand for sentences": "\ufdfa",
    "addresses": "https://",
    "addresses with questions": "https://example.org/?#",
    "quotes": "\"'",
}
BEFORE = ("", "<a ", '<a href="', "<script>", "<title>", "<!--", "<svg>", "&#", "&#x", "https://")


def spent(page: str, *, is_html: bool = True) -> float:
    began = time.process_time()
    see(page, WANTED, ("https://cascade.example.org/library/a",), is_html=is_html)
    return time.process_time() - began


@pytest.mark.parametrize("name", PIECES)
def test_a_hostile_page_is_read_in_little_time(name: str) -> None:
    piece = PIECES[name]
    page = piece * (LENGTH // len(piece.encode()))
    assert spent(page) < LONGEST
    assert spent(page, is_html=False) < LONGEST


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("piece", ["9", "a ", "<", "</", "&", '"', " ", "=", "</style", "--", "é"])
def test_what_is_opened_once_and_never_closed_is_read_in_little_time(
    before: str, piece: str
) -> None:
    assert spent(before + piece * (200_000 // len(piece))) < LONGEST / 5


def test_formatting_that_is_never_closed_is_not_repeated_in_every_paragraph() -> None:
    marks = "".join(f"<b a={number}>" for number in range(5_000))
    assert spent(f"<p>{marks}</p>" + "<p>x</p>" * 20_000) < LONGEST


@given(st.lists(st.sampled_from([*PIECES.values(), *BEFORE, "x", "</p>", "'", "-->"]), max_size=30))
def test_any_mixture_is_read(pieces: list[str]) -> None:
    page = "".join(pieces)
    found = read(page)
    assert len(found.text) <= 6 * len(page) + 1
    assert spent(page) < LONGEST


@pytest.mark.parametrize(
    "charset",
    ["punycode", "idna", "utf-7", "unicode_escape", "rot13", "zlib", "undefined"],
)
def test_only_charsets_of_web_pages_are_taken(charset: str) -> None:
    content = b"a" * (LENGTH // 2) + b"-" + b"9a" * (LENGTH // 5)
    began = time.process_time()
    assert decoded(content, "", charset, LENGTH) == content.decode()
    said = f'<meta charset="{charset}">'.encode() + content
    assert decoded(said, "", None, LENGTH) == said.decode()[:LENGTH]
    assert time.process_time() - began < LONGEST


@pytest.mark.parametrize(
    "charset",
    [
        *(
            "utf-8",
            "UTF8",
            "utf-16",
            "utf-16le",
            "utf-16be",
            "ascii",
            "ISO-8859-1",
            "latin1",
            "iso-8859-15",
        ),
        *("windows-1252", "cp1251", "tis-620", "ibm866", "koi8-r", "koi8-u", "macintosh"),
        *("gbk", "gb2312", "gb18030", "big5", "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr"),
    ],
)
def test_charsets_of_web_pages_are_known_and_read_in_little_time(charset: str) -> None:
    assert decoded("Keep warm".encode(charset), "", charset, LENGTH) == "Keep warm"
    began = time.process_time()
    for piece in (b"\x80", b"\xff\xfe", b"9a", b"\x1b$B", b"\x1b(", b"\x81\x30"):
        decoded(piece * (LENGTH // len(piece)), "", charset, LENGTH)
    assert time.process_time() - began < LONGEST


@pytest.mark.parametrize("charset", ["\0", "é", "", "x" * 100_000, "../utf-8", "encodings.idna"])
def test_a_charset_that_is_none_is_taken_for_utf_8(charset: str) -> None:
    assert decoded("é".encode(), "", charset, LENGTH) == "é"

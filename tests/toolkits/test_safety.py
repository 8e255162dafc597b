"""Whatever is written, the HTML holds nothing that runs or loads, but safe links and pictures."""

import re
from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st

from toolkits import html, inline, parse, sanitise, section
from toolkits.sanitising import ATTRIBUTES, TAGS

FRAGMENTS = st.sampled_from(
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
        "<a href='javascript:alert(1)'>", "[x](javascript:alert(1))", "[x](JaVa\tScript:alert(1))",
        "[x](&#106;avascript:alert(1))", "![x](data:image/svg+xml;base64,AA)", "<style>*{}</style>",
        "![x](//example.org/a.png)", "[x](//example.org)", "<iframe src=//example.org>",
        "<math><mtext></table><mglyph><style><!--</style><img title='--&gt;<img src=1 onerror=a>'>",
        "[x](https://example.org/\"onmouseover=\"alert(1))", "[x]: javascript:alert(1)", "[x]",
        "{: onclick=alert(1)}", "<https://example.org/<script>>", "<javascript:alert(1)>",
        "[x](vbscript:a)", "[x](<java\nscript:a>)", "[x](https://example.org 'a\" onclick=b')",
        "<base href=//example.org>", "<form action=//example.org>", "<meta http-equiv=refresh>",
        "<sub><script>x</script></sub>", "<br onclick=a>",
        "<!--[if IE]><script>a</script><![endif]-->",
        "```\n<script>\n```", "`<b onclick=a>`", "{{ organisation }}", "[x]({{ organisation }})",
        "![x]({{ share_link }})", "\x02wzxhzdk:0\x03", "\x02klzzwxh:0000\x03", "&lt;script&gt;",
        "| a | b |\n|---|---|\n| <b> | [x](javascript:a) |", "> ", "- ", "# ", "***", "\n\n", "\n",
        "<p style=position:fixed>", "<div id=a class=b>", "<a name=x>", "<plaintext>", "<textarea>",
        "<noscript><p title='</noscript><img src=x onerror=a>'>", "<template>", "<xmp>", "&#0;",
    ]
)  # fmt: skip
SOUP = st.lists(st.one_of(FRAGMENTS, st.text(max_size=8)), max_size=12).map("".join)
LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>\"'`]+|z9slot[a-z0]+0zlink9z", re.IGNORECASE)
PICTURE = re.compile(r"https://[^\s<>\"'`]+", re.IGNORECASE)


class Inspector(HTMLParser):
    """Fails at the first element, attribute or address that is not allowed."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            if (tag, name) == ("a", "rel"):
                assert value == "noopener noreferrer"
                continue
            assert name in ATTRIBUTES.get(tag, ())
            if name == "href":
                assert LINK.fullmatch(value or "")
            if name == "src":
                assert PICTURE.fullmatch(value or "")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def inspect(page: str) -> None:
    inspector = Inspector()
    inspector.feed(page)
    inspector.close()
    assert sanitise(page) == page, "the sanitiser has nothing left to do"


@given(SOUP)
@example("[x](javascript:alert(1))")
@example("<a href='https://example.org' onclick='a'>x</a>")
def test_no_toolkit_gets_anything_unsafe_into_a_message(soup: str) -> None:
    inspect(html(parse(soup), ()))


@given(SOUP)
def test_no_channel_section_holds_anything_unsafe(soup: str) -> None:
    inspect(section(parse(f"::: newsletter\n{soup}\n:::"), (), "newsletter"))


@given(SOUP)
def test_no_single_line_holds_anything_unsafe(soup: str) -> None:
    page = inline(soup)
    inspect(page)
    assert not re.search(r"<(?:p|div|img|h[1-6]|ul|ol|table|blockquote|pre)\b", page)


@given(SOUP)
def test_the_sanitiser_alone_holds_against_raw_html(soup: str) -> None:
    inspect(sanitise(soup))

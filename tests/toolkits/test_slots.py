"""Slots become marks that survive everything, and are found again where they stand."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from premailer import Premailer

from tests.toolkits.writing import codes, lines_of, toolkit
from toolkits import (
    KNOWN_SLOTS,
    Slot,
    fill,
    html,
    html_value,
    mark,
    parse,
    sanitise,
    split,
    split_html,
    text,
    text_value,
)

NAMES = st.text("abyz019_", max_size=39).map(lambda rest: f"n{rest}")


@given(st.lists(st.one_of(NAMES.map(lambda name: Slot(name, "text")), st.sampled_from("aZ9 <"))))
def test_marks_are_split_again_whatever_stands_between(pieces):
    marked = "".join(mark(each.name) if isinstance(each, Slot) else each for each in pieces)
    assert [each for each in split(marked) if isinstance(each, Slot)] == [
        each for each in pieces if isinstance(each, Slot)
    ]


@given(NAMES)
def test_a_mark_is_letters_and_digits_only(name):
    assert mark(name).isascii()
    assert mark(name).isalnum()


def test_a_mark_survives_sanitiser_and_css_inliner():
    page = f'<p>{mark("organisation")}</p><a href="{mark("confirm_link")}">x</a>'
    inlined = Premailer(
        sanitise(page), allow_network=False, disable_validation=True, cache_css_parsing=False
    ).transform()
    slots = [each for each in split_html(inlined) if isinstance(each, Slot)]
    assert slots == [Slot("organisation", "html"), Slot("confirm_link", "link")]


@pytest.mark.parametrize("name", ["", "A", "1a", "a-b", "a" * 41, "é"])
def test_what_is_not_a_name_has_no_mark(name):
    with pytest.raises(ValueError, match="is not a slot name"):
        mark(name)


@pytest.mark.parametrize(
    ("page", "place"),
    [
        ("<p>{}</p>", "html"),
        ("{}", "html"),
        ('<a href="{}">x</a>', "link"),
        ("<a href='{}'>x</a>", "link"),
        ('<a title="a > b" href="{}">x</a>', "link"),
        ('<a href="https://example.org/?q={}">x</a>', "attribute"),
        ('<a href="{}/more">x</a>', "attribute"),
        ('<img alt="{}" src="https://example.org/a.png">', "html"),
        ("<style>a > b {{ }}</style><p>it's {}</p>", "html"),
        ("<!-- don't --><p>{}</p>", "html"),
        ('<!--[if mso]><a href="{}">x</a><![endif]-->', "link"),
        ("<p>1 < 2, {}</p>", "html"),
    ],
)
def test_a_slot_knows_where_it_stands(page, place):
    pieces = split_html(page.format(mark("share_link")))
    assert [each for each in pieces if isinstance(each, Slot)] == [Slot("share_link", place)]
    assert "".join(mark(p.name) if isinstance(p, Slot) else p for p in pieces) == page.format(
        mark("share_link")
    )


@given(st.text())
def test_no_value_can_leave_its_place(value: str) -> None:
    page = f'<p title="{mark("role")}">{mark("role")}</p>'
    filled = fill(page, {"role": value})
    assert filled.count("<") == filled.count(">") == 2
    assert filled.count('"') == 2
    assert unescape(html_value(value, "html")) == value


def test_a_link_value_that_is_not_safe_becomes_nothing():
    page = f'<a href="{mark("share_link")}">x</a>'
    assert fill(page, {"share_link": "javascript:alert(1)"}) == '<a href="#">x</a>'
    assert fill(page, {"share_link": "https://example.org/?a&b"}) == (
        '<a href="https://example.org/?a&amp;b">x</a>'
    )


def test_a_value_in_plain_text_stays_on_its_line():
    assert fill(mark("role"), {"role": "a\r\nb <c"}, text_value) == "a b <c"


def test_a_missing_value_is_an_error():
    with pytest.raises(KeyError, match="role"):
        fill(mark("role"), {})


def test_slots_are_filled_in_text_links_and_attributes():
    page = html(
        parse(
            "Dear {{ contact }}, [confirm]({{ confirm_link }}) or "
            "[search](https://example.org/?q={{Organisation}})."
        ),
        (),
    )
    assert [(each.name, each.place) for each in split_html(page) if isinstance(each, Slot)] == [
        ("contact", "html"),
        ("confirm_link", "link"),
        ("organisation", "attribute"),
    ]


def test_a_link_slot_in_text_becomes_a_link():
    page = html(parse("Go to {{ confirm_link }} now."), ())
    places = [each.place for each in split_html(page) if isinstance(each, Slot)]
    assert places == ["link", "html"]
    assert text(parse("Go to {{ confirm_link }} now."), ()) == (
        f"Go to {mark('confirm_link')} now."
    )


def test_slots_in_code_are_literal():
    document = toolkit("`{{ anything }}` and\n\n```\n{{ else }}\n```\n")
    assert split_html(html(document, ())) == (html(document, ()),)
    assert "{{ anything }}" in html(document, ())
    assert not codes(document)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{{ organization }}", "unknown-slot"),
        ("[a]({{ nothing_link }})", "unknown-slot"),
        ("{{ }}", "slot-malformed"),
        ("{{ two words }}", "slot-malformed"),
        ("a {{ b", "slot-malformed"),
        ("[The page]({{ organisation }})", "slot-in-link"),
        ("[The page]({{ share_link }}?a=b)", "slot-in-link"),
    ],
)
def test_a_wrong_slot_is_reported_at_its_line(body, code):
    assert lines_of(toolkit("Text.\n\n" + body), code) == [9]


def test_declared_slots_are_known_and_must_have_a_value():
    document = toolkit("At {{ clinic }}.", front="slots:\n  clinic: The Hub\n")
    assert not codes(document)
    empty = toolkit("At {{ clinic }}.", front="slots:\n  - clinic\n")
    assert codes(empty) == {"slot-empty"}


def test_slots_in_the_title_are_checked():
    assert lines_of(parse("---\ntitle: For {{ organisaton }}\n---\nText"), "unknown-slot") == [2]


def test_what_looks_like_a_mark_is_defused_and_reported():
    document = toolkit(f"A {mark('organisation')} here.")
    assert split(text(document, ())) == (text(document, ()),)
    assert "reserved-text" in codes(document)


def test_every_known_slot_has_a_meaning_and_a_mark():
    assert all(KNOWN_SLOTS.values())
    assert {split(mark(name)) for name in KNOWN_SLOTS} == {
        (Slot(name, "text"),) for name in KNOWN_SLOTS
    }

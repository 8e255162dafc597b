"""Text messages, posts and slides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.toolkits.writing import toolkit
from toolkits import direction, mark, parse, section, slides, sms, sms_size, social
from toolkits.formats.social import graphemes, length, networks


@pytest.mark.parametrize(
    ("text", "encoding", "characters", "parts"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("a" * 918, "GSM-7", 918, 6),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("a" * 152 + "€" + "a" * 153, "GSM-7", 307, 3),
        ("ł" * 70, "UCS-2", 70, 1),
        ("ł" * 71, "UCS-2", 71, 2),
        ("ł" * 134, "UCS-2", 134, 2),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 67, "UCS-2", 134, 3),
        ("ê", "UCS-2", 1, 1),
        ("é", "GSM-7", 1, 1),
    ],
)
def test_a_text_message_is_counted_as_the_networks_do(text, encoding, characters, parts):
    size = sms_size(text)
    assert (size.encoding, size.characters, size.parts) == (encoding, characters, parts)


@given(st.text(max_size=400))
def test_parts_hold_every_character(text):
    size = sms_size(text)
    single, many = (160, 153) if size.encoding == "GSM-7" else (70, 67)
    assert size.characters <= (single if size.parts == 1 else size.parts * many)


def test_the_sms_section_is_used_with_the_cheapest_signs():
    document = toolkit("Text\n\n::: sms\nDon’t miss it – book:\nhttps://example.org…\n:::\n")
    assert sms(document, ()) == "Don't miss it - book:\nhttps://example.org..."


def test_without_a_section_a_text_message_is_title_and_key_message():
    expected = "Flu jabs for staff: Free flu jabs are open to all care home staff."
    assert sms(toolkit("Text"), ()) == expected


def test_an_sms_section_may_be_for_one_segment():
    document = toolkit("::: sms for pharmacies\nFor you\n:::\n")
    assert sms(document, ["pharmacies"]) == "For you"
    assert sms(document, ["universities"]).startswith("Flu jabs")


@pytest.mark.parametrize(
    ("text", "network", "expected"),
    [
        ("a" * 280, "x", 280),
        ("Go https://example.org/" + "a" * 100, "x", 26),
        ("日本", "x", 4),
        ("👩🏽‍⚕️", "x", 2),
        ("👩🏽‍⚕️ 🇬🇧", "bluesky", 3),
        ("e\u0301", "bluesky", 1),
        ("Go https://example.org/a", "bluesky", 24),
        ("Go https://example.org/" + "a" * 100, "mastodon", 26),
        (mark("share_link"), "x", 23),
        (mark("place"), "x", len("Westbury")),
    ],
)
def test_a_post_is_counted_as_its_network_does(text, network, expected):
    (counted,) = (length(text, each) for each in networks() if each.key == network)
    assert counted == expected


@given(st.text(max_size=100))
def test_graphemes_are_the_text(text):
    assert "".join(graphemes(text)) == text


def test_posts_are_made_of_the_toolkit_when_nothing_is_written():
    post = social(toolkit("Text"), ())[0]
    assert post.text == (
        "Flu jabs for staff\nFree flu jabs are open to all care home staff.\n" + mark("share_link")
    )
    assert post.fits


def test_a_network_may_have_a_text_of_its_own():
    document = toolkit("::: social\nFor all #FluJab\n\n### X\n#Short\n:::\n")
    posts = {post.network: post.text for post in social(document, ())}
    assert posts["x"] == "#Short"
    assert posts["facebook"] == "For all #FluJab"


def test_slides_are_made_of_the_toolkit_when_none_are_written():
    document = toolkit("## Why\n\nFlu spreads fast. It kills.\n\n## Where\n\n- Here\n- There\n")
    made = slides(document, ())
    assert [slide.title for slide in made] == [
        "Flu jabs for staff",
        "Key messages",
        "What we ask of you",
        "Why",
        "Where",
    ]
    assert made[3].bullets == ("Flu spreads fast.",)
    assert made[3].notes == "Flu spreads fast. It kills."
    assert made[4].bullets == ("Here", "There")


def test_written_slides_go_first_and_five_are_enough():
    document = toolkit(
        "Text\n\n::: slides\n"
        + "".join(f"## S{n}\n\n- p{n}\n\nSay {n}.\n\n" for n in range(7))
        + ":::\n"
    )
    made = slides(document, ())
    assert [slide.title for slide in made] == ["S0", "S1", "S2", "S3", "S4"]
    assert (made[1].bullets, made[1].notes) == (("p1",), "Say 1.")


def test_copy_for_a_channel_is_html():
    document = toolkit("Text\n\n::: poster\n**Big**\n:::\n")
    assert section(document, (), "poster") == "<p><strong>Big</strong></p>"
    assert section(document, (), "faq") == ""


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "ltr"),
        ("ur", "rtl"),
        ("ar-EG", "rtl"),
        ("pa", "ltr"),
        ("pa-Arab", "rtl"),
        ("ur-Latn", "ltr"),
        ("he", "rtl"),
        ("ckb", "rtl"),
        ("xq", "ltr"),
        ("", "ltr"),
    ],
)
def test_the_script_gives_the_direction(language, expected):
    assert direction(language) == expected


def test_a_toolkit_of_another_language_knows_its_own():
    assert parse("---\ntitle: A\nlanguage: ur\n---\nB").meta.language == "ur"

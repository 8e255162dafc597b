"""Fences cut a toolkit into sections; who sees which."""

import pytest

from toolkits import parse, select


def body(text: str, *segments: str, channel: str | None = None) -> str:
    sections = select(parse(text), segments, channel)
    return " ".join(section.markdown.strip() for section in sections)


MIXED = """For all.

::: for care-homes, gp-practices
Some.
:::
::: not for universities
Most.
:::
::: newsletter
News.
:::
::: newsletter for voluntary-sector
Volunteers.
:::
End.
"""


@pytest.mark.parametrize(
    ("segments", "seen"),
    [
        ((), "For all. Most. End."),
        (("care-homes",), "For all. Some. Most. End."),
        (("universities",), "For all. End."),
        (("universities", "care-homes"), "For all. Some. Most. End."),
        (("gp-practices", "care-homes"), "For all. Some. Most. End."),
        (("pharmacies",), "For all. Most. End."),
    ],
)
def test_everybody_sees_the_union_of_what_is_for_their_segments(segments, seen):
    assert body(MIXED, *segments) == seen


def test_a_channel_has_its_own_sections():
    assert body(MIXED, "pharmacies", channel="newsletter") == "News."
    assert body(MIXED, "voluntary-sector", channel="newsletter") == "News. Volunteers."


def test_a_fence_may_include_and_exclude():
    text = "::: for a, b not for c\nX\n:::"
    assert body(text, "a") == "X"
    assert body(text, "c") == ""


def test_a_section_knows_the_line_of_its_text():
    lines = [section.line for section in parse(MIXED).sections]
    assert lines == [1, 4, 7, 10, 13, 15]


def test_fences_in_code_and_comments_are_text_or_nothing():
    document = parse("```\n::: for a\n```\n<!--\n::: for b\n-->\nEnd")
    assert not document.problems
    (section,) = document.sections
    assert "::: for a" in section.markdown
    assert "for b" not in section.markdown


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("a\n::: for x\nb", 2, "fence-unclosed"),
        ("a\n:::\nb", 2, "fence-unopened"),
        ("::: for x\na\n::: for y\nb\n:::", 3, "fence-nested"),
        ("::: for x\n\n:::", 1, "fence-empty"),
        ("::: nwesletter\na\n:::", 1, "fence-unknown"),
        ("::: newsletter of x\na\n:::", 1, "fence-unknown"),
        ("::: for\na\n:::", 1, "fence-no-segments"),
        ("::: not for\na\n:::", 1, "fence-no-segments"),
        ("::: for Care_Homes!\na\n:::", 1, "fence-no-segments"),
        ("a\n```\nb", 2, "code-unclosed"),
        ("a\nb <!-- c", 2, "comment-unclosed"),
    ],
)
def test_a_wrong_fence_is_reported_with_its_line(text, line, code):
    found = [(problem.line, problem.code) for problem in parse(text).problems]
    assert found == [(line, code)]


@pytest.mark.parametrize(
    "fence", ["::: nwesletter", "::: for", "::: not for", "::: !!", "::: newsletter of x"]
)
def test_what_is_not_understood_is_seen_by_nobody(fence):
    text = f"{fence}\nSecret\n:::\nOpen"
    for channel in (None, "newsletter"):
        assert "Secret" not in body(text, "care-homes", channel=channel)
    assert body(text) == "Open"


def test_windows_line_ends_and_a_byte_order_mark_change_nothing():
    plain = parse(MIXED)
    assert parse("\ufeff" + MIXED.replace("\n", "\r\n")).sections == plain.sections


def test_hidden_characters_are_removed_and_reported():
    document = parse("a\nb\u202ec\ue000\x00\x02d")
    assert document.sections[0].markdown == "a\nbcd"
    assert [(each.line, each.code) for each in document.problems] == [(2, "control-character")]


def test_a_text_over_the_limit_is_a_problem_and_nothing_else():
    document = parse("a" * 2_000_001)
    assert [problem.code for problem in document.problems] == ["too-large"]
    assert document.sections == ()


def test_a_comment_is_never_shown():
    document = parse("Before <!-- not\nthis --> after")
    assert document.sections[0].markdown == "Before \n after"

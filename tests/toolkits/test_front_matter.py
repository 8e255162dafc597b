"""Front matter: what people write is understood, and what is wrong has its line."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from toolkits import check, parse
from toolkits.frontmatter import LONGEST


def front(lines: str) -> str:
    return f"---\n{lines}\n---\nText\n"


def test_every_key_is_read():
    meta = parse(
        front(
            "title: Flu jab: protect your residents and staff\n"
            "campaign: Winter 2026\n"
            "lead: West County ICB\n"
            "spokesperson: Clinical lead for urgent care\n"
            "key_messages:\n"
            "  - Free flu jabs are open: to all care home staff.\n"
            "  - **Book** at {{ organisation }}\n"
            "expires: 2027-03-31\n"
            "language: cy\n"
            "action: Book by Friday.\n"
            "contact: Reply to this email.\n"
            "summary: >\n  Two\n  lines\n"
            "segments: [care-homes, pharmacies]\n"
            "toolkit: Flu Jab\n"
            "slots:\n  clinic: The Hub, Westbury"
        )
    ).meta
    assert meta.title == "Flu jab: protect your residents and staff"
    assert (meta.campaign, meta.lead) == ("Winter 2026", "West County ICB")
    assert meta.spokesperson == "Clinical lead for urgent care"
    assert meta.key_messages == (
        "Free flu jabs are open: to all care home staff.",
        "**Book** at {{ organisation }}",
    )
    assert meta.expires == date(2027, 3, 31)
    assert (meta.language, meta.toolkit) == ("cy", "flu-jab")
    assert (meta.action, meta.contact) == ("Book by Friday.", "Reply to this email.")
    assert meta.summary == "Two lines"
    assert meta.segments == ("care-homes", "pharmacies")
    assert dict(meta.slots) == {"clinic": "The Hub, Westbury"}


@pytest.mark.parametrize(
    "written",
    [
        "Flu jab: protect your residents",
        "{{ organisation }}: what to do",
        "[The page](https://example.org) for you",
        "*Free* jabs",
        "@everyone",
        "50% of staff: not yet",
        "Room #3 is open",
        "no",
        "2026",
        "1.10",
        'She said "go": so we went',
        "Ends with a colon:",
    ],
)
@pytest.mark.parametrize("shape", ["title: {}", "key_messages:\n  - {}", "slots:\n  clinic: {}"])
def test_a_sentence_needs_no_quotes(shape, written):
    document = parse(front(shape.format(written)))
    meta = document.meta
    assert [meta.title, *meta.key_messages, *meta.slots.values()] == (
        [written] if shape.startswith("title") else ["", written]
    )
    assert not document.problems


NOTHING = ("null", "Null", "NULL")
"""How YAML says that there is no value."""


@example("NULL")
@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_any_title_in_one_word_is_kept_or_reported(word):
    document = parse(front(f"title: {word}"))
    assert (
        document.meta.title == word
        or document.problems
        or word[0] in "#'\"[{|>-?&!%,]}~"
        or word in NOTHING
    )


@pytest.mark.parametrize(
    ("lines", "line", "code"),
    [
        ("title: A\ntitel: B", 3, "unknown-key"),
        ("title: A\ntitle: B", 3, "duplicate-key"),
        ("title:\n  - A", 2, "wrong-type"),
        ("title: A\nkey_messages:\n  a: b", 3, "wrong-type"),
        ("title: A\nkey_messages:\n  - - a", 3, "wrong-type"),
        ("title: A\nexpires: 31 March", 3, "bad-date"),
        ("title: A\nreview: soon", 3, "bad-date"),
        ("title: A\npublic: perhaps", 3, "not-yes-or-no"),
        ("title: A\nheading: gossip", 3, "heading-unknown"),
        ("title: A\nlanguage: xq", 3, "language-unknown"),
        ("title: A\nslots:\n  - My clinic", 4, "bad-slot-name"),
        ("title: A\nx: [\ny: ]]", 4, "front-matter-invalid"),
        ("just words", 2, "front-matter-invalid"),
        ("title: A\nlead: &a [x]\nsummary: [*a, *a]", 4, "front-matter-alias"),
        ("a:\n  " + "[\n  " * 50 + "]" * 50, 8, "front-matter-invalid"),
        ("a: " + "x" * (LONGEST + 1), 1, "front-matter-too-large"),
    ],
)
def test_what_is_wrong_has_its_line(lines, line, code):
    found = [(problem.line, problem.code) for problem in parse(front(lines)).problems]
    assert (line, code) in found


YAML = st.lists(
    st.sampled_from(
        [
            *(
                "title",
                "key_messages",
                "slots",
                "expires",
                "segments",
                ":",
                ": ",
                " ",
                "\n",
                "\n  ",
            ),
            *(
                "- ",
                "? ",
                "[",
                "]",
                "{",
                "}",
                ",",
                "&a ",
                "*a",
                "!!map",
                "!x ",
                "|",
                ">",
                "|-\n  a",
            ),
            *(
                "'",
                '"',
                "#",
                " #",
                "%",
                "@",
                "`",
                "---",
                "...",
                "~",
                "null",
                "<<: ",
                "\t",
                "é",
                "\\",
            ),
        ]
    ),
    max_size=20,
).map("".join)


@given(YAML)
@example("? [a]\n: b")
@example("{a: b}: c")
def test_any_front_matter_gives_a_document(lines: str) -> None:
    document = parse(front(lines))
    assert isinstance(document.meta.title, str)
    last = document.text.count("\n") + 1
    assert all(1 <= problem.line <= last for problem in check(document))


def test_front_matter_that_never_ends_is_reported_and_read_as_text():
    document = parse("---\ntitle: A\nText\n")
    assert [problem.code for problem in document.problems] == ["front-matter-unclosed"]
    assert "Text" in document.sections[0].markdown


def test_an_unknown_key_suggests_the_nearest():
    (problem,) = parse(front("title: A\ncampain: B")).problems
    assert 'Did you mean "campaign"?' in problem.message


def test_an_expired_toolkit_is_reported_when_today_is_given():
    document = parse(front("title: A\nexpires: 2026-01-01"))
    assert "expired" in {each.code for each in check(document, today=date(2026, 1, 2))}
    assert "expired" not in {each.code for each in check(document, today=date(2026, 1, 1))}
    assert "expired" not in {each.code for each in check(document)}


def test_yaml_objects_are_only_text():
    document = parse(front("title: !!python/object/apply:os.system [ls]"))
    assert document.meta.title in ("", "!!python/object/apply:os.system [ls]")


def test_a_toolkit_that_is_to_be_looked_at_again_says_so_when_the_day_is_over():
    document = parse(front("title: A\nreview: 2026-01-01"))
    assert "review-due" in {each.code for each in check(document, today=date(2026, 1, 2))}
    assert "review-due" not in {each.code for each in check(document, today=date(2026, 1, 1))}


@pytest.mark.parametrize(
    ("written", "is_public"), [("", True), ("Yes", True), ("no", False), ("perhaps", False)]
)
def test_it_is_public_unless_it_says_no(written, is_public):
    assert parse(front(f"title: A\npublic: {written}")).meta.public is is_public


def test_topics_bulletins_and_heading_are_read():
    meta = parse(
        front("title: A\ntopics:\n  - Flu\nbulletins: Weekly news\nheading: For action")
    ).meta
    assert (meta.topics, meta.bulletins, meta.heading) == (("Flu",), ("weekly-news",), "for-action")

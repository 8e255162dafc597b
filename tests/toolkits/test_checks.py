"""Every check finds what it is for, at its line, and leaves good writing alone."""

from dataclasses import replace

import pytest

from tests.toolkits.writing import FRONT, codes, lines_of, toolkit
from toolkits import CODES, check, parse
from toolkits.checks.reading import reading_age
from toolkits.problems import SHOWN_PER_CODE

EASY = "You can have a free flu jab at work. It takes five minutes. Ask your manager to book it. "
HARD = (
    "Multidisciplinary organisational considerations necessitate comprehensive prioritisation of "
    "immunisation opportunities notwithstanding operational difficulties and administrative "
    "unavailability across geographically differentiated establishments. "
)


def test_a_good_toolkit_has_no_problems():
    document = toolkit(
        "## What to do\n\nBook at {{ confirm_link }}.\n\n- Free for all staff\n\n"
        "| Day | Place |\n|---|---|\n| Monday | Westbury |\n\n"
        "![A nurse gives a jab](https://example.org/jab.png)\n\n"
        "Read [who can have a flu jab](https://example.org/flu).\n\n"
        "::: sms\nFree flu jabs for staff. Book: https://example.org/flu\n:::\n"
    )
    assert check(document) == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("![](https://example.org/a.png)", "missing-alt"),
        ("![A map](http://example.org/a.png)", "image-not-https"),
        ("![A map](data:image/png;base64,AAAA)", "image-not-https"),
        ("[Click here](https://example.org)", "vague-link"),
        ("[](https://example.org)", "vague-link"),
        ("[The page](javascript:alert(1))", "unsafe-link"),
        ("[The page](data:text/html,x)", "unsafe-link"),
        ("[The page](java&#115;cript:alert)", "unsafe-link"),
        ("[The page](https://example.org/a b)", "unsafe-link"),
        ("[The page](/flu)", "relative-link"),
        ("[The page]()", "relative-link"),
        ("[The page](http://example.org)", "link-http"),
        ("Go to https://example.org/flu now.", "bare-link"),
        ("Go to www.example.org now.", "bare-link"),
        ("# The title again", "heading-one"),
        ("### Too deep", "heading-order"),
        ("| | |\n|---|---|\n| a | b |", "table-no-header"),
        ("<div>Text</div>", "html-not-allowed"),
        ("<script>alert(1)</script>", "html-not-allowed"),
        ('<img src="x" onerror="alert(1)">', "html-not-allowed"),
        ("Please don't come to A&E.", "deterrence"),
        ("Please don’t\ncome to A&E.", "deterrence"),
        ("Please **do not attend** A&E.", "deterrence"),
        ("Stay away from hospital.", "deterrence"),
        ("Inappropriate attendances cost money.", "blame"),
        ("They are time-wasters.", "blame"),
        ("BED BLOCKERS fill the wards.", "blame"),
        ("PLEASE READ THIS NOW everybody", "all-caps"),
        ("word " * 31 + ".", "long-sentence"),
        ("One two three four. " * 31, "long-paragraph"),
        (EASY * 3 + HARD, "reading-age"),
        (HARD * 4, "reading-age-high"),
    ],
)
def test_what_is_wrong_in_the_body_is_found_at_its_line(body, code):
    document = toolkit("First words.\n\n" + body + "\n\nLast words.\n")
    expected = [7] if code.startswith("reading") else [9]
    assert lines_of(document, code) == expected


@pytest.mark.parametrize(
    "body",
    [
        "A&E is for life-threatening emergencies. Otherwise call 111.",
        "Come to A&E if you have chest pain.",
        "The NHS, GPs, ICBs and A&E work together with the UKHSA.",
        "Patients under <18 and 1 < 2.",
        "`<div>` and `{{ code }}`",
        "[Call us](tel:+441632960000) or [write](mailto:team@example.org)",
        "<https://example.org>",
        "## One\n\n### Two\n\n## Three",
        "He said ‘do not come home late’.",
    ],
)
def test_good_writing_is_left_alone(body):
    assert codes(toolkit(body)) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Text", "missing-title"),
        ("Text", "missing-key-messages"),
        ("Text", "missing-action"),
        ("---\ntitle: A\n---\n", "empty-body"),
    ],
)
def test_missing_parts_are_found(text, code):
    assert code in codes(parse(text))


def test_a_heading_that_says_what_to_do_is_a_call_to_action():
    document = parse("---\ntitle: A\n---\n## What you need to do\n\nBook.")
    assert "missing-action" not in codes(document)


def test_deterrence_comes_with_what_to_say_instead():
    (found,) = check(toolkit("Please don't come to A&E."))
    assert "Say instead: " in found.message
    assert "111" in found.message


def test_wording_is_checked_in_key_messages_and_fences_too():
    front = "---\ntitle: A\naction: B\nkey_messages:\n  - Do not attend A&E.\n---\n"
    document = parse(front + "Text\n\n::: newsletter\nTime wasters!\n:::\n")
    assert lines_of(document, "deterrence") == [4]
    assert lines_of(document, "blame") == [10]


def test_wording_and_reading_age_are_for_english_only():
    document = toolkit("Stay away from hospital. " + HARD * 4, front="language: pl\n")
    assert codes(document) <= {"long-sentence"}


def test_unknown_segments_are_found_when_the_known_ones_are_given():
    document = toolkit("::: for care-home\na\n:::\n\nText")
    assert "unknown-segment" not in codes(document)
    (found,) = check(document, segments=["care-homes", "pharmacies"])
    assert (found.line, found.code) == (7, "unknown-segment")
    assert 'Did you mean "care-homes"?' in found.message


def test_words_before_an_election_are_found():
    document = toolkit("Our landmark\nplan is here.")
    (found,) = check(document, phrases=["Landmark plan", "", "record investment"])
    assert (found.line, found.code) == (7, "pre-election")
    assert check(toolkit("Our landmarks."), phrases=["landmark"]) == []


@pytest.mark.parametrize(
    ("length", "code"),
    [(160, None), (161, "sms-long"), (460, "sms-very-long"), (919, "sms-too-long")],
)
def test_long_text_messages_are_found(length, code):
    document = toolkit(f"Text.\n\n::: sms\n{'a' * length}\n:::\n")
    assert codes(document) == ({code} if code else set())


def test_a_long_post_is_found_unless_the_network_has_its_own_text():
    long = "word " * 70
    document = toolkit(f"Text.\n\n::: social\n{long}\n:::\n")
    messages = [each.message for each in check(document)]
    assert [message.split(" by ")[0] for message in messages] == [
        "Too long for Bluesky",
        "Too long for X",
    ]
    short = toolkit(f"Text.\n\n::: social\n{long}\n\n### X\nShort.\n\n### Bluesky\nShort.\n:::\n")
    assert codes(short) == set()


def test_reading_age_follows_the_formula():
    # 60 words, 6 sentences; one syllable each: 0.39 * 10 + 11.8 - 15.59 is a grade of 0.11.
    assert reading_age(["the cat sat on the mat and had a nap. " * 6]) == 5
    assert reading_age(["too few words"]) is None


def test_problems_come_in_the_order_of_lines_and_long_runs_are_cut():
    problems = check(toolkit("[here](https://example.org)\n\n" * 80))
    assert [each.line for each in problems] == sorted(each.line for each in problems)
    assert len(problems) == SHOWN_PER_CODE
    assert "30 more like this" in problems[-1].message


def test_a_problem_says_what_to_do_and_has_a_registered_code():
    document = parse(FRONT.replace("title", "titel") + "{{ x }} <b>a</b> [here](/x)\n::: for")
    for found in check(document):
        assert found.level == CODES[found.code]
        assert len(found.message) > 20


def test_the_checks_do_not_depend_on_the_text_kept():
    document = toolkit("Text")
    assert check(replace(document, text="")) == check(document)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("- The second thing.", True),
        ("3.  The  second thing. ", True),
        ("## “The second thing.”", True),
        ("- The second thing is tea.", False),
        ("lead: The organisation that leads", True),
        ('lead: "The organisation that leads"', True),
        ("lead: The organisation that leads us", False),
        ("", False),
    ],
)
def test_a_line_of_an_example_is_found_however_it_begins(line, found):
    examples = ("  - The second thing.", "lead: The organisation that leads", "")
    said = check(toolkit(f"First.\n\n{line}\n"), examples=examples)
    assert [each.line for each in said if each.code == "placeholder"] == ([9] if found else [])

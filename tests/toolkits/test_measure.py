"""How long a message is and how hard to read, for the line below the editor."""

from toolkits import Length, measure, parse

FRONT = "---\ntitle: A title of five words\n{}---\n"
SHORT = "Keep warm. " * 30


def test_the_words_of_the_message_are_counted_and_no_others() -> None:
    text = FRONT.format("") + "Keep [very warm](https://example.org).\n\n::: sms\nKeep warm\n:::\n"

    assert measure(parse(text)) == Length(3, None)


def test_a_reading_age_is_told_of_english_that_is_long_enough() -> None:
    assert measure(parse(FRONT.format("") + SHORT)) == Length(60, 5)
    assert measure(parse(FRONT.format("language: cy\n") + SHORT)) == Length(60, None)


def test_nothing_has_no_words() -> None:
    assert measure(parse("")) == Length(0, None)

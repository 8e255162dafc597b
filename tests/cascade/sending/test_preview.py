"""Toolkits shown to their writers before there is a cascade."""

import pytest

from cascade.audience.kinds import EXAMPLE_NAMES, FIRST_KINDS
from cascade.errors import BadInput
from cascade.sending.preview import FORMATS, render
from tests.cascade.sending.mail import NOW, toolkit

HOMES = frozenset({"care-homes"})
COLD_SNAP = toolkit("cold-snap")


@pytest.mark.parametrize("as_", [one for one in FORMATS if one != "newsletter"])
@pytest.mark.parametrize("name", ["cold-snap", "flu-jab.ur", "news"])
def test_every_format_is_complete(as_: str, name: str) -> None:
    shown = render(toolkit(name), HOMES, as_, now=NOW)
    assert len(shown) > 50
    assert shown.endswith("\n")
    assert "z9slot" not in shown
    assert "{{" not in shown


@pytest.mark.parametrize(
    ("as_", "words"),
    [
        ("html", "<h2>For care homes</h2>"),
        ("email", "<!DOCTYPE html>"),
        ("email", "Rose Court Care Home"),
        ("text", "CONFIRM BY Sunday 22 November 2026, 9:30am"),
        ("text", "For: Rose Court Care Home"),
        ("sms", "Worried? Call NHS 111."),
        ("sms", "1 SMS, GSM-7)"),
        ("social", "look in on a neighbour."),
        ("slides", "- A warm room is 18 degrees or more, by day and by night."),
    ],
)
def test_a_format_shows_what_its_readers_get(as_: str, words: str) -> None:
    assert words in render(COLD_SNAP, HOMES, as_, now=NOW)


def test_sections_for_others_are_left_out() -> None:
    assert "COLD-1" not in render(COLD_SNAP, HOMES, "text", now=NOW)
    assert "COLD-1" in render(COLD_SNAP, frozenset({"pharmacies"}), "text", now=NOW)


def test_a_file_in_another_language_is_refused() -> None:
    with pytest.raises(BadInput, match="The file is in “en”, not in “ur”"):
        render(COLD_SNAP, HOMES, "text", now=NOW, language="ur")


@pytest.mark.parametrize("as_", FORMATS)
@pytest.mark.parametrize(
    "text", ["", "---\n---\n", "{{ nothing_known }} {{ place }}", "::: for x\n", "\x00<b>{%"]
)
def test_a_broken_toolkit_can_be_looked_at_too(as_: str, text: str) -> None:
    assert "z9slot" not in render(text, HOMES, as_, now=NOW)


def test_newsletter_copy_is_only_what_the_toolkit_has_for_them() -> None:
    text = "---\ntitle: T\n---\nBody\n\n::: newsletter for care-homes\nCopy for {{ place }}.\n:::\n"

    assert render(text, HOMES, "newsletter", now=NOW) == "Copy for Westbury.\n"
    assert render(text, frozenset({"pharmacies"}), "newsletter", now=NOW) == "\n"


@pytest.mark.parametrize(
    ("segments", "organisation"),
    [
        (("care-homes",), "Rose Court Care Home"),
        (("pharmacies",), "Market Street Pharmacy"),
        (("universities", "gp-practices"), "Mill Lane Surgery and University of Westbury"),
        (("hospices", "pharmacies"), "Hospices & carers and Market Street Pharmacy"),
        (("dental-practices",), "Dental practices"),
        ((), "Example organisation"),
    ],
)
def test_examples_are_of_the_segments_that_are_shown(
    segments: tuple[str, ...], organisation: str
) -> None:
    titles = {"hospices": "Hospices & carers"}
    text = "---\ntitle: T\n---\n{{ organisation }}\n\n::: newsletter\n{{ organisation }}\n:::\n"

    for as_ in ("text", "newsletter"):
        shown = render(text, frozenset(segments), as_, now=NOW, titles=titles)
        assert organisation in shown
    assert organisation.replace("&", "&amp;") in render(
        text, frozenset(segments), "email", now=NOW, titles=titles
    )


def test_every_first_kind_has_an_example() -> None:
    assert set(EXAMPLE_NAMES) == set(FIRST_KINDS)


def test_an_email_names_its_segments_as_it_will_when_it_is_sent() -> None:
    titles = {"hospices": "Hospices of the county"}
    shown = render(COLD_SNAP, frozenset(titles), "text", now=NOW, titles=titles)

    assert "on our list of hospices of the county." in shown

"""Texts of bulletins: their items, what stands above these, and headings that go down."""

from hypothesis import given
from hypothesis import strategies as st

import toolkits

ISSUE = """---
title: The round-up
---
Welcome.

::: above flu, heat
## For action
:::
::: above flu
### Flu
:::
::: item flu for care-homes
See [the plan][p].

[p]: https://example.org/flu
:::
::: otherwise flu
Flu in short.
:::
::: above heat
### Heat
:::
::: item heat for gp-practices
See [the plan][p].

[p]: https://example.org/heat
:::
"""


def words(*segments: str, without: tuple[str, ...] = ()) -> list[str]:
    document = toolkits.parse(ISSUE)
    return toolkits.text(document, segments, without).split("\n\n")


def test_everybody_gets_the_items_that_are_for_them_with_what_stands_above() -> None:
    assert words("care-homes") == [
        *("Welcome.", "For action", "Flu", "See the plan (https://example.org/flu)."),
    ]
    assert "See the plan (https://example.org/heat)." in words("gp-practices")


def test_what_stands_for_an_item_is_left_out_where_the_item_is() -> None:
    assert "Flu in short." in words("gp-practices")
    assert "Flu in short." not in words("gp-practices", "care-homes")


def test_an_item_that_somebody_had_is_left_out_with_what_stands_above_it() -> None:
    assert "Flu" not in " ".join(words("gp-practices", without=("flu",)))
    assert "For action" in words("gp-practices", without=("flu",))


LISTED = """---
title: The round-up
---
::: contents flu, heat, home, late
## In this issue

- Flu
- Heat
- At *home*
- Late
:::
::: item flu
Text.
:::
::: item heat for gp-practices
Text.
:::
::: item home
Text.
:::
::: otherwise late
Text.
:::
"""


def test_a_list_of_contents_has_a_line_for_each_item_that_somebody_gets() -> None:
    document = toolkits.parse(LISTED)
    assert toolkits.text(document, ["gp-practices"]).startswith(
        "In this issue\n\n- Flu\n- Heat\n- At home\n- Late\n\nText."
    )
    assert "- Heat" not in toolkits.text(document, ["care-homes"])
    assert "<li>At <em>home</em></li>" in toolkits.html(document, ["care-homes"])


def test_a_list_of_two_is_left_out() -> None:
    document = toolkits.parse(LISTED)
    assert toolkits.text(document, ["care-homes"], ("flu",)) == "Text.\n\nText."


def test_without_any_item_nothing_is_left() -> None:
    assert toolkits.select(toolkits.parse(ISSUE), ["care-homes"], without=["flu"]) == ()


def test_the_items_that_somebody_sees_have_names() -> None:
    document = toolkits.parse(ISSUE)
    assert toolkits.items(document, ["gp-practices"]) == ("flu", "heat")
    assert toolkits.items(document, ["gp-practices"], without=["heat"]) == ("flu",)


def test_a_part_without_an_item_is_a_problem() -> None:
    document = toolkits.parse("---\ntitle: X\n---\n::: item\nText\n:::\n")
    assert [one.code for one in document.problems] == ["fence-unknown"]


def test_a_part_in_another_language_says_so_and_stays_whole() -> None:
    text = "---\ntitle: X\nlanguage: ur\n---\n::: above flu in en\n## For action\n:::\n"
    text += "::: item flu in en for care-homes\nText.\n:::\n::: item heat\nمتن\n:::\n"
    document = toolkits.parse(text)
    made = toolkits.html(document, ["care-homes"])

    assert document.problems == ()
    assert '<div lang="en" dir="ltr">\n<h2>For action</h2>\n</div>' in made
    assert '<div lang="en" dir="ltr">\n<p>Text.</p>\n</div>' in made
    assert made.endswith("\n<p>متن</p>")
    assert toolkits.text(document, ["care-homes"]) == "For action\n\nText.\n\nمتن"
    assert "Text." not in toolkits.html(document, ["gp-practices"])


def test_a_part_in_no_language_is_a_problem() -> None:
    document = toolkits.parse("---\ntitle: X\n---\n::: item flu in qqq-x\nText\n:::\n")
    assert [one.code for one in document.problems] == ["language-unknown"]
    assert "lang=" not in toolkits.html(document, [])


def test_headings_go_down_and_code_stays() -> None:
    text = "# One\n\nTwo\n---\n\n```\n# code\n```\n\n###### Six\n#tag\n\n- a\n---"
    assert toolkits.demote(text, 2) == (
        "### One\n\n#### Two\n\n\n```\n# code\n```\n\n###### Six\n#tag\n\n- a\n---"
    )


@given(st.text("# ab\n-=`~>|\\", max_size=80), st.integers(1, 3))
def test_a_text_without_headings_stays_and_lines_stay_lines(text: str, by: int) -> None:
    demoted = toolkits.demote(text, by)
    assert demoted.count("\n") == text.count("\n")
    if "#" not in text and "-" not in text and "=" not in text:
        assert demoted == text


def test_slots_get_other_names() -> None:
    assert toolkits.renamed("{{ a }} {{A}} {{ b }}", {"a": "i1_a"}) == (
        "{{ i1_a }} {{ i1_a }} {{ b }}"
    )

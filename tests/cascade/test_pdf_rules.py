"""All that we print is PDF/UA: by rules of our own, and by a validator where there is one."""

import pytest

from cascade import printing
from cascade.printing import Given
from cascade.shelf.kit import file
from tests.cascade.pdf_rules import check_pdf
from tests.cascade.shelf.test_kit import TEXT, make
from tests.cascade.test_printing import DRAWING, page

EVERYTHING = f"""{TEXT}
# High

Words with [a link](https://example.org/x) and <b@example.org>.

### Deep

> Quoted.

| Day | Open |
| --- | --- |
| Monday | 9 to 5 |

- one
    - two

#### Deeper

1. three

::: staff
#### First
Text with [the plan](https://example.org/plan).

## Second
Text.
:::
::: poster
# Keep warm
### Now
Words: [now](https://example.org/p).
:::
"""
URDU = EVERYTHING.replace("toolkit: cold-snap", "toolkit: cold-snap\nlanguage: ur").replace(
    "Quoted.", "سب یہ پڑھ سکتے ہیں۔"
)
PRINTED = ("briefing", "large-print", "poster-a4", "screen")


@pytest.mark.parametrize("name", PRINTED)
def test_what_is_printed_follows_the_rules(name: str) -> None:
    assert check_pdf(file(make(EVERYTHING), name, "pdf"))[0] == 1


def test_large_print_in_urdu_goes_down_level_by_level() -> None:
    assert check_pdf(file(make(URDU), "large-print", "pdf")) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "body",
    ["<h1>One</h1><h3>Three</h3>", "<h2>Two</h2>", '<h1>One</h1><img src="given:x">'],
)
def test_the_rules_find_what_breaks_them(body: str) -> None:
    made = printing.pdf(page(body), {"given:x": Given(DRAWING, "image/svg+xml")})
    with pytest.raises(AssertionError):
        check_pdf(made)


@pytest.mark.soak
@pytest.mark.parametrize("text", [EVERYTHING, URDU], ids=["en", "ur"])
@pytest.mark.parametrize("name", [*PRINTED, "poster-a3"])
def test_a_validator_of_others_finds_nothing(name: str, text: str) -> None:
    validator = pytest.importorskip("page", reason="needs page-validation: pip install it")
    report = validator.validate_pdf_bytes(file(make(text), name, "pdf"), profile="ua1")
    assert [f"{one.rule_id} {one.message}" for one in report.failures] == []

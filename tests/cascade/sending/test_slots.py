"""Values of slots: tidied, and never empty."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cascade.sending.slots import FALLBACK, recipient_values, settle_html, settle_text, tidy
from tests.cascade.sending.mail import LINKS
from toolkits import mark


def _values(slots: dict[str, str], *, can_unsubscribe: bool = True) -> dict[str, str]:
    token = LINKS.token("message-id", 31)
    return recipient_values(LINKS, 31, slots, message_token=token, can_unsubscribe=can_unsubscribe)


@pytest.mark.parametrize(
    ("value", "tidied"),
    [
        ("Oak House", "Oak House"),
        ("  Oak \t House\r\nBcc: x ", "Oak House Bcc: x"),
        ("Oak\u202eHouse", "Oak House"),
        ("Oak\x00\x1bHouse", "Oak House"),
        ("\u200f\u202e", ""),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d⚕️ Zoë", "👩\u200d⚕️ Zoë"),
        ("a\ud800b", "a b"),
    ],
)
def test_values_are_one_line_that_reads_in_one_direction(value: str, tidied: str) -> None:
    assert tidy(value) == tidied


@given(st.dictionaries(st.sampled_from(["organisation", "contact", "role"]), st.text()))
def test_no_value_is_ever_empty(slots: dict[str, str]) -> None:
    assert all(_values(slots).values())
    assert _values(slots)["place"] == FALLBACK["place"]


def test_unsubscribing_is_offered_only_where_it_is_possible() -> None:
    assert _values({})["unsubscribe_link"] == LINKS.unsubscribe(31)
    assert _values({}, can_unsubscribe=False)["unsubscribe_link"] == LINKS.confirm(31)


def test_slots_of_the_cascade_are_settled_and_those_of_recipients_stay_marks() -> None:
    marked = f"{mark('tier')} for {mark('organisation')} by {mark('deadline')}, {mark('no_such')}"
    settled = f"urgent & co for {mark('organisation')} by no fixed time, no such"
    assert settle_text(marked, {"tier": "urgent & co"}) == settled
    assert settle_html(marked, {"tier": "urgent & co"}) == settled.replace("&", "&amp;")


def test_an_unsafe_address_of_a_declared_slot_leads_nowhere() -> None:
    marked = f'<a href="{mark("form_link")}">x</a>'
    assert settle_html(marked, {"form_link": "javascript:alert(1)"}) == '<a href="#">x</a>'
    assert settle_html(marked, {"form_link": "https://example.org/a?b&c"}) == (
        '<a href="https://example.org/a?b&amp;c">x</a>'
    )
